"""How good a model is on what it has not seen: held-out people or contiguous blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace as with_changes

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from imu_gesture import _core
from imu_gesture.dataset.dataset import Dataset
from imu_gesture.dataset.splits import Split
from imu_gesture.inference.classifier import Int8Array, open_classifier
from imu_gesture.learning.config import TrainingConfig
from imu_gesture.learning.fitters import Fitters
from imu_gesture.learning.fitting import FitJob, FitResult

_CONFIDENCE = 0.95


@dataclass(frozen=True, eq=False)
class Fold:
    """One trained model and its answers on what was held out.

    Attributes:
        name: what was held out.
        label: (n,) true classes.
        predicted, predicted_float: (n,) classes by the int8 model in the host's runtime, and by
            the float network.
        index: (n,) the windows' places in the dataset.
    """

    name: str
    seed: int
    index: NDArray[np.intp]
    label: NDArray[np.intp]
    predicted: NDArray[np.intp]
    predicted_float: NDArray[np.intp]
    fitted: FitResult

    @property
    def accuracy(self) -> float:
        """Share of windows that the int8 model gets right."""
        return float(np.mean(self.predicted == self.label))


@dataclass(frozen=True, eq=False)
class Evaluation:
    """All folds of one protocol."""

    protocol: str
    label_names: tuple[str, ...]
    folds: tuple[Fold, ...]

    @property
    def accuracy(self) -> float:
        """Share of all held-out windows that the int8 models get right."""
        return float(np.mean(self._pooled("predicted") == self._pooled("label")))

    @property
    def accuracy_float(self) -> float:
        """The same for the float networks."""
        return float(np.mean(self._pooled("predicted_float") == self._pooled("label")))

    @property
    def int8_loss(self) -> float:
        """Share of held-out windows that the float networks get right beyond the int8 models."""
        return self.accuracy_float - self.accuracy

    @property
    def confusion(self) -> NDArray[np.int64]:
        """(classes, classes) int64: rows true, columns predicted by int8."""
        n = len(self.label_names)
        cells = self._pooled("label") * n + self._pooled("predicted")
        return np.bincount(cells, minlength=n * n).reshape(n, n)

    @property
    def recall(self) -> NDArray[np.float64]:
        """(classes,) share of each class that is recognised."""
        confusion = self.confusion
        return np.asarray(np.diag(confusion) / np.maximum(confusion.sum(axis=1), 1))

    @property
    def balanced_accuracy(self) -> float:
        """Mean recall of classes that have windows: how much background there is plays no part."""
        return float(np.mean(self.recall[self.confusion.sum(axis=1) > 0]))

    @property
    def macro_f1(self) -> float:
        """Mean of the harmonic mean of precision and recall, over classes that have windows."""
        confusion = self.confusion
        judged = confusion.sum(1) > 0
        f1 = 2 * np.diag(confusion) / np.maximum(confusion.sum(0) + confusion.sum(1), 1)
        return float(np.mean(f1[judged]))

    @property
    def confidence(self) -> tuple[float, float]:
        """95 % interval of the accuracy, within [0, 1].

        Folds and seeds differ by more than chance, and few windows by chance alone: the interval
        covers both Student's t over folds and seeds and Wilson's (1927) over the windows.
        """
        seeds = len({fold.seed for fold in self.folds})
        windows = len(self._pooled("label")) // seeds
        wilson = stats.binomtest(round(self.accuracy * windows), windows).proportion_ci(
            _CONFIDENCE, method="wilson"
        )
        low, high = float(wilson.low), float(wilson.high)
        scores = np.array([fold.accuracy for fold in self.folds])
        if len(scores) > 1:
            half = float(stats.sem(scores) * stats.t.ppf((1 + _CONFIDENCE) / 2, len(scores) - 1))
            low, high = min(low, scores.mean() - half), max(high, scores.mean() + half)
        return max(0.0, float(low)), min(1.0, float(high))

    def as_json(self) -> dict[str, object]:
        """Everything measured, in plain values."""
        low, high = self.confidence
        return {
            "protocol": self.protocol,
            "accuracy": self.accuracy,
            "accuracy_float": self.accuracy_float,
            "macro_f1": self.macro_f1,
            "confidence_95": [low, high],
            "labels": list(self.label_names),
            "recall": self.recall.tolist(),
            "confusion": self.confusion.tolist(),
            "folds": [
                {"held_out": fold.name, "seed": fold.seed, "accuracy": fold.accuracy}
                for fold in self.folds
            ],
        }

    def _pooled(self, column: str) -> NDArray[np.intp]:
        return np.concatenate([getattr(fold, column) for fold in self.folds])


def model_inputs(fitted: FitResult, windows: NDArray[np.float32]) -> Int8Array:
    """(n, samples, channels) in g and deg/s -> the same in int8, by the core's own code."""
    seen = fitted.front_end(windows)
    return _core.quantise(fitted.input, _core.features(fitted.features, seen))


def cross_validate(
    dataset: Dataset,
    splits: Sequence[Split],
    config: TrainingConfig,
    pool: Fitters,
    seeds: Sequence[int] = (0,),
) -> Evaluation:
    """Train a model for every split and seed, and judge each on what it has not seen."""
    jobs = [(split, with_changes(config, seed=seed)) for seed in seeds for split in splits]
    futures = [pool.submit(fold_job(dataset, split, how)) for split, how in jobs]
    folds = [
        judge_fold(dataset, split, how.seed, pool.result(future))
        for (split, how), future in zip(jobs, futures, strict=True)
    ]
    return evaluation_of(dataset, folds)


def fold_job(dataset: Dataset, split: Split, config: TrainingConfig) -> FitJob:
    """Learn from what one split leaves to learn from."""
    return FitJob(dataset.subset(split.learn), dataset.windows[split.test], config)


def evaluation_of(dataset: Dataset, folds: Sequence[Fold]) -> Evaluation:
    """All folds together."""
    protocol = ", ".join(dict.fromkeys(fold.name for fold in folds))
    return Evaluation(f"held out in turn: {protocol}", dataset.label_names, tuple(folds))


def judge_fold(dataset: Dataset, split: Split, seed: int, fitted: FitResult) -> Fold:
    """The answers of a split's int8 model on what was held out."""
    inputs = model_inputs(fitted, dataset.windows[split.test])
    scores = open_classifier(fitted.tflite).scores(inputs)
    return Fold(
        name=split.name,
        seed=seed,
        index=split.test,
        label=dataset.label[split.test],
        predicted=scores.argmax(axis=1),
        predicted_float=fitted.probabilities.argmax(axis=1),
        fitted=fitted,
    )
