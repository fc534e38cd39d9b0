"""Few shots as a whole model, and how good it is on repetitions that it was not taught with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from imu_gesture.dataset.dataset import Dataset
from imu_gesture.dataset.front_end import FrontEnd
from imu_gesture.inference.classifier import open_classifier
from imu_gesture.inference.heads import with_head
from imu_gesture.learning.evaluation import Evaluation, Fold, model_inputs
from imu_gesture.learning.fewshot import Embedding, FewShotParams, Taught, teach
from imu_gesture.learning.fitting import FitResult
from imu_gesture.samples import Float32Array

_MOST_FOLDS = 5


def fit_shots(
    embedding: Embedding, examples: Dataset, test_windows: Float32Array, params: FewShotParams
) -> FitResult:
    """An int8 model taught with `examples`; and its float answers to `test_windows`."""
    taught = teach(embedding, examples, params)
    return FitResult(
        tflite=with_head(embedding.tflite, taught.head),
        front_end=FrontEnd("sensor", examples.spec.period_us),
        feature_offset=taught.scaling.offset,
        feature_gain=taught.scaling.gain,
        probabilities=_probabilities(embedding, taught, test_windows),
        best_epoch=0,
    )


def hold_out_shots(
    embedding: Embedding, examples: Dataset, params: FewShotParams
) -> Evaluation | None:
    """Teach without a part of every class's examples, and judge by these; each part in turn.

    Returns: None where a class has one example only, so that nothing can be held out.
    """
    place = np.zeros(len(examples), np.intp)
    counts = np.bincount(examples.label, minlength=len(examples.label_names))
    for label, count in enumerate(counts):
        place[examples.label == label] = np.arange(count)
    folds = min(_MOST_FOLDS, int(counts.min()))
    if folds < 2:
        return None
    part = place * folds // counts[examples.label]  # neighbours stay together
    judged = [_judge(embedding, examples, part == number, params) for number in range(folds)]
    named = [replace(fold, name=f"part {i + 1} of {folds}") for i, fold in enumerate(judged)]
    protocol = f"each of {folds} contiguous parts of the examples held out in turn"
    return Evaluation(protocol, examples.label_names, tuple(named))


def _judge(
    embedding: Embedding, examples: Dataset, held_out: NDArray[np.bool_], params: FewShotParams
) -> Fold:
    test = np.flatnonzero(held_out)
    windows = examples.windows[test]
    fitted = fit_shots(embedding, examples.subset(np.flatnonzero(~held_out)), windows, params)
    return Fold(
        name="",
        seed=params.seed,
        index=test,
        label=examples.label[test],
        predicted=answers(fitted, windows),
        predicted_float=fitted.probabilities.argmax(axis=1),
        fitted=fitted,
    )


def answers(fitted: FitResult, windows: Float32Array) -> NDArray[np.intp]:
    """(n,) classes by the int8 model in the host's runtime."""
    scores = open_classifier(fitted.tflite).scores(model_inputs(fitted, windows))
    return np.asarray(scores.argmax(axis=1), np.intp)


def _probabilities(embedding: Embedding, taught: Taught, windows: Float32Array) -> Float32Array:
    if len(windows) == 0:
        return np.zeros((0, len(taught.head.bias)), np.float32)
    logits = taught.logits(embedding, windows)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)
