"""Episodes: a few classes that an embedding has to tell apart, as it will be asked to later on.

Each is seen through a mount, a hand and a sensor of its own, the same for all its windows: what is
common to an episode must not matter, what differs within it may.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from imu_gesture import _core
from imu_gesture.dataset.augmentation import AugmentationParams, augment
from imu_gesture.dataset.dataset import Dataset
from imu_gesture.errors import DatasetError
from imu_gesture.learning.fewshot_features import standard_scaling
from imu_gesture.samples import Float32Array

_FEWEST_CLASSES = 3
_OTHER_HAND = np.array([-1, 1, 1, 1, -1, -1])  # a mirrored movement: polar, then axial vectors


@dataclass(frozen=True)
class EpisodeParams:
    """What an episode is made of.

    Attributes:
        classes, examples: of each class; at most so many classes as there are.
        without_gravity: share of episodes whose sensor gives linear acceleration only.
        mirrored: share of episodes performed with the other hand.
        turned: whether each episode has a mount of its own, any rotation.
        augmentation: of each window.
    """

    classes: int = 32
    examples: int = 5
    without_gravity: float = 0.3
    mirrored: float = 0.5
    turned: bool = True
    augmentation: AugmentationParams = field(
        default_factory=lambda: AugmentationParams(magnitude=0.1)
    )


@dataclass(frozen=True, eq=False)
class Episode:
    """Features (n, samples, channels) float32 and the number of each one's class (n,)."""

    features: Float32Array
    label: NDArray[np.intp]


class EpisodeSource:
    """One set of gestures to draw episodes from, background left out.

    Raises:
        DatasetError: it has too few classes with two examples or more.
    """

    def __init__(self, dataset: Dataset, name: str) -> None:
        members = [
            np.flatnonzero(dataset.label == label)
            for label in range(len(dataset.label_names))
            if label != dataset.background
        ]
        self._members = [indices for indices in members if len(indices) > 1]
        self._dataset = dataset
        if len(self._members) < _FEWEST_CLASSES:
            raise DatasetError(
                f"{name}: {len(self._members)} gestures with two examples or more, and an "
                f"embedding learns from sets of {_FEWEST_CLASSES} or more; record more of them"
            )

    def draw(self, params: EpisodeParams, rng: np.random.Generator) -> Episode:
        """One episode; the same state of `rng` gives the same."""
        count = min(params.classes, len(self._members))
        chosen = rng.choice(len(self._members), count, replace=False)
        index = np.concatenate([self._examples(place, params.examples, rng) for place in chosen])
        samples = self._dataset.spec.samples
        windows = augment(self._dataset.context[index], samples, params.augmentation, rng)
        windows = _seen_otherwise(windows, params, rng)
        features = standard_scaling(windows)(windows)
        return Episode(features, np.repeat(np.arange(count), params.examples))

    def _examples(self, place: np.intp, count: int, rng: np.random.Generator) -> NDArray[np.intp]:
        members = self._members[place]
        return rng.choice(members, count, replace=len(members) < count)


def _seen_otherwise(
    windows: Float32Array, params: EpisodeParams, rng: np.random.Generator
) -> Float32Array:
    """The episode through one mount, one hand and one kind of sensor."""
    turn, mirror, gravity = Rotation.random(random_state=rng), rng.random(), rng.random()
    if params.turned:
        triples = windows.reshape(-1, _core.AXES)
        windows = turn.apply(triples).reshape(windows.shape).astype(np.float32)
    if mirror < params.mirrored:
        windows = windows * _OTHER_HAND.astype(np.float32)
    if gravity < params.without_gravity:
        windows = windows.copy()
        windows[..., : _core.AXES] -= windows[..., : _core.AXES].mean(axis=1, keepdims=True)
    return np.ascontiguousarray(windows, np.float32)
