"""What happens to served boards, and what their readings then say."""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.link import HealthReported, LinkEvent, SamplesLost, SamplesReceived
from imu_gesture.link.serial_port import SerialPort
from imu_gesture.link.virtual.device import DeviceFaults, VirtualDevice
from imu_gesture.link.virtual.incidents import IncidentParams, play, schedule
from imu_gesture.link.virtual.transport import VirtualTransport
from imu_gesture.samples import concatenate
from imu_gesture.simulation.chips import LSM9DS1_BOARD
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.performer import Performer

posix = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")


@dataclass
class Diary:
    """Somebody to whom things happen, at times of their own."""

    now_s: float = 0.0
    found: list[tuple[float, str]] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds

    def plug(self) -> None:
        self.found.append((self.now_s, "plug"))

    def unplug(self) -> None:
        self.found.append((self.now_s, "unplug"))

    def reset(self) -> None:
        self.found.append((self.now_s, "reset"))

    def stall(self, seconds: float) -> None:
        self.found.append((self.now_s, f"stall {seconds:g}"))


def test_incidents_come_in_order_each_at_its_own_pace() -> None:
    params = IncidentParams(stall_every_s=3, reset_every_s=7, unplug_every_s=5, lasting_s=1)
    diary = Diary()
    play([diary], params, 11.5, diary.sleep)
    assert diary.found == [
        (3, "stall 1"),
        (5, "unplug"),
        (6, "plug"),
        (6, "stall 1"),
        (7, "reset"),
        (9, "stall 1"),
        (10, "unplug"),
        (11, "plug"),
    ]
    assert diary.now_s == pytest.approx(11.5)


def test_without_any_nothing_happens() -> None:
    assert list(islice(schedule(IncidentParams()), 5)) == []
    diary = Diary()
    play([diary], IncidentParams(), 3.0, diary.sleep)
    assert (diary.found, diary.now_s) == ([], 3.0)


@posix
def test_what_a_stalled_link_cannot_carry_is_counted(tmp_path: Path) -> None:
    from imu_gesture.link.virtual.port import VirtualPort

    device = VirtualDevice(Device(LSM9DS1_BOARD, 0), Performer(0))
    with (
        VirtualPort(device, tmp_path / "board") as port,
        BoardLink(SerialPort(str(port.path))) as link,
    ):
        events: list[LinkEvent] = []
        threading.Timer(0.3, port.stall, [2.2]).start()
        end_s = time.monotonic() + 3.4
        for event in link.events():
            events.append(event)
            if time.monotonic() > end_s:
                break
        events += link.finish()
    received = sum(len(e.samples) for e in events if isinstance(e, SamplesReceived))
    lost = sum(e.count or 0 for e in events if isinstance(e, SamplesLost))
    assert received + lost == device.sent
    assert lost > 0
    health = [e.health for e in events if isinstance(e, HealthReported)]
    assert health[-1].imu_dropped >= lost > 0


@pytest.mark.parametrize("factor", [0.5, 1.0, 2.0])
def test_a_wrong_range_shows_in_gravity(factor: float) -> None:
    device = VirtualDevice(
        Device(LSM9DS1_BOARD, 0), Performer(0), errors=DeviceFaults(range_error=factor)
    )
    transport = VirtualTransport(device)
    with BoardLink(transport, clock=transport.clock) as link:
        parts = [e.samples for e in islice(link.events(), 60) if isinstance(e, SamplesReceived)]
    size_g = np.linalg.norm(concatenate(parts).acc_g, axis=1).mean()
    assert size_g == pytest.approx(factor, rel=0.12)
