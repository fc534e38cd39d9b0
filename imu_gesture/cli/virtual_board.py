"""`imu-gesture virtual-board`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from imu_gesture.cli.options import FiniteRange, seed_option, workspace_option

if TYPE_CHECKING:
    from imu_gesture.deploy.manifest import ModelManifest
    from imu_gesture.link.virtual.device import VirtualDevice

_Params = TypeVar("_Params")
_Command = Callable[..., Any]
_SHARES = {"drop": "lost", "duplicate": "doubled", "reorder": "overtaken", "corrupt": "damaged"}
_INCIDENTS = {
    "stall": "Nothing reaches the host for a while, again after so many seconds.",
    "reset": "The board is reset, again after so many seconds.",
    "unplug": "It is unplugged for a while, again after so many seconds.",
}


def _fault_options(command: _Command) -> _Command:
    """What goes wrong: on the way, from time to time, and with the board itself."""
    options = [
        click.option(
            "--lasting",
            "lasting_s",
            type=FiniteRange(min=0),
            default=2.0,
            show_default=True,
            help="How long it stalls, or stays unplugged.",
        ),
        click.option(
            "--skew", "skew_ppm", type=FiniteRange(), default=0.0, help="Of its clock, ppm."
        ),
        click.option(
            "--range-error",
            type=FiniteRange(min=0.1, max=10),
            default=1.0,
            help="How many times too large its readings are.",
        ),
    ]
    options += [
        click.option(
            f"--{name}-every", f"{name}_every_s", type=FiniteRange(min=0), default=0.0, help=text
        )
        for name, text in _INCIDENTS.items()
    ]
    options += [
        click.option(
            f"--{name}", type=FiniteRange(0, 1), default=0.0, help=f"Share of packets {what}."
        )
        for name, what in _SHARES.items()
    ]
    for option in options:
        command = option(command)
    return command


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
@click.option(
    "--calibrating",
    is_flag=True,
    help="The person does not show gestures, but calibrates it again and again.",
)
@click.option(
    "--fault",
    "names",
    multiple=True,
    metavar="NAME",
    help="Of axes, units or surroundings; a name that is none of them lists all.",
)
@_fault_options
@seed_option("Of the virtual person and board.")
def virtual_board(
    workspace: Path, run_name: str | None, path: Path, ble: bool, boards: int, **held: Any
) -> None:
    """Serve a virtual board to the other commands, on a pseudo-terminal or with Bluetooth.

    Ctrl-C ends it. The options that say what goes wrong show what a program makes of it.
    """
    from imu_gesture.link.virtual.faults import FaultParams
    from imu_gesture.link.virtual.incidents import IncidentParams, play
    from imu_gesture.workflow.boards import virtual_air, virtual_port
    from imu_gesture.workflow.models import load_model
    from imu_gesture.workspace import Workspace

    model = load_model(Workspace(workspace), run_name)
    devices = _devices(model, boards, **held)
    faults, incidents = _chosen(FaultParams, held), _chosen(IncidentParams, held)
    if ble:
        with virtual_air(devices, faults) as air:
            _tell_of_bluetooth([board.name for board in air.boards], air.address)
            play(air.boards, incidents)
    else:
        with virtual_port(path, devices[0], faults) as port:
            click.echo(f"{port.path}: a virtual board with model {model[0].model_id}")
            what = "calibrate" if held["calibrating"] else "live"
            click.echo(f"in another terminal: imu-gesture {what} --port {port.path}")
            play([port], incidents)


def _devices(
    model: tuple[ModelManifest, bytes],
    boards: int,
    seed: int,
    names: tuple[str, ...],
    calibrating: bool,
    **faults: float,
) -> list[VirtualDevice]:
    from imu_gesture.link.virtual.device import DeviceFaults
    from imu_gesture.workflow.boards import calibrating_hand, virtual_device, virtual_sensors

    errors = _chosen(DeviceFaults, faults)
    return [
        virtual_device(
            each,
            model,
            errors,
            virtual_sensors(each, names),
            calibrating_hand(each) if calibrating else None,
        )
        for each in range(seed, seed + boards)
    ]


def _chosen(kind: type[_Params], options: dict[str, Any]) -> _Params:
    return kind(**{field.name: options[field.name] for field in fields(kind)})  # type: ignore[arg-type]


def _tell_of_bluetooth(names: list[str], bus_address: str) -> None:
    click.echo(f"{', '.join(names)}: virtual, with Bluetooth on a message bus of their own")
    which = f" {names[0]}" if len(names) > 1 else ""
    click.echo(
        f"in another terminal: DBUS_SYSTEM_BUS_ADDRESS={bus_address} imu-gesture live --ble{which}"
    )
