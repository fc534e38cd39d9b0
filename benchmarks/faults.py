"""A bad link between a virtual board and its host: is every missing sample reported?"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from form import Row, say

from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.link import SamplesLost, SamplesReceived
from imu_gesture.link.serial_port import SerialPort
from imu_gesture.link.transport import Transport
from imu_gesture.link.virtual.device import VirtualDevice
from imu_gesture.link.virtual.faults import FaultParams
from imu_gesture.link.virtual.port import VirtualPort
from imu_gesture.simulation.chips import LSM9DS1_BOARD
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.performer import Performer

FAULTS = FaultParams(drop=0.03, duplicate=0.03, reorder=0.03, corrupt=0.03)
_CALM_S = 3.0
_UNPLUGGED_S = 2.0


class Board(Protocol):
    """A served virtual board, and the hand at it."""

    device: VirtualDevice

    def plug(self) -> None:
        """Bring it back."""

    def unplug(self) -> None:
        """Take it away."""

    def reset(self) -> None:
        """Press its button."""


@dataclass(frozen=True)
class Count:
    """Inertial samples."""

    sent: int
    received: int
    lost: int  # reported so

    @property
    def unreported(self) -> int:
        """Missing, and nobody says so."""
        return self.sent - self.received - self.lost

    def __add__(self, other: Count) -> Count:
        return Count(self.sent + other.sent, self.received + other.received, self.lost + other.lost)

    def __str__(self) -> str:
        return f"{self.sent} sent, {self.received} received, {self.lost} reported lost"


def faults(quick: bool) -> Iterator[Row]:
    """Dropped, doubled, reordered and damaged packets; a cable out for two seconds; a reset."""
    rounds = 1 if quick else 5
    say(f"{rounds} rounds of faults on a pseudo-terminal")
    total = sum((_on_a_terminal(seed) for seed in range(rounds)), Count(0, 0, 0))
    note = f"serial: {total}; {FAULTS}, unplugged, reset"
    yield Row("faults.unreported_samples", total.unreported, "samples", note=note)


def virtual_device(seed: int) -> VirtualDevice:
    """Nine axes at the LSM9DS1's own rate."""
    return VirtualDevice(Device(LSM9DS1_BOARD, seed), Performer(seed))


def endure(board: Board, transport: Transport) -> Count:
    """Listen to a board that is carried away, brought back and reset."""
    received = lost = 0
    with BoardLink(transport) as link:
        mischief = threading.Thread(target=_mistreat, args=(board,))
        mischief.start()
        for event in _events(link, mischief):
            if isinstance(event, SamplesReceived):
                received += len(event.samples)
            elif isinstance(event, SamplesLost):
                lost += event.count or 0
    return Count(board.device.sent, received, lost)


def _on_a_terminal(seed: int) -> Count:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "board"
        with VirtualPort(virtual_device(seed), path, FAULTS) as port:
            return endure(port, SerialPort(str(path)))


def _events(link: BoardLink, mischief: threading.Thread) -> Iterator[object]:
    for event in link.events():
        yield event
        if not mischief.is_alive():
            break
    yield from link.finish()


def _mistreat(board: Board) -> None:
    time.sleep(_CALM_S)
    board.unplug()
    time.sleep(_UNPLUGGED_S)
    board.plug()
    time.sleep(_CALM_S)
    board.reset()
    time.sleep(_CALM_S)
