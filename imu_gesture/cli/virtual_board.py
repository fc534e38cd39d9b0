"""`imu-gesture virtual-board`."""

from __future__ import annotations

import time
from pathlib import Path

import click

from imu_gesture.cli.options import seed_option, workspace_option


@click.command("virtual-board")
@workspace_option
@click.option(
    "--pty",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("virtual-board"),
    show_default=True,
    help="Where to put the port.",
)
@click.option("--run", "run_name", help="Which model it carries.  [default: the newest]")
@click.option("--drop", type=click.FloatRange(0, 1), default=0.0, help="Share of packets lost.")
@click.option("--corrupt", type=click.FloatRange(0, 1), default=0.0, help="Share of them damaged.")
@seed_option("Of the virtual person and board.")
def virtual_board(
    workspace: Path, path: Path, run_name: str | None, drop: float, corrupt: float, seed: int
) -> None:
    """Serve a virtual board on a pseudo-terminal, as a port for the other commands.

    Ctrl-C ends it.
    """
    from imu_gesture.link.faults import FaultParams
    from imu_gesture.workflow.boards import virtual_port
    from imu_gesture.workflow.models import load_model
    from imu_gesture.workspace import Workspace

    model = load_model(Workspace(workspace), run_name)
    with virtual_port(path, seed, model, FaultParams(drop=drop, corrupt=corrupt)) as port:
        click.echo(f"{port.path}: a virtual board with model {model[0].model_id}")
        click.echo(f"in another terminal: imu-gesture live --port {port.path}")
        while True:
            time.sleep(1)
