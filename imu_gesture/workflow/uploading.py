"""A sketch onto a board, and whether it is that board with that model which comes back."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.deploy.toolchain.arduino_cli import ArduinoCli
from imu_gesture.errors import BoardError, DeploymentError, LinkError
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.port_trouble import Kind, PortError
from imu_gesture.link.serial_port import SerialPort
from imu_gesture.link.usb_ports import Lister, list_ports, port_named

_BACK_S = 20.0
_LOOK_S = 0.3
_UNUSABLE: tuple[Kind, ...] = ("missing", "permission", "busy", "not a port")


def device_at(port: str) -> str:
    """Id of the board that answers at a port; empty where none speaks our protocol yet.

    Raises:
        PortError: nothing can be uploaded there either.
    """
    try:
        with BoardLink(SerialPort(port)) as link:
            return link.info.device_id
    except LinkError as error:
        if isinstance(error, PortError) and error.kind in _UNUSABLE:
            raise
        return ""


def upload(
    tool: ArduinoCli,
    sketch: Path,
    manifest: ModelManifest,
    port: str,
    tell: Callable[[str], None],
    lister: Lister = list_ports,
) -> str:
    """Upload a compiled sketch; returns the port at which the board has come back.

    The port's name may change, so a USB port is found again by the board's serial number.

    Raises:
        PortError: the port cannot be used.
        DeploymentError: it was not uploaded, no board came back, or another one, or one that runs
            another model.
    """
    known = port_named(port, lister())
    serial_number = known.serial_number if known else ""
    before = device_at(port)
    tool.upload(sketch, port)
    tell("waiting for the board to come back")
    back = _wait(port, serial_number, lister)
    after, model_id = _introduced(back)
    if before and after != before:
        raise DeploymentError(
            f"{back}: board {after} is there now, and {before} was before; is another one plugged "
            "in? Its sketch may be an older one"
        )
    if model_id.lstrip("0") != manifest.model_id.lstrip("0"):
        raise DeploymentError(
            f"{back}: the board runs {f'model {model_id}' if model_id else 'no model'} and not "
            f"{manifest.model_id}: the upload has not taken, or it runs one that came by "
            "`imu-gesture update` (`imu-gesture update --roll-back`)"
        )
    return back


def _wait(port: str, serial_number: str, lister: Lister) -> str:
    """The name of the port at which the board runs a sketch again."""
    end_s = time.monotonic() + _BACK_S
    while time.monotonic() < end_s:
        if not serial_number:
            if Path(port).exists():
                return port
        else:
            found = [p for p in lister() if p.serial_number == serial_number and p.is_board]
            if found:
                return found[0].device
        time.sleep(_LOOK_S)
    raise DeploymentError(
        f"{port}: the board has not come back within {_BACK_S:g} s; press its reset button once, "
        "and look with `imu-gesture devices`"
    )


def _introduced(port: str) -> tuple[str, str]:
    """Device id and model id of the board at a port, which may still be starting."""
    end_s, problem = time.monotonic() + _BACK_S, ""
    while time.monotonic() < end_s:
        try:
            with BoardLink(SerialPort(port)) as link:
                return link.info.device_id, link.model_id
        except BoardError as error:
            raise DeploymentError(str(error)) from error
        except LinkError as error:
            problem = str(error)
            time.sleep(_LOOK_S)
    raise DeploymentError(f"the board is back and does not answer: {problem}")
