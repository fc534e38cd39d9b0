"""Which of the board's gestures and marks went missing."""

from __future__ import annotations

import pytest

from imu_gesture.link.link import EventsLost, MarkReported
from imu_gesture.link.numbering import Numbering
from imu_gesture.link.virtual.faults import FaultParams
from tests.link.test_conversation import FAULTS, stop, streaming
from tests.link.wire import Wire

# numbers as they come, and how many each shows to be missing
CASES = {
    "in order": ([(5, 0), (6, 0), (7, 0)], 0),
    "some missing": ([(5, 0), (8, 2), (9, 0)], 2),
    "the same again": ([(5, 0), (5, 0), (6, 0)], 0),
    "overtaken": ([(5, 0), (7, 1), (6, 0), (8, 0)], 1),
    "over the wrap": ([(65534, 0), (65535, 0), (1, 1), (2, 0)], 1),
}


@pytest.mark.parametrize("case", CASES)
def test_missing_numbers_are_counted(case: str) -> None:
    steps, lost = CASES[case]
    numbering = Numbering()
    assert [numbering.take(number) for number, _ in steps] == [missing for _, missing in steps]
    assert numbering.lost == lost


def test_what_came_before_a_start_is_not_missing_but_what_came_between_two_is() -> None:
    numbering = Numbering()
    assert numbering.open_at(40) == 0
    assert numbering.take(40) == 0
    assert numbering.open_at(43) == 2


def test_a_reset_counts_from_zero() -> None:
    numbering = Numbering()
    numbering.take(7)
    numbering.restart()
    assert numbering.take(1) == 1


@pytest.mark.parametrize("faults", FAULTS)
def test_marks_that_do_not_arrive_are_told(faults: str) -> None:
    wire = Wire(stream=True, faults=FAULTS[faults], seed=5)
    streaming(wire)
    for _ in range(60):
        wire.device.mark(wire.device_us, 1)
        wire.run(0.05)
    wire.unplug()
    wire.device.mark(wire.device_us, 1)
    wire.connect()
    wire.introduce()
    wire.conversation.start()
    wire.introduce()
    stop(wire)
    told = sum(e.count for e in wire.events if isinstance(e, EventsLost) and e.what == "marks")
    came = sum(isinstance(e, MarkReported) for e in wire.events)
    assert came + told == 61
    assert (told == 1) == (FAULTS[faults] in {FaultParams(), FAULTS["duplicate"]})
