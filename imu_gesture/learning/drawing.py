"""Which windows an epoch learns from, and how much each counts. Loads no TensorFlow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imu_gesture.dataset.dataset import Dataset
from imu_gesture.learning.config import TrainingConfig
from imu_gesture.samples import Float32Array

_JUDGES = 3  # as much background chooses the best epoch as three epochs learn from

Places = NDArray[np.intp]


class Draw:
    """Which windows an epoch learns from: all gestures, and as much background as it can bear.

    Half of the background is what was recorded as such and half lies beside gestures, so that
    neither drowns the other. Hours of it are seen in parts, another one in each epoch.
    """

    def __init__(self, dataset: Dataset, config: TrainingConfig) -> None:
        self._label = dataset.label
        self._classes = len(dataset.label_names)
        is_background = dataset.label == dataset.background
        self._gestures = np.flatnonzero(~is_background)
        self._seed = config.seed
        kinds = [np.flatnonzero(is_background & (dataset.near == near)) for near in (False, True)]
        bearable = round(config.most_background * len(self._gestures))
        self._kinds = _shared(kinds, max(bearable, config.fewest_windows))

    @property
    def windows(self) -> int:
        """Different ones in an epoch."""
        return len(self._gestures) + self._taken

    @property
    def _taken(self) -> int:
        return sum(taken for _, taken in self._kinds)

    def epoch(self, wanted: int, rng: np.random.Generator) -> Places:
        """(wanted,) in random order; each as often as any other, give or take one."""
        rounds = -(-wanted // self.windows)
        return np.concatenate([self._once(rng) for _ in range(rounds)])[:wanted]

    def judges(self) -> Places:
        """Those by which the best epoch is chosen: a fixed part of the background."""
        rng = np.random.default_rng(self._seed)
        some = [rng.permutation(kind)[: _JUDGES * taken] for kind, taken in self._kinds]
        return np.sort(np.concatenate([self._gestures, *some]))

    def class_weights(self) -> Float32Array:
        """Square root of inverse frequency: rare gestures count more, without drowning others."""
        counts = np.bincount(self._label[self._gestures], minlength=self._classes)
        if self._taken:
            counts[-1] = self._taken
        share = self.windows / len(counts) / np.maximum(counts, 1)
        return np.sqrt(share).astype(np.float32)

    def _once(self, rng: np.random.Generator) -> Places:
        some = [rng.choice(kind, taken, replace=False) for kind, taken in self._kinds]
        return rng.permutation(np.concatenate([self._gestures, *some]))


def _shared(kinds: list[Places], bearable: int) -> list[tuple[Places, int]]:
    """Of each kind, how many an epoch sees: an equal share; what one leaves free is the other's."""
    first, second = kinds
    half = bearable // 2
    of_first = min(len(first), max(half, bearable - len(second)))
    return [(first, of_first), (second, min(len(second), bearable - of_first))]
