"""Streams as scored by models that have not learned from them, and what they are worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imu_gesture.dataset.dataset import Dataset
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.inference.classifier import Int8Array, open_classifier
from imu_gesture.inference.heads import logit_step, with_logits
from imu_gesture.labels import Label
from imu_gesture.learning.continuous import ContinuousScores, Decided, decide_on
from imu_gesture.learning.evaluation import Evaluation, Fold, model_inputs
from imu_gesture.learning.fitting import FitResult
from imu_gesture.learning.streams import Model, ScoredStream, Stream, score, stream_of
from imu_gesture.learning.tuning import Tuned, tune
from imu_gesture.samples import Float32Array


@dataclass(frozen=True, eq=False)
class ContinuousEvaluation:
    """What held-out streams say.

    Attributes:
        scores: of each fold's streams, under the setting that suits the other folds' best.
        tuned: the setting that suits all of them, which is the model's.
    """

    scores: ContinuousScores
    tuned: Tuned

    def as_json(self) -> dict[str, object]:
        """Everything measured, in plain values."""
        return {"continuous": self.scores.as_json(), "decision": self.tuned.as_json()}


def evaluate_streams(
    dataset: Dataset,
    recordings: Sequence[LabelledRecording],
    evaluation: Evaluation,
    budget_per_hour: float,
    most_lost: float = 0.0,
) -> ContinuousEvaluation:
    """Score streams by the model that has not seen them; choose a setting, and judge the choice.

    `most_lost`: share of known gestures that may be lost for rejecting unknown ones.
    """
    first = evaluation.folds[0].seed
    folds = [fold for fold in evaluation.folds if fold.seed == first]
    held_out = held_out_streams(dataset, recordings, folds)
    spec, names = dataset.spec, dataset.label_names
    told = (names, spec.hop_s, budget_per_hour, spec.separate, most_lost)
    decided = Decided((), {}, 0)
    for streams in held_out:
        others = [scored for other in held_out if other is not streams for scored in other]
        setting = tune(others, *told).setting
        decided += decide_on(streams, names, setting.params, spec.hop_s)
    everything = [scored for streams in held_out for scored in streams]
    gestures = [name for place, name in enumerate(names) if place != dataset.background]
    return ContinuousEvaluation(decided.scores(gestures), tune(everything, *told))


def held_out_streams(
    dataset: Dataset, recordings: Sequence[LabelledRecording], folds: Sequence[Fold]
) -> list[list[ScoredStream]]:
    """For each fold the streams, or parts of them, that were held out in it."""
    models = [model_of(fold.fitted) for fold in folds]
    return scored_by(dataset, recordings, [fold.index for fold in folds], models)


def scored_by(
    dataset: Dataset,
    recordings: Sequence[LabelledRecording],
    held_out_windows: Sequence[NDArray[np.intp]],
    models: Sequence[Model],
) -> list[list[ScoredStream]]:
    """For each model the streams, or parts of them, that belong to its held-out windows.

    Each hop goes with the window of the dataset that ends nearest to it, and so does each window of
    a stream; what belongs to windows that no model holds out is left out.
    """
    owner = np.full(len(dataset), -1)
    for number, index in enumerate(held_out_windows):
        owner[index] = number
    held_out: list[list[ScoredStream]] = [[] for _ in models]
    for labelled in recordings:
        for number, part in _parts(stream_of(labelled, dataset.spec), dataset, owner):
            held_out[number].append(score(part, models[number], dataset.spec.samples))
    return held_out


def model_of(fitted: FitResult) -> Model:
    """A fitted model, ready to score windows in g and deg/s, and to show its logits."""
    tflite = with_logits(fitted.tflite)
    classifier = open_classifier(tflite)

    def outputs(windows: Float32Array) -> Int8Array:
        return classifier.scores(model_inputs(fitted, windows))

    return Model(outputs, logit_step(tflite))


def _parts(
    stream: Stream, dataset: Dataset, owner: NDArray[np.intp]
) -> Iterator[tuple[int, Stream]]:
    known = np.flatnonzero((dataset.recording == stream.name) & ~dataset.near)
    if not np.any(owner[known] >= 0) or not len(stream.hops_us):
        return
    known = known[np.argsort(dataset.end_us[known], kind="stable")]
    ends_us = dataset.end_us[known]
    gesture_ends_us = np.array([stream.start_us + label.end_s * 1e6 for label in stream.labels])
    fold_of_hop, fold_of_window, fold_of_label = (
        owner[known[_nearest(ends_us, times_us)]]
        for times_us in (stream.hops_us, stream.end_us, gesture_ends_us)
    )
    for number in np.unique(fold_of_hop[fold_of_hop >= 0]).tolist():
        labels = _labels(stream.labels, fold_of_label == number)
        windows = np.flatnonzero(fold_of_window == number)
        yield number, stream.part(windows, fold_of_hop == number, labels)


def _labels(labels: tuple[Label, ...], mine: NDArray[np.bool_]) -> Iterator[Label]:
    """A gesture is of one fold; background is of those that have hops in it."""
    for label, own in zip(labels, mine, strict=True):
        if own or label.is_background:
            yield label


def _nearest(sorted_values: NDArray[np.int64], wanted: NDArray[np.generic]) -> NDArray[np.intp]:
    """(n,) place of the value that is nearest to each of those wanted."""
    behind = np.searchsorted(sorted_values, wanted).clip(1, max(1, len(sorted_values) - 1))
    behind = np.minimum(behind, len(sorted_values) - 1)
    before = np.maximum(behind - 1, 0)
    nearer = np.abs(wanted - sorted_values[before]) <= np.abs(sorted_values[behind] - wanted)
    return np.where(nearer, before, behind)
