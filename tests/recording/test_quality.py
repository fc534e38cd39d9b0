"""The verdict: each fault put into a good recording is found, with its kind and its place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from imu_gesture.labels import BACKGROUND
from imu_gesture.link.link import SamplesLost
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import Recording
from imu_gesture.recording.quality import quality
from imu_gesture.simulation.chips import BMI270_BOARD, LSM9DS1_BOARD, Chip
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.performer import GESTURES, REST, Action, Performer
from imu_gesture.simulation.signals import ideal_signals
from tests import make
from tests.recording import faults as f
from tests.recording.faults import ALL, FIRST, FIRST_S, Fault, good

TAIL = slice(FIRST, None)


@pytest.mark.parametrize("seed", range(5))
def test_good_recordings_are_good(seed: int) -> None:
    for recording in (good(seed), Recording(make.noise(1000, seed), RecordingInfo())):
        found = quality(recording)
        assert found.problems == ()
        assert found.verdict == "good"


@pytest.mark.parametrize("chip", [LSM9DS1_BOARD, BMI270_BOARD], ids=lambda chip: chip.board)
@pytest.mark.parametrize("seed", range(10))
def test_boards_within_their_datasheet_are_not_bad(chip: Chip, seed: int) -> None:
    board = Device(chip, seed)
    actions = [Action(name, 1.0) for gesture in GESTURES for name in (REST, gesture, REST)]
    samples = board.measure(ideal_signals(Performer(seed).perform(actions)))
    found = quality(Recording(samples, RecordingInfo(**board.info.model_dump())))
    assert {problem.kind for problem in found.problems} <= {"clipped"}
    assert found.verdict != "bad"
    assert found.acc_rest_g == pytest.approx(1, abs=0.2)
    assert found.clock_error_ppm is not None
    assert abs(found.clock_error_ppm) < 5e4
    assert found.rate_hz == pytest.approx(chip.rate_hz * (1 + found.clock_error_ppm / 1e6))


CASES: dict[str, tuple[Fault, str, str, float | None]] = {
    "a lost sample in fifty": (f.dropped(slice(FIRST, None, 50)), "warning", "lost samples", 4.19),
    "a lost sample in ten": (f.dropped(slice(50, None, 10)), "bad", "lost samples", 0.41),
    "a second lost": (f.dropped(slice(FIRST, FIRST + 119)), "warning", "lost samples", 4.19),
    "a pause": (f.shifted(2_000_000), "warning", "silence", 4.19),
    "an early restart": (f.shifted(-4_000_000), "bad", "time order", 4.19),
    "a late restart": (f.shifted(-100_000, 1500), "warning", "time order", 12.6),
    "a few equal times": (
        f.doubled(slice(FIRST, FIRST + 9, 3)),
        "warning",
        "duplicate times",
        4.19,
    ),
    "times of packets": (
        f.both(f.in_packets(4), f.said(stated_rate_hz=None)),
        *("bad", "duplicate times", 0.0),
    ),
    "missing unnumbered": (
        f.both(f.dropped(slice(FIRST, None, 20)), f.renumbered()),
        *("warning", "uneven times", 4.19),
    ),
    "jitter": (f.jittered(0.3), "warning", "uneven times", None),
    "another rate than stated": (f.said(stated_rate_hz=104.0), "warning", "rate", None),
    "far too slow": (f.retimed(lambda times_us: times_us * 20), "bad", "rate", None),
    "read twice as often": (f.polled(2), "warning", "stale", 0.0),
    "read four times as often": (f.polled(4), "bad", "stale", 0.0),
    "hung for a moment": (
        f.both(f.hung(14), f.hung(2, start=100)),  # the single repeat is none worth a word
        *("warning", "stale", FIRST_S),
    ),
    "hung for long": (f.hung(200), "bad", "stale", FIRST_S),
    "clipped peaks": (
        f.both(
            f.said(acc_range_g=4.0),
            f.readings("acc_g", slice(1, 2), slice(FIRST, FIRST + 10), lambda _: 3.9999),
        ),
        *("warning", "clipped", FIRST_S),
    ),
    "clipped, range unknown": (
        f.readings("gyr_dps", slice(2, 3), slice(FIRST, FIRST + 10), lambda _: -250.0),
        *("warning", "clipped", FIRST_S),
    ),
    "clipped all the time": (
        f.both(
            f.said(gyr_range_dps=500.0),
            f.readings("gyr_dps", ALL, TAIL, lambda v: 500 * np.sign(v)),
        ),
        *("bad", "clipped", FIRST_S),
    ),
    "a dead axis": (f.constant("gyr_dps", 1, ALL), "bad", "stuck", 0.0),
    "an axis that dies": (f.constant("acc_g", 2, TAIL, 0.9), "bad", "stuck", FIRST_S),
    "an axis that sticks": (
        f.constant("acc_g", 1, slice(170, 235)),  # within the second gesture
        *("warning", "stuck", 170 / 119),
    ),
    "a dead gyroscope": (f.scaled("gyr_dps", 0.0), "bad", "stuck", 0.0),
    "m/s2 for g": (f.scaled("acc_g", 9.80665), "bad", "acceleration", 0.0),
    "mg for g": (f.scaled("acc_g", 1000.0), "bad", "acceleration", 0.0),
    "half the full scale": (f.scaled("acc_g", 0.5), "bad", "acceleration", 0.0),
    "twice the full scale": (f.scaled("acc_g", 2.0), "bad", "acceleration", 0.0),
    "a bad offset": (f.offset("acc_g", 0.25, slice(2, 3)), "warning", "acceleration", 0.0),
    "gravity removed": (f.offset("acc_g", -1.0, slice(2, 3)), "bad", "acceleration", 0.0),
    "gravity not removed": (f.said(gravity="removed"), "bad", "acceleration", 0.0),
    "an impossible offset": (f.offset("gyr_dps", -60.0), "warning", "gyroscope", 0.0),
    "a field in gauss": (f.scaled("mag_ut", 0.01), "warning", "field", None),
    "a magnet": (f.offset("mag_ut", 300.0), "warning", "field", None),
    "a stuck axis of the magnetometer": (
        f.constant("mag_ut", 1, ALL, 12.0),
        *("warning", "stuck", 0.0),
    ),
    "a dead magnetometer": (
        f.readings("mag_ut", ALL, ALL, lambda _: 30.0),
        *("warning", "stuck", 0.0),
    ),
    "a clock of another frequency": (f.clock_off(20_000), "warning", "clock", None),
    "a slow clock": (f.clock_off(-20_000), "warning", "clock", None),
    "a board that was reset": (f.heard(SamplesLost(None)), "warning", "lost samples", None),
    "no number": (
        f.constant("acc_g", 0, slice(FIRST, FIRST + 1), np.nan),
        "bad",
        "not a number",
        FIRST_S,
    ),
    "no number of the gyroscope": (
        f.constant("gyr_dps", 2, slice(FIRST, FIRST + 1), np.inf),
        *("bad", "not a number", FIRST_S),
    ),
    "no number of the magnetometer": (
        f.constant("mag_ut", 1, slice(2, 5), np.inf),
        *("warning", "not a number", None),
    ),
    "no sample": (f.dropped(ALL), "bad", "too short", None),
    "one sample": (f.dropped(slice(1, None)), "bad", "too short", None),
}


HEALTHY: dict[str, Fault] = {
    "one sample lost": f.dropped(slice(FIRST, FIRST + 1)),
    "a millisecond clock": f.retimed(lambda times_us: times_us // 1000 * 1000),
    "an axis still for a tenth of a second": f.constant("acc_g", 1, slice(170, 182)),
    "one clipped sample": f.both(
        f.said(acc_range_g=4.0), f.constant("acc_g", 1, slice(FIRST, FIRST + 1), 4.0)
    ),
    "the largest offsets of the datasheet": f.both(
        f.offset("gyr_dps", 30.0), f.offset("acc_g", 0.09)
    ),
    "a rate within the datasheet": f.said(stated_rate_hz=119 * 1.05),
    "iron on the board": f.offset("mag_ut", 60.0),
    "a crystal": f.clock_off(100),
    "a clock within one percent": f.clock_off(9_000),
    "a clock of which too little is known": f.clock_off(20_000, probes=1),
    "a few lost, and counted": f.heard(SamplesLost(1)),
    "no gyroscope": f.on_samples(lambda s: replace(s, gyr_dps=None)),
}


@pytest.mark.parametrize("case", HEALTHY)
def test_what_is_usual_is_no_fault(case: str) -> None:
    assert quality(HEALTHY[case](good())).problems == ()


@pytest.mark.parametrize("case", CASES)
def test_each_fault_is_found_where_it_is(case: str) -> None:
    fault, severity, kind, at_s = CASES[case]
    found = quality(fault(good()))
    (problem,) = found.problems
    assert (problem.severity, problem.kind) == (severity, kind), problem.message
    assert found.verdict == {"warning": "usable", "bad": "bad"}[severity]
    assert problem.at_s == (None if at_s is None else pytest.approx(at_s, abs=0.02))
    assert (
        (f"first at {problem.at_s:.2f} s; " in problem.message) if at_s else "; " in problem.message
    )


def test_the_place_is_said_in_words_and_advice_follows() -> None:
    (problem,) = quality(f.constant("acc_g", 2, TAIL, 0.9)(good())).problems
    assert problem.message == (
        "acc_z keeps one value for up to 8.80 s while others move, first at 4.20 s; "
        "check the columns of the import, or the sensor, and record again"
    )


@pytest.mark.parametrize(
    ("factor", "advice"),
    [
        (9.80665, "--acc-unit m/s2"),
        (1000.0, "--acc-unit mg"),
        (1 / 9.80665, "--acc-unit g"),
        (1e-3, "--acc-unit g"),
        (4.0, "check range and unit"),
    ],
)
def test_a_wrong_unit_is_recognised(factor: float, advice: str) -> None:
    (problem,) = quality(f.scaled("acc_g", factor)(good())).problems
    assert advice in problem.message


@pytest.mark.parametrize("factor", [9.80665, 0.1])
def test_a_wrong_unit_is_seen_without_any_rest(factor: float) -> None:
    restless = Recording(make.noise(1000), RecordingInfo())
    found = quality(f.scaled("acc_g", factor)(restless))
    assert found.acc_rest_g is None
    assert [(p.severity, p.kind) for p in found.problems] == [("bad", "acceleration")]


@pytest.mark.parametrize("motion", [*GESTURES, BACKGROUND])
@pytest.mark.parametrize("chip", [LSM9DS1_BOARD, BMI270_BOARD], ids=lambda chip: chip.board)
def test_radians_taken_for_degrees_are_seen_where_a_board_is_turned(
    chip: Chip, motion: str
) -> None:
    board = Device(chip, 1)
    info = RecordingInfo(board=board.info.board)
    actions = [Action(name, 2.0) for name in (REST, motion) * 4]
    right = Recording(board.measure(ideal_signals(Performer(1).perform(actions))), info)
    assert "gyroscope" not in {problem.kind for problem in quality(right).problems}
    turned = quality(right).turning_scale is not None
    for factor, unit in ((np.pi / 180, "--gyr-unit rad/s"), (180 / np.pi, "--gyr-unit deg/s")):
        problems = quality(f.scaled("gyr_dps", factor)(right)).problems
        messages = [problem.message for problem in problems if unit in problem.message]
        assert len(messages) == turned, (motion, factor)


def test_most_gestures_show_the_gyroscopes_unit() -> None:
    board = Device(LSM9DS1_BOARD, 1)
    actions = [Action(name, 1.0) for gesture in GESTURES for name in (REST, gesture, REST)]
    samples = board.measure(ideal_signals(Performer(1).perform(actions)))
    found = quality(Recording(samples, RecordingInfo()))
    assert found.turning_scale == pytest.approx(1, abs=0.3)


def test_the_clocks_error_is_told_with_its_bound() -> None:
    found = quality(f.clock_off(43)(good()))
    assert found.clock_skew_ppm == pytest.approx(43, abs=1)
    assert found.clock_skew_bound_ppm == pytest.approx(2e-3 / 13 * 1e6, rel=0.01)
    assert quality(good()).clock_skew_ppm is None
