"""Which boards there are: on USB, each asked who it is, and in the air."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

from imu_gesture.device import DeviceInfo
from imu_gesture.errors import BoardError, LinkError
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.port_trouble import Kind, PortError
from imu_gesture.link.serial_port import SerialPort
from imu_gesture.link.stranger import voice_of
from imu_gesture.link.usb_ports import Lister, UsbPort, list_ports, port_named

State = Literal["ready", "another sketch", "silent", "refused", "other port"] | Kind

_MOST_AT_ONCE = 32
_BLINK_S = 10


@dataclass(frozen=True)
class FoundBoard:
    """One board, or a port that may be one.

    Attributes:
        address: what `--port` or `--ble` takes.
        state: whether it can be worked with; `problem` says why not, and what to do.
        gestures: what it recognises, in its own order; None where it was not asked.
        signal_dbm: how strong it is received; None on a cable.
    """

    link: Literal["usb", "ble"]
    address: str
    name: str
    state: State
    problem: str = ""
    info: DeviceInfo | None = None
    gestures: tuple[str, ...] | None = None
    signal_dbm: int | None = None


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


def advertised(name: str, address: str, rssi_dbm: int) -> FoundBoard:
    """A board in the air, which was heard and not asked."""
    return FoundBoard("ble", address, name, "ready", signal_dbm=rssi_dbm)


def identify(port: str) -> DeviceInfo:
    """Let the board at `port` blink for a while, so that somebody finds it among others.

    Raises:
        LinkError: it cannot be reached or does not obey.
    """
    with BoardLink(SerialPort(port)) as link:
        link.identify(_BLINK_S)
        return link.info


def _ask(name: str, port: UsbPort, lister: Lister) -> FoundBoard:
    link = BoardLink(SerialPort(name, lister))
    what = port.description
    try:
        with link:
            labels = tuple(link.conversation.labels)
            return FoundBoard("usb", name, what, "ready", info=link.info, gestures=labels)
    except PortError as error:
        return FoundBoard("usb", name, what, error.kind, str(error))
    except BoardError as error:
        return FoundBoard("usb", name, what, "refused", str(error))
    except LinkError as error:
        state: State = "silent" if voice_of(link.heard) == "nothing" else "another sketch"
        return FoundBoard("usb", name, what, state, str(error))
