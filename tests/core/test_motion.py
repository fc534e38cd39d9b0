"""`motion.h`: each motion of the hand is told once, when it is over, and nothing else is."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from imu_gesture import _core
from tests.core.motions import RATE_HZ, Rows, drift, joined, moving, rest

PARAMS = _core.MotionParams()
LATE_S = 0.3  # for what varied to be forgotten


def detector(params: _core.MotionParams = PARAMS, channels: int = 6) -> _core.MotionDetector:
    return _core.MotionDetector(params, channels, 1 / RATE_HZ)


def over_s(rows: Rows, params: _core.MotionParams = PARAMS) -> list[float]:
    """When motions are over, in seconds since the first row."""
    over = detector(params, rows.shape[1]).update(rows)
    return [(row + 1) / RATE_HZ for row in np.flatnonzero(over).tolist()]


CASES = {
    "a board that lies": (rest(60.0), []),
    "one gesture": (joined(rest(2), moving(1.0), rest(2)), [3.0]),
    "a gentle one": (joined(rest(2), moving(1.0, 0.12, 25.0), rest(2)), [3.0]),
    "a turn without a push": (joined(rest(2), moving(1.0, 0.0, 90.0), rest(2)), [3.0]),
    "two gestures in a row": (joined(rest(2), moving(1), rest(0.8), moving(1), rest(2)), [3, 4.8]),
    "a pause within one": (joined(rest(2), moving(0.6), rest(0.1), moving(0.6), rest(2)), [3.3]),
    "a slow drift of both sensors": (drift(60.0, 0.5, 30.0), []),
    "a bump": (joined(rest(2), moving(0.04, 3.0, 500.0, hz=12), rest(2)), []),
    "the first rows move": (joined(moving(1.0), rest(2)), [1.0]),
    "cut off before it is over": (joined(rest(2), moving(1.0), rest(0.1)), []),
}


@pytest.mark.parametrize("name", CASES)
def test_a_motion_is_told_once_soon_after_its_end(name: str) -> None:
    rows, ends_s = CASES[name]
    found = over_s(rows)
    assert len(found) == len(ends_s), found
    for at_s, end_s in zip(found, ends_s, strict=True):
        assert PARAMS.calm_s < at_s - end_s < PARAMS.calm_s + LATE_S


def test_a_gesture_on_a_shaking_bus_is_told_beside_the_bus() -> None:
    bus, gesture_s = over_s(joined(moving(20, 0.1, 5.0, hz=6), moving(1), rest(2)))
    assert bus == pytest.approx(PARAMS.longest_s, abs=0.2)
    assert PARAMS.calm_s < gesture_s - 21 < PARAMS.calm_s + LATE_S


@pytest.mark.parametrize("hz", [1.0, 2.0, 6.0])
def test_a_motion_without_end_is_told_once_at_its_greatest_length(hz: float) -> None:
    rows = joined(rest(2), moving(60.0, hz=hz), rest(3), moving(1.0), rest(1))
    first_s, *others = over_s(rows)
    assert first_s == pytest.approx(2 + PARAMS.longest_s, abs=0.1)
    assert len(others) == 1  # the gesture after it
    assert others[0] == pytest.approx(66 + PARAMS.calm_s, abs=LATE_S)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("changed", [{}, {"memory_s": 0.1, "longest_s": 1.0}])
def test_cut_in_two_and_resumed_it_gives_the_same_bits(
    seed: int, changed: dict[str, float]
) -> None:
    params = _core.MotionParams(**changed)
    rows = joined(rest(1), moving(0.7, seed=seed), rest(1), moving(1.9), rest(1))
    cut = int(np.random.default_rng(seed).integers(1, len(rows)))
    whole, first, second = detector(params), detector(params), detector(params)
    expected = whole.update(rows)
    found = [first.update(rows[:cut].copy())]
    second.restore(first.state())
    found.append(second.update(rows[cut:].copy()))
    assert np.array_equal(np.concatenate(found), expected)
    assert second.state() == whole.state()


def test_the_accelerometer_alone_tells_a_push() -> None:
    rows = joined(rest(2), moving(1.0), rest(2))[:, :3].copy()
    assert len(over_s(rows)) == 1


def test_not_a_number_triggers_nothing_and_a_damaged_state_is_refused() -> None:
    rows = joined(rest(1), moving(1.0), rest(1))
    rows[20] = np.nan
    assert over_s(rows) == []
    with pytest.raises(ValueError, match="damaged"):
        detector().restore(detector().state()[:-1])


def test_parameters_are_plain_values() -> None:
    params = _core.MotionParams(calm_s=0.25)
    assert copy.deepcopy(params) == params
    assert hash(_core.MotionParams(calm_s=0.25)) == hash(params)
    assert params not in (PARAMS, 3, None)
    with pytest.raises(ValueError, match="calm_s: a positive number"):
        _core.MotionParams(calm_s=0.0)


@pytest.mark.parametrize(
    ("channels", "width", "said"), [(6, 3, "rows: "), (7, 7, "1 to 6"), (0, 6, "1 to 6")]
)
def test_rows_of_another_width_are_refused(channels: int, width: int, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        detector(channels=channels).update(np.zeros((2, width), np.float32))
