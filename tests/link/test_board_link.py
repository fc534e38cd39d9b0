"""What users are told who open a serial port; what happens behind it: test_scenarios.py."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from imu_gesture.errors import BoardError, LinkError
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.link import HealthReported, LinkResumed
from imu_gesture.link.serial_port import SerialPort
from imu_gesture.link.virtual.device import VirtualDevice
from imu_gesture.link.virtual.transport import VirtualTransport
from imu_gesture.simulation.chips import LSM9DS1_BOARD
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.performer import Performer
from tests.link.terminal import Terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")

if sys.platform != "win32":
    from imu_gesture.link.virtual.port import VirtualPort


@pytest.fixture
def board(tmp_path: Path) -> Iterator[VirtualPort]:
    device = VirtualDevice(Device(LSM9DS1_BOARD, 0), Performer(0))
    port = VirtualPort(device, tmp_path / "ttyACM0")
    with port:
        yield port


def test_a_sketch_that_is_not_ours_is_told_with_advice() -> None:
    with Terminal() as terminal:
        speaking = threading.Event()

        def speak() -> None:
            while not speaking.wait(0.05):
                terminal.say(b"1.00,2.00,3.00\r\n")

        thread = threading.Thread(target=speak)
        thread.start()
        with pytest.raises(LinkError, match=r"no answer.*--text"):
            BoardLink(SerialPort(terminal.port)).__enter__()
        speaking.set()
        thread.join()


def test_another_board_behind_the_same_name_is_refused_and_named(tmp_path: Path) -> None:
    def board(seed: int) -> VirtualPort:
        return VirtualPort(VirtualDevice(Device(LSM9DS1_BOARD, seed), Performer(0)), path)

    path = tmp_path / "ttyACM0"
    with board(1) as first, BoardLink(SerialPort(str(path))) as link:
        events = link.events()
        next(events)
        first.unplug()
        with (
            board(2),
            pytest.raises(
                BoardError, match=rf"{path}: another board \([0-9a-f]{{16}}\) is there than before"
            ),
        ):
            list(events)


def test_an_event_of_a_kind_is_waited_for_so_long_and_no_longer() -> None:
    device = VirtualDevice(Device(LSM9DS1_BOARD, 0), Performer(0))
    transport = VirtualTransport(device, real_time=False)
    with BoardLink(transport, clock=transport.clock) as link:
        health = link.await_event(HealthReported, 5.0)
        assert health is not None
        assert health.health.uptime_s >= 0
        started_s = transport.clock()
        assert link.await_event(LinkResumed, 2.0) is None
        assert 2.0 <= transport.clock() - started_s < 2.5
