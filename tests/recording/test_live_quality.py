"""Warnings while recording: the same faults as afterwards, soon, and once each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.live_quality import LiveQuality
from imu_gesture.recording.mcap_file import Recording
from imu_gesture.recording.problem import Problem
from imu_gesture.samples import Samples
from imu_gesture.simulation.chips import BMI270_BOARD, LSM9DS1_BOARD, Chip
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.performer import GESTURES, REST, Action, Performer
from imu_gesture.simulation.signals import ideal_signals
from tests.recording import faults as f
from tests.recording.crash import piece
from tests.recording.faults import ALL, FIRST, Fault, good

LATER = slice(800, None)
LATER_S = 800 / 119


def told(recording: Recording, size: int = 2) -> Iterator[tuple[float, Problem]]:
    """Problems, each with the time at which it was told."""
    live, samples = LiveQuality(recording.info), recording.samples
    for start in range(0, len(samples), size):
        part = piece(samples, start, size)
        for problem in live.update(part):
            yield (part.device_time_us[-1] - samples.device_time_us[0]) * 1e-6, problem


CASES: dict[str, tuple[Fault, str, str, float]] = {
    "clipped": (
        f.both(f.said(acc_range_g=2.0), f.readings("acc_g", ALL, LATER, lambda v: 2 * np.sign(v))),
        *("bad", "clipped", LATER_S),
    ),
    "an axis that dies": (f.constant("acc_g", 2, LATER, 0.9), "bad", "stuck", LATER_S),
    "hung": (f.hung(300, 800), "bad", "stale", LATER_S),
    "m/s2 for g": (f.scaled("acc_g", 9.80665), "bad", "acceleration", 0.0),
    "another rate than stated": (f.said(stated_rate_hz=60.0), "warning", "rate", 0.0),
    "far too slow": (f.retimed(lambda times_us: times_us * 20), "bad", "rate", 0.0),
    "an impossible offset": (f.offset("gyr_dps", -60.0), "warning", "gyroscope", 0.0),
    "a magnet": (f.offset("mag_ut", 300.0), "warning", "field", 0.0),
}


@pytest.mark.parametrize("case", CASES)
def test_a_fault_is_told_within_seconds(case: str) -> None:
    fault, severity, kind, at_s = CASES[case]
    found = [
        (told_s, problem)
        for told_s, problem in told(fault(good()))
        if (problem.severity, problem.kind) == (severity, kind)
    ]
    assert len(found) == 1
    told_s, problem = found[0]
    assert at_s < told_s < max(at_s + 5.5, 4.5 if kind != "rate" else 10)
    assert problem.at_s is None or problem.at_s == pytest.approx(at_s, abs=4.0)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("chip", [LSM9DS1_BOARD, BMI270_BOARD], ids=lambda chip: chip.board)
def test_healthy_boards_clip_at_most(chip: Chip, seed: int) -> None:
    board = Device(chip, seed)
    actions = [Action(name, 1.0) for gesture in GESTURES for name in (REST, gesture, REST)]
    samples = board.measure(ideal_signals(Performer(seed).perform(actions)))
    recording = Recording(samples, RecordingInfo(**board.info.model_dump()))
    assert {problem.kind for _, problem in told(recording)} <= {"clipped"}


@pytest.mark.parametrize("size", [1, 7, 500])
def test_the_size_of_the_parts_changes_little(size: int) -> None:
    (first,) = told(f.constant("acc_g", 2, LATER, 0.9)(good()), size)
    assert first[1].kind == "stuck"


def test_the_place_is_counted_from_the_first_sample() -> None:
    (_, problem), *_ = told(f.hung(300, 800)(good()))
    assert problem.at_s == pytest.approx(LATER_S, abs=0.01)
    assert f"first at {problem.at_s:.2f} s" in problem.message


def test_a_clock_that_begins_anew_does_not_silence_it() -> None:
    faulty = f.constant("acc_g", 2, slice(FIRST, None), 0.9)(good()).samples
    times_us = faulty.device_time_us.copy()
    times_us[FIRST:] -= times_us[FIRST]
    anew = replace(faulty, device_time_us=times_us + 10**9 * (np.arange(len(faulty)) < FIRST))
    assert "stuck" in {problem.kind for _, problem in told(Recording(anew, RecordingInfo()))}


def test_memory_does_not_grow() -> None:
    live, samples = LiveQuality(RecordingInfo()), good().samples
    for round_number in range(20):
        later = samples.device_time_us + round_number * 13_000_000
        live.update(replace(samples, device_time_us=later))
    assert sum(map(len, live._parts)) < 2 * 119 * 4


def test_nothing_is_nothing() -> None:
    empty = good().samples.rows(slice(0))
    no_mag = replace(empty, mag_time_us=empty.mag_time_us[:0], mag_ut=empty.mag_ut[:0])
    live = LiveQuality(RecordingInfo())
    parts: list[Samples] = [no_mag, empty]
    assert [problem for part in parts for problem in live.update(part)] == []
