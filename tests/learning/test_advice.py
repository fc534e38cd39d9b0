"""What to do next: each kind of trouble is named, and none invented."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from imu_gesture.dataset.dataset import Dataset
from imu_gesture.learning.advice import advice, advice_lines, suspects
from imu_gesture.learning.evaluation import Evaluation, Fold
from tests.dataset import cases
from tests.learning.test_evaluation import NO_MODEL

N = 120
NAMES = ("circle", "push", "wave")


def dataset(label: object = None, **columns: Any) -> Dataset:
    truth = np.arange(N) % 3 if label is None else np.asarray(label)
    return replace(cases.windows(N, label=truth, **columns), label_names=NAMES)


def judged(data: Dataset, predicted: object, probabilities: object = None) -> Evaluation:
    """In two folds, as by models that answer so."""
    answers = np.asarray(predicted)
    shares = np.eye(3, dtype=np.float32)[answers] if probabilities is None else probabilities
    folds = [
        Fold(
            name=f"half {half + 1}",
            seed=0,
            index=index,
            label=data.label[index],
            predicted=answers[index],
            predicted_float=answers[index],
            fitted=replace(NO_MODEL, probabilities=np.asarray(shares)[index]),
        )
        for half, index in enumerate(np.array_split(np.arange(len(data)), 2))
    ]
    return Evaluation("held out in turn", NAMES, tuple(folds))


def test_where_all_is_well_it_says_so_and_what_to_try() -> None:
    data = dataset()
    (said,) = advice(data, judged(data, data.label))
    assert said.startswith(
        "nothing stands out: 0 of 120 held-out examples are wrong; record others"
    )


def test_the_pair_that_is_confused_most_is_named() -> None:
    data = dataset()
    predicted = data.label.copy()
    predicted[[0, 3, 6]], predicted[[2, 5]], predicted[1] = 2, 0, 0  # of circle, wave, push
    (said,) = advice(data, judged(data, predicted))
    assert "circle and wave are taken for each other in 5 of 80 held-out examples" in said


def test_a_person_who_is_recognised_worse_is_named() -> None:
    people = np.where(np.arange(N) < 90, "ada", "ben")
    data = dataset(participant=people)
    predicted = data.label.copy()
    wrong = np.arange(90, 110)
    predicted[wrong] = (data.label[wrong] + 1) % 3
    said = advice(data, judged(data, predicted))[0]
    assert "ben is recognised in 33% of 30 held-out examples, the others in 100%" in said


def test_a_difference_between_people_that_may_be_chance_is_not_told() -> None:
    data = dataset(participant=np.where(np.arange(N) < 90, "ada", "ben"))
    predicted = data.label.copy()
    predicted[95] = (predicted[95] + 1) % 3
    assert not any("ben" in said for said in advice(data, judged(data, predicted)))


def test_a_gesture_with_few_examples_that_is_missed_wants_more() -> None:
    data = dataset(label=np.where(np.arange(N) < 8, 1, np.arange(N) % 2 * 2))
    predicted = data.label.copy()
    predicted[0] = 2
    (said,) = advice(data, judged(data, predicted))
    assert "push is missed in 1 of 8 held-out examples, which are few: record 12 more" in said


@pytest.mark.parametrize("flipped", [[], [7], [7, 50]])
def test_labels_that_no_held_out_model_believes_are_told(flipped: list[int]) -> None:
    truth = np.arange(N) % 3
    rng = np.random.default_rng(0)
    sure = rng.uniform(0.75, 0.99, N)
    sure[flipped] = 0.97
    shares = np.full((N, 3), 0.0)
    shares[np.arange(N), truth] = sure
    shares[np.arange(N), (truth + 1) % 3] = 1 - sure
    label = truth.copy()
    label[flipped] = (truth[flipped] + 1) % 3
    found = suspects(dataset(label=label), judged(dataset(label=label), truth, shares))
    rows = [suspect.place.start_us // 2_000_000 for suspect in found]
    assert sorted(rows) == flipped
    assert [suspect.taken_for for suspect in found] == [NAMES[truth[row]] for row in rows]


def test_all_of_it_in_words_with_places_in_the_recordings() -> None:
    label = np.arange(N) % 3
    label[7] = 2
    data = dataset(label=label)
    twice = data.context.copy()
    twice[11] = twice[5]
    data = replace(data, context=twice)
    start_us = int(data.start_us[0])
    said = advice_lines(data, judged(data, np.arange(N) % 3), {"a": start_us})
    assert "is the label right? a at 14.00 s is labelled wave" in said[1]
    assert "take it for push (100%)" in said[1]
    assert said[2] == "the same readings twice: a at 10.00 s and a at 22.00 s; leave one out"


def test_examples_in_which_the_hand_rests_are_named_with_their_place() -> None:
    data = dataset(label=np.arange(N) % 3)
    context = data.context.copy()
    context[7] = 0.0
    data = replace(data, context=context)
    (said,) = advice_lines(data, None, {"a": int(data.start_us[0])})
    assert said.startswith("the hand all but rests in a at 14.00 s, labelled push: was it recorded")


def test_without_an_evaluation_there_is_still_what_is_odd() -> None:
    data = dataset()
    context = data.context.copy()
    context[30:40] = context[0]
    said = advice_lines(replace(data, context=context), None, {"a": 0})
    assert len(said) == 6
    assert said[-1] == "  and 50 more such"
