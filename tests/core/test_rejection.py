"""`decision.h`: a movement whose logits are uneven is none that the model knows."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from imu_gesture import _core

HOP_US = 100_000
STEPS = int(_core.SPREAD_STEPS)
NEVER_UNKNOWN = [100, -20, -20, -20]  # all others alike

Int8Array = NDArray[np.int8]


def outputs(logits: Int8Array, best_score: int = 120) -> Int8Array:
    """Scores that are sure of the highest logit, and the logits behind them."""
    scores = np.full(logits.shape, -128, np.int8)
    scores[np.arange(len(logits)), logits.argmax(axis=1)] = best_score
    return np.hstack([scores, logits])


def reported(rows: Int8Array, most_spread: int, smoothing: int = 1) -> list[int]:
    """Hops at which a gesture is reported, each by a decision of its own run."""
    classes = rows.shape[1] // 2
    params = _core.DecisionParams([200] * classes, smoothing, 0, most_spread)
    end_us = np.arange(len(rows), dtype=np.int64) * HOP_US
    run = (np.arange(len(rows)) // smoothing).astype(np.int32)
    return [e.device_time_us // HOP_US for e in _core.decide(params, end_us, rows, run)]


def known(logits: list[int], most_spread: int) -> bool:
    """In whole numbers of any size: the variance of all but the highest, against the limit."""
    best = logits.index(max(logits))
    others = logits[:best] + logits[best + 1 :]
    variance = len(others) * sum(x * x for x in others) - sum(others) ** 2
    return variance * STEPS**2 <= (len(others) * most_spread) ** 2


@pytest.mark.parametrize("classes", [2, 3, 5, 11, 32])
@pytest.mark.parametrize("most_spread", [1, 300, 700, int(_core.MOST_SPREAD)])
def test_the_core_rejects_what_the_formula_does(classes: int, most_spread: int) -> None:
    rng = np.random.default_rng((classes, most_spread))
    width = rng.choice([4, 30, 90, 128], (400, 1))
    logits = rng.integers(-width, width, (400, classes)).astype(np.int8)
    expected = [i for i, row in enumerate(logits.tolist()) if known(row, most_spread)]
    assert reported(outputs(logits), most_spread) == expected
    if classes > 2 and most_spread in (300, 700):
        assert 0 < len(expected) < 400


EXTREMES = {
    "half at each end": [127] + [-128] * 16 + [126] * 15,
    "one at the other end": [127, 126] + [-128] * 30,
    "all alike": [-128] * 32,
    "all highest": [127] * 32,
    "one other class": [127, -128],
}


@pytest.mark.parametrize("logits", EXTREMES.values(), ids=EXTREMES.keys())
@pytest.mark.parametrize("most_spread", [1, 1000, int(_core.MOST_SPREAD)])
def test_nothing_overflows(logits: list[int], most_spread: int) -> None:
    rows = outputs(np.array([logits], np.int8))
    assert reported(rows, most_spread) == ([0] if known(logits, most_spread) else [])


def test_a_limit_holds_to_the_sixteenth_of_a_step() -> None:
    logits = np.array([[100, -20, -20, -17]], np.int8)  # standard deviation sqrt(2) = 22.6 / 16
    assert [reported(outputs(logits), limit) for limit in (22, 23)] == [[], [0]]


def test_without_a_limit_nothing_is_rejected_whether_there_are_logits_or_not() -> None:
    rows = outputs(np.array([[100, 99, -128, 0]], np.int8))
    assert reported(rows, 0) == [0]
    params = _core.DecisionParams([200] * 4, 1, 0)
    scores = np.ascontiguousarray(rows[:, :4])
    assert len(_core.decide(params, np.zeros(1, np.int64), scores)) == 1


UNKNOWN = [100, 90, -100, -20]


@pytest.mark.parametrize(
    ("name", "timeline", "expected"),
    [
        ("known", "kkk", [2]),
        ("unknown", "uuuuuu", []),
        ("one that is not known scores nothing", "ukk", []),
        ("it is reported when enough is known", "kukkkk", [4]),
        ("never at a window that is not known itself", "kkukkk", [3]),
    ],
)
def test_an_unknown_window_scores_nothing_and_none_is_reported_at_it(
    name: str, timeline: str, expected: list[int]
) -> None:
    kinds = {"k": NEVER_UNKNOWN, "u": UNKNOWN}
    rows = outputs(np.array([kinds[kind] for kind in timeline], np.int8), best_score=127)
    threshold = 170 if name.startswith("never") else 200  # two of three windows, or all
    params = _core.DecisionParams([threshold] * 4, 3, 0, 100)
    end_us = np.arange(len(rows), dtype=np.int64) * HOP_US
    found = [e.device_time_us // HOP_US for e in _core.decide(params, end_us, rows)]
    assert found == expected, name


def test_to_reject_logits_are_needed() -> None:
    params = _core.DecisionParams([200] * 4, 1, 0, 100)
    assert params.outputs == 8
    with pytest.raises(ValueError, match="with logits"):
        _core.decide(params, np.zeros(1, np.int64), np.zeros((1, 4), np.int8))


@pytest.mark.parametrize("most_spread", [-1, int(_core.MOST_SPREAD) + 1])
def test_limits_that_do_not_fit_are_refused(most_spread: int) -> None:
    with pytest.raises(ValueError, match="most_spread"):
        _core.DecisionParams([200], 1, 0, most_spread)
