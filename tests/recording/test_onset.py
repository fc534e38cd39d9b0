"""Motions found in a stream, against what was truly performed."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest

from imu_gesture.labels import BACKGROUND, Label
from imu_gesture.recording.onset import OnsetDetector, Stretch
from imu_gesture.samples import Samples
from imu_gesture.simulation.chips import BMI270_BOARD, LSM9DS1_BOARD, Chip
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.performer import GESTURES, REST, Action, Performer
from imu_gesture.simulation.signals import ideal_signals
from tests.recording.test_activity import moving, still

REPEATS = 10


class Performance(NamedTuple):
    samples: Samples
    labels: tuple[Label, ...]


def performed(plan: list[Action], seed: int, chip: Chip = LSM9DS1_BOARD) -> Performance:
    motion = Performer(seed).perform(plan)
    return Performance(Device(chip, seed).measure(ideal_signals(motion)), motion.labels)


def repeats_of(gesture: str, seed: int, chip: Chip = LSM9DS1_BOARD) -> Performance:
    """Ten repeats, with pauses of different length."""
    rng = np.random.default_rng((seed, 9))
    plan = [Action(REST, 2.0)]
    for _ in range(REPEATS):
        plan += [Action(gesture), Action(REST, float(rng.uniform(0.7, 2.0)))]
    return performed([*plan, Action(REST, 1.0)], seed, chip)


def overlap(label: Label, stretch: Stretch) -> float:
    """Shared time, as a share of the time that either covers."""
    start_s, end_s = stretch.start_us * 1e-6, stretch.end_us * 1e-6
    shared_s = min(label.end_s, end_s) - max(label.start_s, start_s)
    return shared_s / (max(label.end_s, end_s) - min(label.start_s, start_s))


@pytest.mark.parametrize("chip", [LSM9DS1_BOARD, BMI270_BOARD], ids=lambda chip: chip.board)
@pytest.mark.parametrize("gesture", GESTURES)
@pytest.mark.parametrize("seed", range(4))
def test_each_repeat_is_found_once_and_where_it_is(seed: int, gesture: str, chip: Chip) -> None:
    samples, labels = repeats_of(gesture, seed, chip)
    found = OnsetDetector().update(samples)
    assert len(found) == REPEATS
    overlaps = [overlap(*pair) for pair in zip(labels, found, strict=True)]
    assert min(overlaps) > 0.5
    assert np.median(overlaps) > 0.75


@pytest.mark.parametrize("offset_dps", [(30, -30, 30), (-30, 0, 15)])
def test_a_gyroscopes_offset_changes_nothing(offset_dps: tuple[float, ...]) -> None:
    samples, _ = repeats_of("circle", 5)
    gyr_dps = samples.gyr_or_zero_dps + np.array(offset_dps, np.float32)
    plain, found = (
        np.array([(s.start_us, s.end_us) for s in OnsetDetector().update(each)])
        for each in (samples, replace(samples, gyr_dps=gyr_dps))
    )
    assert plain.shape == found.shape == (REPEATS, 2)
    assert np.abs(plain - found).max() < 10_000


@pytest.mark.parametrize("size", [1, 7, 10, 119])
def test_chunks_make_no_difference(size: int) -> None:
    samples, _ = repeats_of("twist", 6)
    chunks = [samples.rows(slice(i, i + size)) for i in range(0, len(samples), size)]
    detector = OnsetDetector()
    assert [s for chunk in chunks for s in detector.update(chunk)] == OnsetDetector().update(
        samples
    )


@pytest.mark.parametrize("seed", range(4))
def test_a_resting_hand_is_no_motion(seed: int) -> None:
    samples, _ = performed([Action(REST, 60.0)], seed)
    assert OnsetDetector().update(samples) == []


def test_a_board_on_a_table_that_is_taken_up_is_no_repeat_for_ever() -> None:
    table = still(600)
    hand, labels = repeats_of("wave", 7)
    later_us = int(table.device_time_us[-1]) + 8403
    detector = OnsetDetector()
    detector.update(table)
    found = detector.update(replace(hand, device_time_us=hand.device_time_us + later_us))
    late = [s for s in found if s.start_us > later_us + round(labels[3].start_s * 1e6) - 300_000]
    assert len(late) == REPEATS - 3


@pytest.mark.parametrize(
    ("motions", "expected"),
    [
        pytest.param([(200, 300)], [(200, 300)], id="one"),
        pytest.param([(200, 260), (280, 340)], [(200, 340)], id="a short pause is none"),
        pytest.param([(200, 260), (360, 420)], [(200, 260), (360, 420)], id="two"),
        pytest.param([(200, 206)], [], id="a knock"),
        pytest.param([(200, 1100), (1300, 1400)], [(1300, 1400)], id="too long for a gesture"),
        pytest.param([(0, 60), (400, 500)], [(400, 500)], id="moved from the very beginning"),
    ],
)
def test_what_is_one_motion(
    motions: list[tuple[int, int]], expected: list[tuple[int, int]]
) -> None:
    samples = still(1700)
    for start, stop in motions:
        samples = moving(samples, start, stop, 1.0, 200.0)
    found = OnsetDetector().update(samples)
    times_us = samples.device_time_us
    assert len(found) == len(expected)
    for stretch, (start, stop) in zip(found, expected, strict=True):
        assert abs(stretch.start_us - int(times_us[start])) < 200_000
        assert abs(stretch.end_us - int(times_us[stop])) < 200_000


def test_a_silence_ends_a_motion() -> None:
    samples = moving(still(600), 200, 300, 1.0, 200.0)
    times_us = samples.device_time_us.copy()
    times_us[280:] += 9_000_000
    found = OnsetDetector().update(replace(samples, device_time_us=times_us))
    assert [s.end_us < int(times_us[280]) for s in found] == [True]


def test_everyday_movements_are_no_end_of_repeats() -> None:
    samples, _ = performed([Action(REST, 2.0), Action(BACKGROUND, 30.0), Action(REST, 4.0)], 3)
    gesture, labels = repeats_of("push", 3)
    later_us = int(samples.device_time_us[-1]) + 8403
    detector = OnsetDetector()
    detector.update(samples)
    found = detector.update(replace(gesture, device_time_us=gesture.device_time_us + later_us))
    starts = [round((s.start_us - later_us) * 1e-6, 1) for s in found]
    assert len([s for s in starts if s > labels[0].start_s - 0.3]) == REPEATS
