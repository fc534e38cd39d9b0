"""Scores of an evaluation: hand-made answers with figures worked out by hand."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from imu_gesture import _core
from imu_gesture.dataset.front_end import FrontEnd
from imu_gesture.learning.evaluation import Evaluation, Fold, model_inputs
from imu_gesture.learning.fitting import FitResult
from imu_gesture.report.summary import confusion_lines
from tests.models import handmade

NAMES = ("circle", "wave", "background")
NOTHING = np.zeros((0, 3), np.float32)
SENSOR = FrontEnd("sensor", 20_000)
NO_MODEL = FitResult(b"", SENSOR, NOTHING, NOTHING, NOTHING, best_epoch=1)


def fold(label: list[int], predicted: list[int], predicted_float: list[int] | None = None) -> Fold:
    return Fold(
        name="session 1",
        seed=0,
        index=np.arange(len(label)),
        label=np.array(label),
        predicted=np.array(predicted),
        predicted_float=np.array(predicted_float or predicted),
        fitted=NO_MODEL,
    )


def evaluation(*folds: Fold) -> Evaluation:
    return Evaluation("held out in turn: session 1, session 2", NAMES, folds)


def right(correct: int, of: int) -> Fold:
    """A fold of one class with so many right answers."""
    return fold([0] * of, [0] * correct + [1] * (of - correct))


# Four circles (one taken for wave), two waves, two of background (one taken for circle).
TWO_FOLDS = evaluation(
    fold([0, 0, 1, 2], [0, 1, 1, 0], [0, 0, 1, 0]), fold([0, 0, 1, 2], [0, 0, 1, 2])
)


def test_accuracy_is_of_all_held_out_windows() -> None:
    assert TWO_FOLDS.accuracy == 6 / 8
    assert TWO_FOLDS.accuracy_float == 7 / 8
    assert [one.accuracy for one in TWO_FOLDS.folds] == [0.5, 1.0]


def test_accuracy_counts_windows_not_folds() -> None:
    assert evaluation(right(1, of=1), right(0, of=9)).accuracy == 0.1


def test_confusion_has_a_row_for_each_true_class() -> None:
    assert TWO_FOLDS.confusion.tolist() == [[3, 1, 0], [0, 2, 0], [1, 0, 1]]


def test_recall() -> None:
    assert TWO_FOLDS.recall.tolist() == [3 / 4, 1.0, 1 / 2]


def test_macro_f1_is_the_mean_over_classes() -> None:
    # circle: precision 3/4, recall 3/4; wave: 2/3, 1; background: 1, 1/2
    assert TWO_FOLDS.macro_f1 == pytest.approx((3 / 4 + 4 / 5 + 2 / 3) / 3)


def test_a_class_without_windows_is_left_out_of_the_mean() -> None:
    # as background is that was only learned beside gestures; what is taken for it still counts
    seen = evaluation(fold([0, 1, 1], [0, 1, 2]))
    assert seen.recall.tolist() == [1.0, 0.5, 0.0]
    assert seen.macro_f1 == pytest.approx((1 + 2 / 3) / 2)


def test_folds_that_differ_widen_the_interval_as_students() -> None:
    # mean 0.6, deviation 0.1, 0.1 / sqrt(3) * t(0.975, 2 degrees) = 0.0577350 * 4.3026527
    low, high = evaluation(right(5, of=10), right(6, of=10), right(7, of=10)).confidence
    assert low == pytest.approx(0.6 - 0.2484137, abs=1e-6)
    assert high == pytest.approx(0.6 + 0.2484137, abs=1e-6)


@pytest.mark.parametrize("folds", [1, 2])
def test_without_spread_between_folds_chance_remains(folds: int) -> None:
    # Wilson's interval, 20 of 20: 1 / (1 + 1.959964 ** 2 / 20) to 1
    size = 20 // folds
    low, high = evaluation(*[right(size, of=size)] * folds).confidence
    assert low == pytest.approx(0.8388749, abs=1e-6)
    assert high == 1.0


def test_seeds_do_not_count_as_more_windows() -> None:
    once = evaluation(right(20, of=20))
    folds = tuple(replace(fold, seed=seed) for seed in range(5) for fold in once.folds)
    assert replace(once, folds=folds).confidence == pytest.approx(once.confidence)


def test_confidence_stays_within_possible_scores() -> None:
    assert evaluation(right(10, of=10), right(5, of=10)).confidence == (0.0, 1.0)


def test_plain_values_are_json_and_complete() -> None:
    said = json.loads(json.dumps(TWO_FOLDS.as_json()))
    assert (said["accuracy"], said["accuracy_float"]) == (6 / 8, 7 / 8)
    assert said["labels"] == list(NAMES)
    assert said["confusion"] == TWO_FOLDS.confusion.tolist()
    assert said["confidence_95"] == list(TWO_FOLDS.confidence)
    assert [one["accuracy"] for one in said["folds"]] == [0.5, 1.0]


def test_confusion_as_a_table() -> None:
    assert list(confusion_lines(TWO_FOLDS)) == [
        "            circle  wave  backgrou  recall",
        "circle           3     1         ·   75.0%",
        "wave             ·     2         ·  100.0%",
        "background       1     ·         1   50.0%",
    ]


def test_inputs_of_the_model_are_quantised_features() -> None:
    content = handmade.tflite()
    gain = np.array([1, 1, 1, 0.5, 0.5, 0.5], np.float32)
    fitted = FitResult(content, SENSOR, np.zeros(6, np.float32), gain, NOTHING, best_epoch=1)
    windows = np.full((1, handmade.SAMPLES, 6), 1.0, np.float32)
    quantised = model_inputs(fitted, windows)
    # 1 / 0.03125 + 5 and 0.5 / 0.03125 + 5
    assert quantised[0, 0].tolist() == [37, 37, 37, 21, 21, 21]
    assert quantised.shape == (1, handmade.SAMPLES, _core.MAX_CHANNELS)
    assert np.all(quantised == quantised[0, 0])
