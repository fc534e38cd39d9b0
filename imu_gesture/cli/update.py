"""`imu-gesture update`."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import click

from imu_gesture.cli.options import board_options, json_option, workspace_option
from imu_gesture.cli.pair import as_board


@click.command()
@workspace_option
@board_options
@click.option("--run", "run_name", help="Which training run.  [default: the newest]")
@click.option("--roll-back", is_flag=True, help="Go back to the model before.")
@json_option
def update(
    workspace: Path, run_name: str | None, roll_back: bool, as_json: bool, **where: Any
) -> None:
    """Put a new model on a board that has the sketch already, over USB or Bluetooth.

    The board tries the model before it keeps it, and goes on with the one it has where that fails,
    or where the power does. Over Bluetooth, `imu-gesture pair` first.
    """
    from imu_gesture.deploy.package import model_package
    from imu_gesture.deploy.pins import sketch_pins
    from imu_gesture.workflow import updating
    from imu_gesture.workflow.boards import Where, open_link
    from imu_gesture.workflow.models import load_model
    from imu_gesture.workspace import Workspace

    loaded = load_model(Workspace(workspace), run_name)
    started_s = time.monotonic()
    with open_link(Where(**where), loaded) as link:
        board = as_board(link)
        if roll_back:
            updating.roll_back(board)
        else:
            manifest, tflite = loaded
            sized = manifest.for_update(board.info.board, sketch_pins().tensor_library)
            _send(board, model_package(sized, tflite), quiet=as_json)
        entry = {
            "device_id": board.info.device_id,
            "model_id": board.model_id,
            "labels": board.conversation.labels,
            "seconds": round(time.monotonic() - started_s, 2),
        }
    if as_json:
        click.echo(json.dumps(entry))
    else:
        labels = ", ".join(board.conversation.labels)
        click.echo(f"board {entry['device_id']} runs model {entry['model_id']} ({labels})")


def _send(board: Any, package: bytes, quiet: bool) -> None:
    from rich.console import Console
    from rich.progress import Progress

    from imu_gesture.workflow import updating

    console = Console(stderr=True, quiet=quiet)
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("sending the model", total=len(package))
        updating.update(board, package, lambda sent, _: bar.update(task, completed=sent))
