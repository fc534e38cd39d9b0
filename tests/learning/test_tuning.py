"""Settings are chosen by what they do: the budget first, then the gestures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from imu_gesture import _core
from imu_gesture.labels import Label
from imu_gesture.learning.continuous import decide_on
from imu_gesture.learning.streams import ScoredStream
from imu_gesture.learning.tuning import (
    DEFAULT_THRESHOLD,
    LEAST_DISTANCE,
    Tuned,
    default_setting,
    tune,
)
from tests.learning.scored import APART, HOP_S, NAMES, scored

HOURS = 4.0
LEVELS = {"W": 0.75, "P": 0.55}  # a wave that background looks like, a push that it does not


def gestures(
    levels: dict[str, float],
    letters: str = "wp",
    count: int = 12,
    logit_step: float | None = None,
) -> ScoredStream:
    """Each gesture lasts a second and is seen at its end, three seconds apart."""
    names = {"w": "wave", "p": "push"}
    timeline, labels = "", []
    for i in range(count):
        letter = letters[i % len(letters)]
        start_s = len(timeline) * HOP_S
        labels.append(Label(start_s + 0.6, start_s + 1.6, names[letter.lower()]))
        timeline += "." * 10 + letter * 7 + "." * 13
    return scored(timeline, labels, levels, logit_step=logit_step)


def background(level: float, alarms: int, hours: float = HOURS) -> ScoredStream:
    """Hours in which a wave at this level is seen so many times."""
    hops = round(hours * 3600 / HOP_S)
    hop_of = set(np.linspace(100, hops - 100, alarms).astype(int).tolist()) if alarms else set()
    seen = {hop + i for hop in hop_of for i in range(7)}
    timeline = "".join("W" if hop in seen else "." for hop in range(hops))
    return scored(timeline, [Label(0, hours * 3600, "background/tea")], {"W": level})


def tuned(*streams: ScoredStream, budget_per_hour: float = 0.5, most_lost: float = 0.05) -> Tuned:
    return tune(streams, NAMES, HOP_S, budget_per_hour, most_lost=most_lost)


def false_activations(found: Tuned, *streams: ScoredStream) -> int:
    decided = decide_on(streams, NAMES, found.setting.params, HOP_S)
    return sum(watch.false_activations for watch in decided.watched.values())


def test_thresholds_go_above_what_background_reaches() -> None:
    day = background(0.8, alarms=40)
    found = tuned(gestures({"w": 0.93, "p": 0.93}), day)
    assert false_activations(found, day) <= 1
    (point,) = (point for point in found.curve if point.shift == 0)
    assert (point.recall, point.precision) == (1.0, 1.0)
    assert found.enough


def test_a_larger_budget_buys_recall() -> None:
    day = background(0.8, alarms=6)  # 1.5 an hour, at a level above that of half of the waves
    hand = gestures({"w": 0.93, "W": 0.7, "p": 0.93}, letters="wWpp")
    strict, generous = (tuned(hand, day, budget_per_hour=budget) for budget in (0.5, 4.0))
    recall = [
        next(point.recall for point in found.curve if point.shift == 0)
        for found in (strict, generous)
    ]
    assert recall == [0.75, 1.0]
    assert false_activations(strict, day) == 0
    assert false_activations(generous, day) == 6


def test_each_gesture_has_the_threshold_that_it_needs() -> None:
    day = background(0.8, alarms=40)
    found = tuned(gestures({"w": 0.93, "P": 0.6}, letters="wP"), day)
    push, wave, never = found.setting.thresholds
    assert push < 0.6 * 256 < 0.8 * 256 < wave
    assert never == _core.NEVER
    assert false_activations(found, day) <= 1


def test_with_little_background_no_less_is_asked_for_than_by_default() -> None:
    found = tuned(gestures(LEVELS, letters="WP"), background(0.5, alarms=0, hours=0.5))
    assert min(found.setting.thresholds) >= DEFAULT_THRESHOLD
    assert found.setting.smoothing >= 3
    assert not found.enough
    assert found.hours_missing == pytest.approx(5.99 - 0.5, abs=0.01)


def test_a_budget_that_cannot_be_kept_is_come_as_near_to_as_possible() -> None:
    day = background(0.99, alarms=40)
    found = tuned(gestures({"w": 0.9, "p": 0.9}), day)
    assert found.setting.thresholds[1] <= 250
    assert false_activations(found, day) <= false_activations(
        tuned(gestures({"w": 0.9, "p": 0.9}), day, budget_per_hour=100.0), day
    )


def test_without_gestures_there_is_the_default() -> None:
    found = tuned(background(0.8, alarms=3))
    assert found.setting == default_setting(NAMES)
    assert default_setting(NAMES).thresholds == (179, 179, _core.NEVER)


def test_the_curve_falls_from_left_to_right() -> None:
    found = tuned(gestures({"w": 0.93, "p": 0.7}), background(0.8, alarms=20))
    rates = [point.background.false_activations for point in found.curve]
    recalls = [point.recall for point in found.curve]
    assert rates == sorted(rates, reverse=True)
    assert recalls == sorted(recalls, reverse=True)
    assert rates[0] > rates[-1]
    kept = found.as_json()
    assert kept["enough_background"] is True
    assert len(kept["curve"]) == len(found.curve)  # type: ignore[arg-type]


@pytest.mark.parametrize("watched", [False, True])
def test_where_each_window_is_decided_by_itself_nothing_is_averaged(watched: bool) -> None:
    hand = gestures({"w": 0.8, "p": 0.8})
    apart = replace(hand.stream, run=np.arange(len(hand.stream), dtype=np.int32))
    streams = [ScoredStream(apart, hand.scores), *([background(0.6, 40)] if watched else [])]
    found = tune(streams, NAMES, HOP_S, 0.5, separate=True)
    assert found.setting.smoothing == 1
    assert found.enough == watched
    assert min(found.setting.thresholds) >= (128 if watched else DEFAULT_THRESHOLD)
    assert default_setting(NAMES, separate=True).smoothing == 1
    (point,) = (point for point in found.curve if point.shift == 0)
    assert point.recall == 1.0


SURE = {"w": 0.95, "W": 0.95, "p": 0.95}


@pytest.mark.parametrize(
    ("letters", "count", "rejected"),
    [
        ("w", 20, ()),  # all alike: as much as can be
        ("w" * 19 + "W", 20, ("W",)),  # an uneven one of twenty may be lost
        ("w" * 9 + "W", 20, ()),  # two of twenty may not
    ],
)
def test_as_much_is_rejected_as_known_gestures_bear(
    letters: str, count: int, rejected: tuple[str, ...]
) -> None:
    found = tuned(gestures(SURE, letters, count, logit_step=0.1))
    assert found.setting.spread is not None
    # Standard deviation of two others: half of what lies between them.
    limits = {"w": APART[0] / 2, "W": APART[1] / 2}
    seen = {letter: limits[letter] > 1.01 * found.setting.spread for letter in set(letters)}
    assert tuple(letter for letter, gone in seen.items() if gone) == rejected
    assert found.as_json()["most_spread_of_logits"] == found.setting.spread


def test_alike_as_gestures_may_be_others_are_given_room() -> None:
    found = tuned(gestures(SURE, "wp", 20, logit_step=0.1))
    assert found.setting.spread == pytest.approx(LEAST_DISTANCE / 2**0.5)


def test_models_are_held_to_the_same_limit_whatever_their_step() -> None:
    hands = [gestures(SURE, "w" * 19 + "W", 20, logit_step=step) for step in (0.1, 0.4)]
    found = tuned(*hands)
    counts = [len(hand.events(NAMES, found.setting.params(hand.logit_step))) for hand in hands]
    assert counts == [19, 19]
    most = [found.setting.params(step).most_spread for step in (0.1, 0.4)]
    assert most[0] == pytest.approx(4 * most[1], abs=4)


def test_nothing_is_rejected_where_nothing_may_be_lost() -> None:
    found = tuned(gestures(SURE, "w" * 19 + "W", 20, logit_step=0.1), most_lost=0.0)
    assert found.setting.spread is None


def test_without_logits_nothing_is_rejected() -> None:
    found = tuned(gestures(SURE, "wW"))
    assert found.setting.spread is None
    assert replace(found.setting, spread=1.0).params(None).most_spread == 0


@pytest.mark.parametrize(
    ("spread", "most_spread"), [(None, 0), (1e-9, 1), (1.0, 160), (1e9, int(_core.MOST_SPREAD))]
)
def test_a_limit_is_told_in_sixteenths_of_a_step(spread: float | None, most_spread: int) -> None:
    setting = replace(default_setting(NAMES), spread=spread)
    assert setting.params(0.1).most_spread == most_spread
