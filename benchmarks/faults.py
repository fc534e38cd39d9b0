"""A bad cable between a virtual board and the real pyserial: is every missing sample reported?"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from form import Row, say

from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.faults import FaultParams
from imu_gesture.link.link import SamplesLost, SamplesReceived
from imu_gesture.link.serial_port import SerialPort
from imu_gesture.link.virtual_device import VirtualDevice
from imu_gesture.link.virtual_port import VirtualPort
from imu_gesture.simulation.performer import Performer
from imu_gesture.simulation.sensors import LSM9DS1, ImuModel

_FAULTS = FaultParams(drop=0.03, duplicate=0.03, reorder=0.03, corrupt=0.03)
_CALM_S = 3.0
_UNPLUGGED_S = 2.0


def faults(quick: bool) -> Iterator[Row]:
    """Dropped, doubled, reordered and damaged packets; a cable out for two seconds; a reset."""
    rounds = 1 if quick else 5
    say(f"{rounds} rounds of faults on a pseudo-terminal")
    totals = [_one_round(seed) for seed in range(rounds)]
    sent, received, lost = (sum(column) for column in zip(*totals, strict=True))
    note = f"{sent} sent, {received} received, {lost} reported lost; {_FAULTS}, unplugged, reset"
    yield Row(
        "faults.unreported_samples", sent - received - lost, "samples", note=f"serial: {note}"
    )


def _one_round(seed: int) -> tuple[int, int, int]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "board"
        port = VirtualPort(VirtualDevice(ImuModel(LSM9DS1, seed), Performer(seed)), path, _FAULTS)
        with port, BoardLink(SerialPort(str(path))) as link:
            mischief = threading.Thread(target=_mistreat, args=(port,))
            mischief.start()
            received = lost = 0
            for event in _events(link, mischief):
                if isinstance(event, SamplesReceived):
                    received += len(event.samples)
                elif isinstance(event, SamplesLost):
                    lost += event.count or 0
        return port.device.sent, received, lost


def _events(link: BoardLink, mischief: threading.Thread) -> Iterator[object]:
    for event in link.events():
        yield event
        if not mischief.is_alive():
            break
    yield from link.finish()


def _mistreat(port: VirtualPort) -> None:
    time.sleep(_CALM_S)
    port.unplug()
    time.sleep(_UNPLUGGED_S)
    port.plug()
    time.sleep(_CALM_S)
    port.reset()
    time.sleep(_CALM_S)
