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

    Hours of background are seen in parts, another one in each epoch.
    """

    def __init__(self, dataset: Dataset, config: TrainingConfig) -> None:
        self._label = dataset.label
        self._classes = len(dataset.label_names)
        is_background = dataset.label == dataset.background
        self._gestures = np.flatnonzero(~is_background)
        self._background = np.flatnonzero(is_background)
        self._seed = config.seed
        bearable = round(config.most_background * len(self._gestures))
        self._taken = min(len(self._background), max(bearable, config.fewest_windows))

    @property
    def windows(self) -> int:
        """Different ones in an epoch."""
        return len(self._gestures) + self._taken

    def epoch(self, wanted: int, rng: np.random.Generator) -> Places:
        """(wanted,) in random order; each as often as any other, give or take one."""
        rounds = -(-wanted // self.windows)
        return np.concatenate([self._once(rng) for _ in range(rounds)])[:wanted]

    def judges(self) -> Places:
        """Those by which the best epoch is chosen: a fixed part of the background."""
        rng = np.random.default_rng(self._seed)
        some = rng.permutation(self._background)[: _JUDGES * self._taken]
        return np.sort(np.concatenate([self._gestures, some]))

    def class_weights(self) -> Float32Array:
        """Square root of inverse frequency: rare gestures count more, without drowning others."""
        counts = np.bincount(self._label[self._gestures], minlength=self._classes)
        if self._taken:
            counts[-1] = self._taken
        share = self.windows / len(counts) / np.maximum(counts, 1)
        return np.sqrt(share).astype(np.float32)

    def _once(self, rng: np.random.Generator) -> Places:
        if self._taken == len(self._background):
            return rng.permutation(len(self._label))
        some = rng.choice(self._background, self._taken, replace=False)
        return rng.permutation(np.concatenate([self._gestures, some]))
