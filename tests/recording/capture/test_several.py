"""Several boards on one body, each with a clock of its own, recorded into one session."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from imu_gesture.errors import LinkError
from imu_gesture.labels import Label
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.serial_port import SerialPort
from imu_gesture.link.virtual.device import DeviceFaults, VirtualDevice
from imu_gesture.recording.capture import CapturePlan, Desk, Sitting
from imu_gesture.recording.mcap_file import Recording, read_recording
from imu_gesture.simulation.chips import LSM9DS1_BOARD
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.performer import REST, Action, Performer
from imu_gesture.workflow.sessions import sitting
from imu_gesture.workspace import Workspace
from tests import make
from tests.recording.capture.board import Person

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")

if sys.platform != "win32":
    from imu_gesture.link.virtual.port import VirtualPort

FIRST_SHAKE_S = 1.9  # after the first board was switched on
PAUSE_S = 1.0
LATER_S = 0.3  # each board is switched on so long after the one before
MOST_APART_S = 0.005
PERSON = 40


class TimedDevice(VirtualDevice):
    """Knows when it was switched on: `booted_s`, in Unix time."""

    booted_s = float("inf")

    def advance(self, time_s: float) -> None:
        self.booted_s = min(self.booted_s, time.time() - time_s)
        super().advance(time_s)


@dataclass
class Board:
    """A virtual board at a port, and what truly happened to it."""

    port: VirtualPort
    device: TimedDevice
    shakes: tuple[Label, ...]  # by its own clock
    rate: float  # of its clock

    def shaken_s(self) -> list[float]:
        """The middle of each shake, in Unix time."""
        return [
            self.device.booted_s + (shake.start_s + shake.end_s) / 2 / self.rate
            for shake in self.shakes
        ]


@contextmanager
def boards(folder: Path, skews_ppm: list[float], shakes: int = 2) -> Iterator[list[Board]]:
    """Boards of one person, switched on one after the other, which feel the same shakes."""
    found: list[Board] = []
    with ExitStack() as stack:
        for number, skew_ppm in enumerate(skews_ppm):
            if number:
                time.sleep(LATER_S)
            plan = [Action(REST, FIRST_SHAKE_S - number * LATER_S)]
            for _ in range(shakes):
                plan += [Action("circle"), Action(REST, PAUSE_S)]
            plan.append(Action(REST, 60.0))
            sensors = Device(LSM9DS1_BOARD, PERSON + number)
            device = TimedDevice(sensors, Performer(PERSON), [plan], errors=DeviceFaults(skew_ppm))
            port = stack.enter_context(VirtualPort(device, folder / f"tty{number}"))
            truth = Performer(PERSON).perform(plan).labels
            rate = 1 + skew_ppm * 1e-6
            found.append(Board(port, device, truth, rate))
        yield found


def record(
    boards: list[Board], folder: Path, repeats: int = 2, desk: Desk | None = None
) -> Sitting:
    """Hands-free, into a workspace; a lost board is waited for half a second."""
    links = [BoardLink(SerialPort(str(b.port.path)), patience_s=0.5) for b in boards]
    plan = CapturePlan("circle", repeats, hands_free=True, participant="anna")
    with sitting(links, Workspace(folder), desk or Desk()) as recordings:
        assert recordings.record(plan)
    return recordings


def turning(recording: Recording, unix_s: NDArray[np.floating]) -> NDArray[np.float64]:
    """Size of the rate of turning at moments of Unix time, by the file's own log time."""
    samples, info = recording.samples, recording.info
    at_s = (info.started_unix_ns + samples.device_time_us * 1000) * 1e-9
    rate = samples.gyr_or_zero_dps - np.median(samples.gyr_or_zero_dps, axis=0)
    return np.asarray(np.interp(unix_s, at_s, np.linalg.norm(rate, axis=1)), np.float64)


def apart_s(first: Recording, second: Recording, shaken_s: tuple[float, float]) -> float:
    """By how much the second's shake seems too late: where both fit best."""
    around_s = np.arange(-0.8, 0.8, 0.001)
    shifts_s = np.arange(-0.06, 0.06, 0.0005)
    one = turning(first, shaken_s[0] + around_s)
    other_s = shaken_s[1] + around_s
    fits = [np.corrcoef(one, turning(second, other_s + shift))[0, 1] for shift in shifts_s]
    return float(shifts_s[int(np.argmax(fits))])


@pytest.mark.parametrize("skews_ppm", [[40.0, -60.0]])
def test_two_boards_agree_on_when_they_were_shaken(skews_ppm: list[float], tmp_path: Path) -> None:
    with boards(tmp_path, skews_ppm) as found:
        recordings = record(found, tmp_path)
    first, second = (read_recording(report.path) for report in recordings.reports)
    names = [report.path.stem for report in recordings.reports]
    ids = [first.info.device_id[-4:], second.info.device_id[-4:]]
    assert names == [f"circle-anna-1-{end}" for end in ids]
    assert ids[0] != ids[1]
    errors_s = [
        apart_s(first, second, shaken_s)
        for shaken_s in zip(found[0].shaken_s(), found[1].shaken_s(), strict=True)
    ]
    assert max(map(abs, errors_s)) < MOST_APART_S
    for board, report in zip(found, recordings.reports, strict=True):
        assert_labelled(report.path, board.shakes)


def assert_labelled(path: Path, shakes: Sequence[Label]) -> None:
    origin_s = read_recording(path).samples.device_time_us[0] * 1e-6
    labels = make.labels_of(path)
    assert len(labels) == len(shakes)
    for label, truth in zip(labels, shakes, strict=True):
        assert abs(label.start_s + origin_s - truth.start_s) < 0.2
        assert abs(label.end_s + origin_s - truth.end_s) < 0.2


def test_a_board_that_is_away_during_a_repeat_has_no_label_there(tmp_path: Path) -> None:
    with boards(tmp_path, [0.0, 0.0], shakes=3) as found:
        person, port = Person(), found[1].port
        timers = [threading.Timer(0.6, port.unplug), threading.Timer(0.9, port.plug)]

        def mistreat(text: str) -> None:
            for timer in timers if text == "1 of 3" else ():
                timer.start()

        person.after = mistreat
        recordings = record(found, tmp_path, repeats=3, desk=person)
        shakes = [board.shakes for board in found]
    first, second = recordings.reports
    assert_labelled(first.path, shakes[0])
    assert_labelled(second.path, [shakes[1][0], shakes[1][2]])
    assert (first.lost, second.lost > 0) == (0, True)
    steps_us = np.diff(read_recording(second.path).samples.device_time_us)
    assert steps_us.max() > 200_000
    assert [text.split(": ")[0] for text in person.heard if "is back" in text] == [
        f"board {second.path.stem[-4:]}"
    ]


def test_a_board_that_is_lost_for_good_stops_no_other(tmp_path: Path) -> None:
    person = Person()
    with boards(tmp_path, [0.0, 0.0]) as found:
        person.after = lambda text: found[1].port.unplug() if text == "1 of 2" else None
        with pytest.raises(LinkError, match=r"waited 0\.5 s"):
            record(found, tmp_path, desk=person)
    (alive, dead) = sorted(tmp_path.glob("recordings/*.mcap"), key=lambda p: -p.stat().st_size)
    assert len(make.labels_of(alive)) == 2
    assert len(make.labels_of(dead)) == 1
    assert read_recording(dead).samples.duration_s < read_recording(alive).samples.duration_s - 1
    assert any("the others go on" in text for text in person.heard)


def test_the_first_board_lost_for_good_ends_all_files_well(tmp_path: Path) -> None:
    person = Person()
    with boards(tmp_path, [0.0, 0.0]) as found:
        person.after = lambda text: found[0].port.unplug() if text == "1 of 2" else None
        with pytest.raises(LinkError, match=r"waited 0\.5 s"):
            record(found, tmp_path, desk=person)
    paths = sorted(tmp_path.glob("recordings/*.mcap"))
    assert [len(make.labels_of(path)) for path in paths] == [1, 1]
    assert all(len(read_recording(path).samples) > 100 for path in paths)
