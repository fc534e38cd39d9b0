"""`imu-gesture import-model`."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from imu_gesture.cli.options import FiniteRange, epoch_bar, json_option, workspace_option
from imu_gesture.cli.trained import show_report


def _numbers(_: click.Context, __: click.Parameter, text: str | None) -> tuple[float, ...] | None:
    """Finite numbers with commas between them, or a usage error."""
    if text is None:
        return None
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is not numbers with commas between them.") from error
    if not all(map(math.isfinite, numbers)):
        raise click.BadParameter(f"{text!r} has numbers that are not finite.")
    return numbers


def _names(_: click.Context, __: click.Parameter, text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(name.strip() for name in text.split(","))


@click.command("import-model")
@click.argument("file", type=click.Path(path_type=Path))
@workspace_option
@click.option(
    "--like", help="The run whose windows, features and labels it shares.  [default: the newest]"
)
@click.option(
    "--labels",
    callback=_names,
    metavar="A,B,...",
    help="Its classes in its own order, where no run has them.",
)
@click.option(
    "--rate",
    "rate_hz",
    type=FiniteRange(min=0, min_open=True),
    help="With --labels: rows per second it sees.  [default: the sensor's, at most 50]",
)
@click.option(
    "--front-end",
    type=click.Choice(["sensor", "gravity", "stroke"]),
    help="With --labels: what it sees of the readings.  [default: sensor]",
)
@click.option(
    "--offset",
    callback=_numbers,
    metavar="A,B,...",
    help="Taken off each channel, in g and deg/s.  [default: the run's; 0 with --labels]",
)
@click.option(
    "--gain",
    callback=_numbers,
    metavar="A,B,...",
    help="What each channel is then multiplied by.  [default: the run's; 1 with --labels]",
)
@click.option(
    "--layout",
    type=click.Choice(["samples-channels", "channels-samples"]),
    help="Order of its input's sides, where its shape does not tell.",
)
@click.option(
    "--accept-bad", is_flag=True, help="Also quantise with recordings that `inspect` calls bad."
)
@click.option(
    "--raw", is_flag=True, help="Take readings as they are, also where boards were calibrated."
)
@json_option
def import_model(file: Path, workspace: Path, as_json: bool, **said: Any) -> None:
    """Make a run of a model from elsewhere: .onnx, .pt2 (torch.export), .keras or int8 .tflite.

    Its layers are checked against what the board computes, it is quantised with your recordings,
    and int8 is compared with float on them. deploy, verify and live then work with the run.
    """
    from imu_gesture.report.import_summary import import_summary
    from imu_gesture.workflow.foreign_prepared import ImportModelOptions
    from imu_gesture.workflow.importing_model import import_from
    from imu_gesture.workspace import Workspace

    options = ImportModelOptions(**said)
    with epoch_bar(as_json, "importing") as progress:
        done = import_from(file, Workspace(workspace), options, progress)
    show_report(done.folder, import_summary(done), done.as_json(), as_json, "imu-gesture deploy")
