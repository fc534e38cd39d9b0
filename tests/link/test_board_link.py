"""Our protocol on a real serial device: pyserial at one end, a virtual board at the other."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from imu_gesture.errors import BoardError, LinkError
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.link import (
    LinkEvent,
    LinkInterrupted,
    LinkResumed,
    SamplesLost,
    SamplesReceived,
)
from imu_gesture.link.serial_port import SerialPort
from imu_gesture.link.virtual_device import VirtualDevice
from imu_gesture.samples import Samples, concatenate
from imu_gesture.simulation.performer import Performer
from imu_gesture.simulation.sensors import LSM9DS1, ImuModel
from tests.link.terminal import Terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")

if sys.platform != "win32":
    from imu_gesture.link.virtual_port import VirtualPort


@pytest.fixture
def board(tmp_path: Path) -> Iterator[VirtualPort]:
    device = VirtualDevice(ImuModel(LSM9DS1, 0), Performer(0))
    port = VirtualPort(device, tmp_path / "ttyACM0")
    with port:
        yield port


def events_for(link: BoardLink, seconds: float) -> list[LinkEvent]:
    """What comes in so much time, and behind it until the board has stopped."""
    end_s = time.monotonic() + seconds
    found: list[LinkEvent] = []
    for event in link.events():
        found.append(event)
        if time.monotonic() > end_s:
            break
    return found + list(link.finish())


def samples_of(events: list[LinkEvent]) -> Samples:
    return concatenate([event.samples for event in events if isinstance(event, SamplesReceived)])


def lost_in(events: list[LinkEvent]) -> int:
    return sum(event.count or 0 for event in events if isinstance(event, SamplesLost))


def test_samples_come_at_the_boards_own_rate(board: VirtualPort) -> None:
    with BoardLink(SerialPort(str(board.path))) as link:
        assert link.info.board == "nano33ble-rev1"
        samples = samples_of(events_for(link, 1.5))
    assert np.all(np.diff(samples.sequence) == 1)
    assert len(samples) == pytest.approx(1.5 * 119, rel=0.15)
    assert np.linalg.norm(samples.acc_g, axis=1).mean() == pytest.approx(1.0, abs=0.15)


def test_a_cable_that_was_out_leaves_a_gap_of_known_size(board: VirtualPort) -> None:
    def pull_and_plug() -> None:
        time.sleep(0.7)
        board.unplug()
        time.sleep(1.0)
        board.plug()

    with BoardLink(SerialPort(str(board.path))) as link:
        hand = threading.Thread(target=pull_and_plug)
        hand.start()
        found = events_for(link, 3.0)
        hand.join()
    samples = samples_of(found)
    assert len(samples) + lost_in(found) == board.device.sent
    kinds = [type(event) for event in found if isinstance(event, LinkInterrupted | LinkResumed)]
    assert kinds == [LinkInterrupted, LinkResumed]
    assert lost_in(found) == pytest.approx(1.2 * 119, rel=0.4)
    assert samples.sequence[-1] + 1 == len(samples) + lost_in(found)
    gap = int(np.argmax(np.diff(samples.sequence)))
    step_us = (samples.device_time_us[gap + 1] - samples.device_time_us[gap]) / (
        samples.sequence[gap + 1] - samples.sequence[gap]
    )
    assert step_us == pytest.approx(np.median(np.diff(samples.device_time_us)), rel=1e-3)


def test_a_reset_is_noticed_and_counted(board: VirtualPort) -> None:
    with BoardLink(SerialPort(str(board.path))) as link:
        threading.Timer(0.7, board.reset).start()
        found = events_for(link, 2.0)
    samples = samples_of(found)
    assert len(samples) + lost_in(found) == board.device.sent
    assert not any(isinstance(event, LinkInterrupted) for event in found)
    assert np.all(np.diff(samples.sequence) > 0)
    steps_us = np.diff(samples.device_time_us)
    assert np.all(steps_us > 0)
    assert steps_us.sum() == pytest.approx(1.9e6, rel=0.15)  # its clock began anew, ours went on
    assert samples.sequence[-1] + 1 == len(samples) + lost_in(found)
    assert len(samples) > 119


def test_a_board_that_does_not_come_back_is_given_up(board: VirtualPort) -> None:
    with BoardLink(SerialPort(str(board.path)), patience_s=0.5) as link:
        threading.Timer(0.3, board.unplug).start()
        with pytest.raises(LinkError, match=r"the board is gone .*waited 0\.5 s"):
            for _ in link.events():
                pass


def test_after_a_link_was_left_the_next_one_works(board: VirtualPort) -> None:
    for _ in range(2):
        with BoardLink(SerialPort(str(board.path))) as link:
            assert len(samples_of(events_for(link, 0.3))) > 10


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
        return VirtualPort(VirtualDevice(ImuModel(LSM9DS1, seed), Performer(0)), path)

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
