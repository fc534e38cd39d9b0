"""Where virtual boards are served: on a pseudo-terminal, by BlueZ's API on D-Bus, on bumble."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from imu_gesture.link.ble.radio import BleRadio
from imu_gesture.link.ble.scan import BleBackends
from imu_gesture.link.ble.session import BleTimes
from imu_gesture.link.transport import Transport
from imu_gesture.link.virtual.ble_board import BleBoard
from imu_gesture.link.virtual.device import VirtualDevice
from imu_gesture.link.virtual.faults import FaultParams
from imu_gesture.simulation.chips import LSM9DS1_BOARD
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.performer import Performer

QUICK = BleTimes(scan_s=0.8, settle_s=0.15, connect_s=3.0, mtu_s=0.2, write_s=2.0, open_s=8.0)


def needs(missing: bool, what: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(missing, reason=f"{what} is missing")


ON_PTY = pytest.param("pty", marks=needs(sys.platform == "win32", "pseudo-terminals"))
WITH_DBUS = needs(not shutil.which("dbus-daemon"), "dbus-daemon")
ON_BLUEZ = pytest.param("bluez", marks=WITH_DBUS)
ON_BUMBLE = pytest.param("bumble", marks=needs(find_spec("bumble") is None, "bumble"))


def device(seed: int = 0) -> VirtualDevice:
    return VirtualDevice(Device(LSM9DS1_BOARD, seed), Performer(seed))


@dataclass(frozen=True)
class Place:
    """`board`: to be plugged, unplugged and reset. `transport`: a host's new way to it."""

    board: Any
    transport: Callable[[], Transport]
    swap: Callable[[], object]  # another board comes in its place


@dataclass(frozen=True)
class Air:
    """A room with boards, and what leads bleak into it."""

    boards: list[BleBoard]
    backends: BleBackends
    power: Callable[[bool], None]

    def radio(self, wanted: str | None = None) -> BleRadio:
        return BleRadio(wanted, self.backends, QUICK)


@contextmanager
def air(kind: str, boards: list[BleBoard], patch: pytest.MonkeyPatch, **more: Any) -> Iterator[Air]:
    if kind == "bluez":
        from imu_gesture.link.virtual.bluez_peripheral import BluezPeripheral

        with BluezPeripheral(boards, **more) as bluez:
            patch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bluez.address)
            yield Air(boards, BleBackends(), bluez.power)
    else:
        from imu_gesture.link.virtual.bumble_peripheral import BumblePeripheral

        with BumblePeripheral(boards) as bumble:
            yield Air(boards, bumble.backends, bumble.power)


@contextmanager
def place(
    kind: str, folder: Path, patch: pytest.MonkeyPatch, faults: FaultParams | None = None
) -> Iterator[Place]:
    if kind == "pty":
        with _terminal(folder / "ttyACM0", faults) as there:
            yield there
        return
    board, other = BleBoard(device(), "first", faults), BleBoard(device(1), "second")
    other.unplug()
    with air(kind, [board, other], patch) as room:

        def swap() -> None:
            board.unplug()
            other.plug()

        yield Place(board, room.radio, swap)


@contextmanager
def _terminal(path: Path, faults: FaultParams | None) -> Iterator[Place]:
    from imu_gesture.link.serial_port import SerialPort
    from imu_gesture.link.virtual.port import VirtualPort

    with ExitStack() as stack:
        port = stack.enter_context(VirtualPort(device(), path, faults))

        def swap() -> None:
            port.unplug()
            stack.enter_context(VirtualPort(device(1), path))

        yield Place(port, lambda: SerialPort(str(path)), swap)
