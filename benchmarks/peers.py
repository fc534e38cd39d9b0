"""Classifiers that others would use: the same folds, the same windows, no limit on size."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from imu_gesture.dataset.dataset import Dataset
from imu_gesture.dataset.splits import Split
from imu_gesture.samples import Float32Array

_ROCKET_KERNELS = 2000
_TREES = 300

Labels = NDArray[np.intp]
Peer = Callable[[Float32Array, Labels, Float32Array, int], Labels]


def mean_accuracy(
    peer: Peer,
    dataset: Dataset,
    splits: Sequence[Split],
    seeds: Sequence[int],
    judged: NDArray[np.bool_] | None = None,
) -> float:
    """Share of held-out windows a peer gets right, over all folds and seeds.

    judged: (n,) True for windows of the dataset that count; all, if None.
    """
    right = held_out = 0
    windows = dataset.windows
    for seed in seeds:
        for split in splits:
            learnt = peer(
                windows[split.train], dataset.label[split.train], windows[split.test], seed
            )
            counts = slice(None) if judged is None else judged[split.test]
            rights = (learnt == dataset.label[split.test])[counts]
            right += int(rights.sum())
            held_out += len(rights)
    return right / held_out


def minirocket(train: Float32Array, label: Labels, test: Float32Array, seed: int) -> Labels:
    """MiniRocket features and a ridge classifier (Dempster, Schmidt and Webb 2021)."""
    return fitted_minirocket(train, label, seed)(test)


def fitted_minirocket(
    train: Float32Array, label: Labels, seed: int
) -> Callable[[Float32Array], Labels]:
    """The same, ready to classify windows."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of numba's compilation
        from aeon.transformations.collection.convolution_based import MiniRocket
        from sklearn.linear_model import RidgeClassifierCV
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        # g and deg/s differ by a hundredfold: without this, it hears the gyroscope only.
        centre, spread = train.mean((0, 1)), train.std((0, 1))
        classifier = make_pipeline(
            MiniRocket(n_kernels=_ROCKET_KERNELS, random_state=seed),
            StandardScaler(),
            RidgeClassifierCV(np.logspace(-3, 3, 10)),
        )
        classifier.fit(_channels_first((train - centre) / spread), label)

    def classify(test: Float32Array) -> Labels:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            predicted: Labels = classifier.predict(_channels_first((test - centre) / spread))
        return predicted

    return classify


def random_forest(train: Float32Array, label: Labels, test: Float32Array, seed: int) -> Labels:
    """A random forest on statistics of each channel."""
    from sklearn.ensemble import RandomForestClassifier

    forest = RandomForestClassifier(_TREES, random_state=seed)
    predicted: Labels = forest.fit(_statistics(train), label).predict(_statistics(test))
    return predicted


def dtw_1nn(train: Float32Array, label: Labels, test: Float32Array, _: int) -> Labels:
    """The nearest example by dynamic time warping of all channels together, without a band."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of numba's compilation
        from aeon.classification.distance_based import KNeighborsTimeSeriesClassifier

        centre, spread = train.mean((0, 1)), train.std((0, 1))
        nearest = KNeighborsTimeSeriesClassifier(n_neighbors=1, distance="dtw")
        nearest.fit(_channels_first((train - centre) / spread), label)
        predicted: Labels = nearest.predict(_channels_first((test - centre) / spread))
        return predicted


def _channels_first(windows: Float32Array) -> Float32Array:
    return np.ascontiguousarray(windows.transpose(0, 2, 1), np.float32)


def _statistics(windows: Float32Array) -> NDArray[np.float64]:
    """(n, samples, channels) -> (n, 12 * channels)."""
    steps = np.diff(windows, axis=1)
    columns = [
        windows.mean(1),
        windows.std(1),
        windows.min(1),
        windows.max(1),
        *np.percentile(windows, [25, 50, 75], axis=1),
        np.sqrt(np.mean(np.square(windows), axis=1)),
        steps.std(1),
        np.abs(steps).mean(1),
        steps.min(1),
        steps.max(1),
    ]
    return np.hstack(columns).astype(np.float64)


PEERS: dict[str, Peer] = {"minirocket": minirocket, "random_forest": random_forest}
