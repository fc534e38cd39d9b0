"""`imu-gesture live`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from imu_gesture.cli.options import board_options, json_option, workspace_option


@click.command()
@workspace_option
@board_options
@click.option("--run", "run_name", help="Which training run.  [default: the newest]")
@click.option(
    "--host/--no-host",
    default=True,
    help="Also recognise on the host, by the same core and model.  [default: host]",
)
@click.option("--seconds", type=float, help="Stop after so many seconds of the board's time.")
@json_option
def live(
    workspace: Path,
    run_name: str | None,
    host: bool,
    seconds: float | None,
    as_json: bool,
    **where: Any,
) -> None:
    """Print gestures as they are recognised, one line each; Ctrl-C ends it."""
    from imu_gesture.deploy.manifest import read_run
    from imu_gesture.live.recogniser import HostRecogniser, recognitions, until
    from imu_gesture.workflow.boards import open_link
    from imu_gesture.workspace import Workspace

    manifest, tflite = read_run(Workspace(workspace).run(run_name))
    recogniser = HostRecogniser(manifest, tflite) if host else None
    with open_link(**where, model=(manifest, tflite)) as link:
        for recognition in recognitions(until(link.events(), seconds), recogniser):
            if as_json:
                click.echo(json.dumps(recognition.__dict__))
            else:
                click.echo(
                    f"{recognition.device_time_us * 1e-6:10.2f} s  {recognition.label:16} "
                    f"{recognition.score:5.0%}  {recognition.by}"
                )
