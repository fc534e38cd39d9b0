"""`imu-gesture teach`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from imu_gesture.cli.options import json_option, seed_option, workspace_option
from imu_gesture.cli.trained import show_run


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@workspace_option
@click.option(
    "--shots", type=click.IntRange(1), help="The first so many of each gesture.  [default: all]"
)
@click.option(
    "--embedding",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of one.  [default: the workspace's newest, else the one of simulated people]",
)
@click.option(
    "--evaluate/--no-evaluate", default=True, help="Also hold examples out.  [default: evaluate]"
)
@click.option(
    "--accept-bad", is_flag=True, help="Also learn from recordings that `inspect` calls bad."
)
@click.option(
    "--raw", is_flag=True, help="Take readings as they are, also where boards were calibrated."
)
@seed_option("Of the changed copies of each example.")
@json_option
def teach(workspace: Path, as_json: bool, **said: Any) -> None:
    """Teach gestures with a few examples of each, in seconds; all that are recorded, or NAME.

    `imu-gesture record --label wave --repeats 3`, `teach`, `update`: the board knows a new gesture
    without a new sketch. With twenty examples or more, `imu-gesture train` does better.
    """
    from imu_gesture.workflow.teaching import TeachingOptions, teach_workspace
    from imu_gesture.workspace import Workspace

    run = teach_workspace(Workspace(workspace), TeachingOptions(**said))
    show_run(run, as_json, "imu-gesture update, or imu-gesture deploy")
