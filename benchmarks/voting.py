"""MiniRocket in the place of our network: its vote at every hop, as scores of 0 or 255."""

from __future__ import annotations

import numpy as np
from peers import fitted_minirocket

from imu_gesture import _core
from imu_gesture.dataset.dataset import Dataset
from imu_gesture.dataset.splits import Split
from imu_gesture.inference.classifier import Int8Array
from imu_gesture.learning.streams import Model
from imu_gesture.samples import Float32Array

_BACKGROUND_PER_GESTURE = 4  # its ridge regression takes all windows at once
_NO = -_core.SCORE_LEVELS // 2
_YES = _core.SCORE_LEVELS // 2 - 1


def minirocket_votes(dataset: Dataset, split: Split, seed: int = 0) -> Model:
    """Learn from the split's training side, background thinned out at random."""
    rng = np.random.default_rng(seed)
    is_background = dataset.label[split.learn] == dataset.background
    gestures, others = split.learn[~is_background], split.learn[is_background]
    some = rng.permutation(others)[: _BACKGROUND_PER_GESTURE * len(gestures)]
    learn = np.concatenate([gestures, some])
    classify = fitted_minirocket(dataset.windows[learn], dataset.label[learn], seed)

    def votes(windows: Float32Array) -> Int8Array:
        scores = np.full((len(windows), len(dataset.label_names)), _NO, np.int8)
        scores[np.arange(len(windows)), classify(windows)] = _YES
        return scores

    return Model(votes)
