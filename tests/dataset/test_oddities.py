"""Examples that do not belong, among those that do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from imu_gesture.dataset.dataset import Dataset
from imu_gesture.dataset.oddities import Oddities, find_oddities
from imu_gesture.labels import BACKGROUND
from tests.dataset import cases

N = 40


def gestures(spread: float = 0.3) -> Dataset:
    """Two movements, each repeated with some variation."""
    base = cases.windows(N)
    rng = np.random.default_rng(3)
    shapes = rng.normal(size=(2, *base.context.shape[1:]))
    size = 1 + rng.normal(size=(N, 1, 1)) * 0.1
    varied = shapes[base.label] * size + rng.normal(size=base.context.shape) * spread
    return replace(base, context=varied.astype(np.float32))


def changed(dataset: Dataset, row: int, values: Any) -> Dataset:
    context = dataset.context.copy()
    context[row] = values
    return replace(dataset, context=context)


def rows(found: Oddities) -> list[int]:
    return [place.start_us // 2_000_000 for place in found.outliers]


def test_repeats_that_vary_as_people_do_are_not_odd() -> None:
    assert find_oddities(gestures()) == Oddities((), ())


@pytest.mark.parametrize("scale", [1.0, 1.0001])
def test_the_same_readings_twice_are_told_with_both_places(scale: float) -> None:
    whole = gestures()
    ((first, second),) = find_oddities(changed(whole, 21, whole.context[4] * scale)).duplicates
    assert (first.start_us, second.start_us) == (4 * 2_000_000, 21 * 2_000_000)
    assert (first.label, second.label) == ("down", "up")


def test_a_movement_unlike_the_others_of_its_label_is_told() -> None:
    whole = gestures()
    other = changed(whole, 6, -3 * whole.context[6])
    assert rows(find_oddities(other)) == [6]
    assert find_oddities(other).outliers[0].label == "down"


def test_the_most_unlike_comes_first() -> None:
    whole = gestures()
    both = changed(changed(whole, 6, -2 * whole.context[6]), 9, -4 * whole.context[9])
    assert rows(find_oddities(both)) == [9, 6]


def test_background_is_as_it_comes() -> None:
    whole = changed(gestures(), 7, 50.0)
    named = replace(whole, label_names=("down", BACKGROUND))
    assert rows(find_oddities(whole)) == [7]
    assert find_oddities(named).outliers == ()


def test_few_repeats_say_nothing_of_what_is_usual() -> None:
    few = gestures().subset(np.arange(10))
    assert find_oddities(changed(few, 2, -9 * few.context[2])).outliers == ()


def test_an_example_in_which_the_hand_rests_is_told_the_stillest_first() -> None:
    whole = gestures()
    posture = whole.context.mean(axis=1, keepdims=True)
    still = posture + 0.1 * (whole.context - posture)
    two = changed(changed(whole, 6, still[6]), 9, posture[9] + 0.2 * (still[9] - posture[9]))
    told = [place.start_us // 2_000_000 for place in find_oddities(two).resting]
    assert told == [9, 6]


def test_a_gesture_without_turning_is_no_rest() -> None:
    whole = gestures()
    context = whole.context.copy()
    context[6, :, 3:] *= 0.01
    assert find_oddities(replace(whole, context=context)).resting == ()


def test_rests_among_few_examples_are_not_told() -> None:
    whole = gestures()
    few = whole.subset(np.arange(12))
    assert len(np.flatnonzero(few.label == few.label[0])) < 8
    assert find_oddities(changed(few, 0, 0.0)).resting == ()
