"""`imu-gesture train`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from imu_gesture.cli.options import (
    FiniteRange,
    epoch_bar,
    json_option,
    seed_option,
    workspace_option,
)
from imu_gesture.cli.trained import show_run


@click.command()
@workspace_option
@click.option(
    "--rate",
    "rate_hz",
    type=FiniteRange(min=0, min_open=True),
    help="Rows per second the model sees.  [default: the sensor's, at most 50]",
)
@click.option(
    "--window",
    "window_s",
    type=FiniteRange(min=0, min_open=True),
    help="Seconds the model sees.  [default: covers 85 of 100 gestures]",
)
@click.option(
    "--front-end",
    type=click.Choice(["sensor", "gravity", "stroke"]),
    default="sensor",
    show_default=True,
    help="What the model sees: readings as they are, in a frame with z up, or integrated.",
)
@click.option(
    "--regime",
    type=click.Choice(["continuous", "triggered"]),
    default="continuous",
    show_default=True,
    help="When the board classifies: all the time, or once after each motion.",
)
@click.option(
    "--architecture", default="default", show_default=True, help="small, default or large."
)
@click.option(
    "--split",
    type=click.Choice(["participant", "session", "block"]),
    help="What to hold out.  [default: people, else sessions, else blocks]",
)
@click.option(
    "--blocks", type=click.IntRange(2), help="Contiguous blocks to hold out in turn.  [default: 5]"
)
@click.option(
    "--evaluate/--no-evaluate",
    default=True,
    help="Also train on parts, and judge by the rest.  [default: evaluate]",
)
@click.option(
    "--budget",
    "budget_per_hour",
    type=FiniteRange(min=0, min_open=True),
    default=0.5,
    show_default=True,
    help="False activations per hour that thresholds may cost.",
)
@click.option(
    "--reject",
    "reject_points",
    type=FiniteRange(min=0, max=50),
    default=0.0,
    show_default=True,
    help="Known gestures of a hundred that may be lost, for rejecting movements that are none.",
)
@click.option(
    "--accept-bad", is_flag=True, help="Also learn from recordings that `inspect` calls bad."
)
@click.option(
    "--raw", is_flag=True, help="Take readings as they are, also where boards were calibrated."
)
@click.option("--epochs", type=click.IntRange(1), help="Passes over the data.")
@click.option("--from-search", metavar="NAME", help="What `imu-gesture search` found best.")
@click.option("--trial", type=click.IntRange(0), help="Of that search, another than the best.")
@seed_option("Of weights, order and augmentation.")
@json_option
def train(
    workspace: Path, as_json: bool, from_search: str | None, trial: int | None, **said: Any
) -> None:
    """Train an int8 model on all recordings; judge it by held-out ones."""
    from imu_gesture.workflow.search.choosing import options_from
    from imu_gesture.workflow.search.searching import search_folder
    from imu_gesture.workflow.training import TrainingOptions, train_workspace
    from imu_gesture.workspace import Workspace

    _check_once_said(from_search, trial)
    place = Workspace(workspace)
    options = TrainingOptions(**said)
    if from_search is not None:
        options = options_from(search_folder(place, from_search), trial, options)
    with epoch_bar(quiet=as_json) as progress:
        run = train_workspace(place, options, progress)
    show_run(run, as_json, "imu-gesture deploy")


def _check_once_said(from_search: str | None, trial: int | None) -> None:
    """What a search has chosen is not said a second time."""
    context = click.get_current_context()
    for name in ("rate_hz", "window_s", "front_end", "architecture", "raw"):
        said = context.get_parameter_source(name) == ParameterSource.COMMANDLINE
        if from_search is not None and said:
            option = f"--{name.removesuffix('_hz').removesuffix('_s').replace('_', '-')}"
            raise click.UsageError(f"--from-search says {option} already; leave one out")
    if trial is not None and from_search is None:
        raise click.UsageError("--trial is one of a search; name it by --from-search")
