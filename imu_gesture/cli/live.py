"""`imu-gesture live`."""

from __future__ import annotations

import json
import time
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import click

from imu_gesture.cli.options import FiniteRange, board_options, json_option, workspace_option


@click.command()
@workspace_option
@board_options
@click.option("--run", "run_name", help="Which training run.  [default: the newest]")
@click.option(
    "--host/--no-host",
    default=True,
    help="Also recognise on the host, by the same core and model.  [default: host]",
)
@click.option(
    "--seconds",
    type=FiniteRange(min=0, min_open=True),
    help="Stop after so many seconds of the board's time.",
)
@click.option(
    "--actions",
    "actions_file",
    type=click.Path(path_type=Path),
    help="File that says what each gesture sets off; see docs/actions.md.",
)
@click.option(
    "--fast",
    is_flag=True,
    help="Do not wait: a virtual board or a recording goes as fast as the computer.",
)
@json_option
def live(
    workspace: Path,
    run_name: str | None,
    host: bool,
    seconds: float | None,
    actions_file: Path | None,
    fast: bool,
    as_json: bool,
    **where: Any,
) -> None:
    """Print gestures as they are recognised, one line each; Ctrl-C ends it."""
    from imu_gesture.labels import BACKGROUND
    from imu_gesture.live.actions import Actions, read_actions
    from imu_gesture.live.recogniser import HostRecogniser, recognitions, until
    from imu_gesture.workflow.boards import Where, open_link
    from imu_gesture.workflow.correcting import bring_calibration
    from imu_gesture.workflow.models import load_model
    from imu_gesture.workflow.watching import watched
    from imu_gesture.workspace import Workspace

    place, tell = Workspace(workspace), partial(click.echo, err=True)
    manifest, tflite = load_model(place, run_name)
    reported = [label.name for label in manifest.labels if label.name != BACKGROUND]
    actions = read_actions(actions_file, reported) if actions_file else {}
    board = open_link(Where(**where), (manifest, tflite), real_time=not fast)
    with Actions(actions, tell) as setting_off, board as link:
        calibration = bring_calibration(link, place, manifest, time.time(), tell)
        recogniser = HostRecogniser(manifest, tflite, calibration) if host else None
        events = until(watched(link, place, date.today(), tell), seconds)
        for recognition in recognitions(events, recogniser):
            setting_off.take(recognition, time.monotonic())
            if as_json:
                click.echo(json.dumps(recognition.__dict__))
            else:
                click.echo(
                    f"{recognition.device_time_us * 1e-6:10.2f} s  {recognition.label:16} "
                    f"{recognition.score:5.0%}  {recognition.by}"
                )
    if where["replay"] and seconds is None and not as_json:
        click.echo(f"{where['replay']}: ends here", err=True)
