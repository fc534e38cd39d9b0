"""`imu-gesture evaluate`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from imu_gesture.cli.options import json_option, workspace_option


@click.command()
@click.argument("recordings", nargs=-1, type=click.Path(path_type=Path))
@workspace_option
@click.option("--run", "run_name", help="Which training run.  [default: the newest]")
@click.option("--accept-bad", is_flag=True, help="Also use recordings that `inspect` calls bad.")
@json_option
def evaluate(
    recordings: tuple[Path, ...],
    workspace: Path,
    run_name: str | None,
    accept_bad: bool,
    as_json: bool,
) -> None:
    """Judge a model by labelled recordings: windows, gestures on whole streams, false activations.

    The decision is made by the board's own code, with the thresholds the board would use. Without
    RECORDINGS: all of the workspace. Says when the model has learned from some of them.
    """
    from imu_gesture.report.streams import evaluation_lines
    from imu_gesture.workflow.evaluating import evaluate_run
    from imu_gesture.workspace import Workspace

    found = evaluate_run(Workspace(workspace), run_name, recordings, accept_bad)
    if as_json:
        click.echo(json.dumps(found.as_json()))
        return
    for line in evaluation_lines(found):
        click.echo(line)
