"""The report of a training as one self-contained HTML file: no network, no script, it prints."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from imu_gesture import __version__
from imu_gesture.report.page_parts import board_parts, confusion, curve, headlines, of_people
from imu_gesture.workflow.training import TrainingRun

_TEMPLATES = Path(__file__).parent / "templates"


def training_page(run: TrainingRun, arguments: Sequence[str]) -> str:
    """The page; `arguments` are those of the command line that made the run."""
    judged = run.judged
    template = _environment().get_template("training.html")
    return template.render(
        run=run,
        manifest=run.manifest,
        spec=run.dataset.spec,
        version=__version__,
        command=shlex.join(["imu-gesture", *arguments]),
        headlines=headlines(run),
        confusion=confusion(judged.evaluation) if judged.evaluation else None,
        people=of_people(run.dataset, judged.evaluation) if judged.evaluation else (),
        folds=judged.evaluation.folds if judged.evaluation else (),
        streams=judged.continuous.scores if judged.continuous else None,
        tuned=judged.continuous.tuned if judged.continuous else None,
        curve=curve(judged.continuous.tuned) if judged.continuous else None,
        strains=judged.strains,
        board=board_parts(run.report),
    )


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["marked"] = marked
    environment.filters["percent"] = lambda share: f"{100 * share:.1f} %"
    return environment


def marked(text: str) -> Markup:
    """Text in which what stands between backticks is shown as something to type."""
    plain_and_typed = enumerate(text.split("`"))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part)
        for number, part in plain_and_typed
    )
