"""`imu-gesture virtual-board`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import NoReturn

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
@click.option("--ble", is_flag=True, help="With Bluetooth instead of a port; on Linux only.")
@click.option(
    "--boards",
    type=click.IntRange(1, 8),
    default=1,
    show_default=True,
    help="How many have Bluetooth.",
)
@click.option("--run", "run_name", help="Which model it carries.  [default: the newest]")
@click.option("--drop", type=click.FloatRange(0, 1), default=0.0, help="Share of packets lost.")
@click.option("--corrupt", type=click.FloatRange(0, 1), default=0.0, help="Share of them damaged.")
@seed_option("Of the virtual person and board.")
def virtual_board(
    workspace: Path,
    path: Path,
    ble: bool,
    boards: int,
    run_name: str | None,
    drop: float,
    corrupt: float,
    seed: int,
) -> None:
    """Serve a virtual board to the other commands, on a pseudo-terminal or with Bluetooth.

    Ctrl-C ends it.
    """
    from imu_gesture.link.faults import FaultParams
    from imu_gesture.workflow.boards import virtual_air, virtual_port
    from imu_gesture.workflow.models import load_model
    from imu_gesture.workspace import Workspace

    model = load_model(Workspace(workspace), run_name)
    faults = FaultParams(drop=drop, corrupt=corrupt)
    if ble:
        with virtual_air(boards, seed, model, faults) as air:
            _tell_of_bluetooth([board.name for board in air.boards], air.address)
            _wait()
    with virtual_port(path, seed, model, faults) as port:
        click.echo(f"{port.path}: a virtual board with model {model[0].model_id}")
        click.echo(f"in another terminal: imu-gesture live --port {port.path}")
        _wait()


def _tell_of_bluetooth(names: list[str], bus_address: str) -> None:
    click.echo(f"{', '.join(names)}: virtual, with Bluetooth on a message bus of their own")
    which = f" {names[0]}" if len(names) > 1 else ""
    click.echo(
        f"in another terminal: DBUS_SYSTEM_BUS_ADDRESS={bus_address} imu-gesture live --ble{which}"
    )


def _wait() -> NoReturn:
    while True:
        time.sleep(1)
