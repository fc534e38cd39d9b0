"""A sketch onto a board, and whether it is that board with that model which comes back."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.deploy.toolchain.arduino_cli import ArduinoCli
from imu_gesture.device import DeviceInfo
from imu_gesture.errors import BoardError, DeploymentError, LinkError
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.port_trouble import Kind, PortError
from imu_gesture.link.serial_port import SerialPort
from imu_gesture.link.usb_ports import Lister, list_ports, port_named

_BACK_S = 20.0
_LOOK_S = 0.3
_UNUSABLE: tuple[Kind, ...] = ("missing", "permission", "busy", "not a port")


def board_at(port: str) -> DeviceInfo:
    """The board that answers at a port; nothing is known of one that does not speak our protocol.

    Raises:
        PortError: nothing can be uploaded there either.
    """
    try:
        with BoardLink(SerialPort(port)) as link:
            return link.info
    except LinkError as error:
        if isinstance(error, PortError) and error.kind in _UNUSABLE:
            raise
        return DeviceInfo(source=port)


def upload(
    tool: ArduinoCli,
    sketch: Path,
    manifest: ModelManifest,
    before: DeviceInfo,
    tell: Callable[[str], None],
    lister: Lister = list_ports,
) -> DeviceInfo:
    """Upload a compiled sketch to a board at a port; returns the board that has come back, where.

    The port's name may change, so a USB port is found again by the board's serial number. `before`
    is the board as `board_at` knows it.

    Raises:
        DeploymentError: it was not uploaded, no board came back, or another one, or one that runs
            another model.
    """
    port = before.source
    known = port_named(port, lister())
    serial_number = known.serial_number if known else ""
    try:
        seen = tool.upload(sketch, port)
    except KeyboardInterrupt:
        tell(f"{port}: broken off; where the board's orange light pulses, it waits for a sketch")
        raise
    except DeploymentError as error:
        raise DeploymentError(f"{error}{_where_it_waits(serial_number, lister)}") from error
    tell("waiting for the board to come back")
    after = _introduced(_wait(port, serial_number, seen, lister))
    if before.device_id and after.device_id != before.device_id:
        raise DeploymentError(
            f"{after.source}: board {after.device_id} is there now, and {before.device_id} was "
            "before; is another one plugged in? Its sketch may be an older one"
        )
    _check_model(after, manifest)
    return after


def _where_it_waits(serial_number: str, lister: Lister) -> str:
    """For users, where the board waits in its bootloader; empty where none or several do."""
    waiting = [
        port.device
        for port in lister()
        if port.is_bootloader and serial_number in {"", port.serial_number}
    ]
    if len(waiting) != 1:
        return ""
    return f"\nthe board waits for a sketch now: imu-gesture deploy --port {waiting[0]}"


def _check_model(board: DeviceInfo, manifest: ModelManifest) -> None:
    model_id = board.model_id
    if model_id.lstrip("0") != manifest.model_id.lstrip("0"):
        raise DeploymentError(
            f"{board.source}: the board runs {f'model {model_id}' if model_id else 'no model'} and "
            f"not {manifest.model_id}: the upload has not taken, or it runs one that came by "
            "`imu-gesture update` (`imu-gesture update --roll-back`)"
        )


def _wait(port: str, serial_number: str, seen: str, lister: Lister) -> str:
    """The name of the port at which the board runs a sketch again.

    Without a serial number it is where arduino-cli has seen it, or where it was.
    """
    end_s = time.monotonic() + _BACK_S
    while time.monotonic() < end_s:
        if not serial_number:
            there = [name for name in (seen, port) if name and _is_there(name, lister)]
            if there:
                return there[0]
        else:
            found = [p for p in lister() if p.serial_number == serial_number and p.is_board]
            if found:
                return found[0].device
        time.sleep(_LOOK_S)
    raise DeploymentError(
        f"{port}: the board has not come back within {_BACK_S:g} s; press its reset button once, "
        "and look with `imu-gesture devices`"
    )


def _is_there(port: str, lister: Lister) -> bool:
    return Path(port).exists() or port_named(port, lister()) is not None


def _introduced(port: str) -> DeviceInfo:
    """The board at a port, which may still be starting."""
    end_s, problem = time.monotonic() + _BACK_S, ""
    while time.monotonic() < end_s:
        try:
            with BoardLink(SerialPort(port)) as link:
                return link.info.model_copy(update={"model_id": link.model_id})
        except BoardError as error:
            raise DeploymentError(str(error)) from error
        except LinkError as error:
            problem = str(error)
            time.sleep(_LOOK_S)
    raise DeploymentError(f"the board is back and does not answer: {problem}")
