"""Which boards there are: on USB, each asked who it is, and in the air."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from imu_gesture.device import DeviceInfo
from imu_gesture.errors import BoardError, LinkError
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.port_trouble import Kind, PortError
from imu_gesture.link.serial_port import SerialPort
from imu_gesture.link.stranger import voice_of
from imu_gesture.link.transport import Transport
from imu_gesture.link.usb_ports import Lister, UsbPort, list_ports, port_named

if TYPE_CHECKING:
    from imu_gesture.link.ble.scan import BleBackends, Seen

State = Literal["ready", "another sketch", "silent", "refused", "other port"] | Kind

_MOST_AT_ONCE = 32
_BLINK_S = 10
_OVER_BLE = "ble:"


@dataclass(frozen=True)
class FoundBoard:
    """One board, or a port that may be one.

    Attributes:
        address: what `--port` or `--ble` takes.
        state: whether it can be worked with; `problem` says why not, and what to do.
        gestures: what it recognises, in its own order; None where it was not asked.
        signal_dbm: how strong it is received; None on a cable.
        warnings: what the board itself finds wrong with it.
    """

    link: Literal["usb", "ble"]
    address: str
    name: str
    state: State
    problem: str = ""
    info: DeviceInfo | None = None
    gestures: tuple[str, ...] | None = None
    signal_dbm: int | None = None
    warnings: tuple[str, ...] = ()


def find_boards(
    named: Sequence[str] = (),
    every_port: bool = False,
    lister: Lister = list_ports,
) -> list[FoundBoard]:
    """Boards on USB, asked all at once; takes no longer than the slowest answers.

    Args:
        named: ports to ask, whatever they are; else those that are boards by their USB ids.
        every_port: list other ports too, without asking.
        lister: which ports there are.
    """
    known = list(lister())
    if named:
        by_name = {name: port_named(name, known) or UsbPort(name) for name in named}
        names = {port: name for name, port in by_name.items()}
        asked = list(names)
    else:
        asked = [port for port in known if port.is_board or port.is_bootloader]
        names = {port: port.device for port in asked}
    with ThreadPoolExecutor(_MOST_AT_ONCE) as threads:
        found = list(threads.map(lambda port: _ask(names[port], port, lister), asked))
    others = [port for port in known if port not in asked] if every_port else []
    return found + [
        FoundBoard("usb", port.device, port.description, "other port") for port in others
    ]


def find_radios(seconds: float, backends: BleBackends | None = None) -> list[FoundBoard]:
    """Boards heard over Bluetooth in so much time, each asked who it is.

    One after the other: a program can only look for one board at a time (BlueZ counts programs).

    Raises:
        LinkError: this computer's Bluetooth cannot be used.
    """
    from imu_gesture.link.ble.scan import scan

    return [_ask_radio(seen, backends) for seen in scan(seconds, backends)]


def _ask_radio(seen: Seen, backends: BleBackends | None) -> FoundBoard:
    from imu_gesture.link.ble.radio import BleRadio

    found = FoundBoard("ble", seen.address, seen.name, "ready", signal_dbm=seen.rssi_dbm)
    try:
        with BoardLink(BleRadio(seen.address, backends)) as link:
            return _introduced(found, link)
    except BoardError as error:
        return replace(found, state="refused", problem=str(error))
    except LinkError as error:
        return replace(found, state="silent", problem=str(error))


def identify(place: str) -> DeviceInfo:
    """Let the board at a port, or at `ble:NAME`, blink, so that somebody finds it among others.

    Raises:
        LinkError: it cannot be reached or does not obey.
    """
    if place.startswith(_OVER_BLE):
        from imu_gesture.link.ble.radio import BleRadio

        transport: Transport = BleRadio(place.removeprefix(_OVER_BLE) or None)
    else:
        transport = SerialPort(place)
    with BoardLink(transport) as link:
        link.identify(_BLINK_S)
        return link.info


def _ask(name: str, port: UsbPort, lister: Lister) -> FoundBoard:
    link = BoardLink(SerialPort(name, lister))
    what = port.description
    try:
        with link:
            return _introduced(FoundBoard("usb", name, what, "ready"), link)
    except PortError as error:
        return FoundBoard("usb", name, what, error.kind, str(error))
    except BoardError as error:
        return FoundBoard("usb", name, what, "refused", str(error))
    except LinkError as error:
        state: State = "silent" if voice_of(link.heard) == "nothing" else "another sketch"
        return FoundBoard("usb", name, what, state, str(error))


def _introduced(found: FoundBoard, link: BoardLink) -> FoundBoard:
    """With what the board tells of itself."""
    talk = link.conversation
    return replace(
        found, info=link.info, gestures=tuple(talk.labels), warnings=tuple(talk.warnings)
    )
