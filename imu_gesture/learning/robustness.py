"""What sensor errors that nobody corrects cost a model: held-out windows, made worse on purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from imu_gesture import _core
from imu_gesture.dataset.dataset import Dataset
from imu_gesture.inference.classifier import open_classifier
from imu_gesture.learning.evaluation import Evaluation, Fold, model_inputs
from imu_gesture.samples import Float32Array

_MOST_WINDOWS = 300  # of a fold, evenly over it
_SEED = 0

Worsen = Callable[[Float32Array, np.random.Generator], Float32Array]


@dataclass(frozen=True)
class Strain:
    """One error of the sensors or their seat, and the share of windows still recognised."""

    name: str
    accuracy: float


def robustness(dataset: Dataset, evaluation: Evaluation) -> tuple[Strain, ...]:
    """Every error at every held-out window, each in a random direction; the first is none."""
    return tuple(
        Strain(name, _accuracy(dataset, evaluation, worsen))
        for name, worsen in strains(dataset.spec.channels)
    )


def strains(channels: int) -> Iterator[tuple[str, Worsen]]:
    """Each error by name, and what it does to windows (n, samples, channels)."""
    yield "as recorded", lambda windows, _: windows
    if channels > _core.AXES:
        for dps in (5, 20, 50):
            yield f"gyroscope off by {dps} deg/s", _offset(_core.AXES, dps)
    for mg in (50, 100):
        yield f"accelerometer off by {mg / 1000:g} g", _offset(0, mg / 1000)
    for percent in (5, 10):
        yield f"all readings {percent} % larger", _scaled(1 + percent / 100)
    for degrees in (10, 20, 45):
        yield f"board turned by {degrees} degrees", _turned(degrees)


def _offset(first: int, size: float) -> Worsen:
    """Off by `size` in the unit of a sensor's three channels, the same all through a window."""

    def worsen(windows: Float32Array, rng: np.random.Generator) -> Float32Array:
        worse = windows.copy()
        worse[:, :, first : first + 3] += size * _directions(len(windows), rng)[:, None]
        return worse

    return worsen


def _scaled(factor: float) -> Worsen:
    return lambda windows, _: (windows * np.float32(factor)).astype(np.float32)


def _turned(degrees: float) -> Worsen:
    def worsen(windows: Float32Array, rng: np.random.Generator) -> Float32Array:
        turn = Rotation.from_rotvec(degrees * _directions(len(windows), rng), degrees=True)
        triples = windows.reshape(*windows.shape[:2], -1, 3)
        worse = np.einsum("nij,nscj->nsci", turn.as_matrix(), triples)
        return np.asarray(worse, np.float32).reshape(windows.shape)

    return worsen


def _directions(n: int, rng: np.random.Generator) -> Float32Array:
    """(n, 3) unit vectors."""
    vectors = rng.normal(size=(n, 3))
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / lengths, np.float32)


def _accuracy(dataset: Dataset, evaluation: Evaluation, worsen: Worsen) -> float:
    right = [_right(dataset, fold, worsen) for fold in evaluation.folds]
    return float(np.concatenate(right).mean())


def _right(
    dataset: Dataset, fold: Fold, worsen: Worsen
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    step = -(-len(fold.index) // _MOST_WINDOWS)
    index, label = fold.index[::step], fold.label[::step]
    windows = worsen(dataset.windows[index], np.random.default_rng(_SEED))
    scores = open_classifier(fold.fitted.tflite).scores(model_inputs(fold.fitted, windows))
    return np.asarray(scores.argmax(axis=1) == label)
