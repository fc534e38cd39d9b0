"""Examples that do not belong: the same readings twice, and those unlike the others of a label."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imu_gesture.dataset.dataset import Dataset

_ALIKE = 1e-3  # distance of two windows, relative to their size: noise alone makes more
_NEIGHBOURS = 3
_FEWEST = 8  # examples of a label, below which nothing is usual
_DEVIATIONS = 6.0
_MAD_TO_SIGMA = 1.4826  # of a normal distribution


@dataclass(frozen=True)
class Place:
    """One example: where it is, and what it is labelled.

    Attributes:
        start_us: device time of its first row.
    """

    recording: str
    start_us: int
    label: str


@dataclass(frozen=True)
class Oddities:
    """What a person should look at.

    Attributes:
        duplicates: pairs with the same readings.
        outliers: unlike the others of their label, the most unlike first.
    """

    duplicates: tuple[tuple[Place, Place], ...]
    outliers: tuple[Place, ...]


def find_oddities(dataset: Dataset) -> Oddities:
    """Compares every gesture with every other one; background is as it comes."""
    gestures = np.flatnonzero(
        dataset.label != (-1 if dataset.background is None else dataset.background)
    )
    distances = _distances(dataset, gestures)
    sizes = np.sqrt(np.sum(np.square(_scaled(dataset, gestures)), axis=1))
    alike = np.triu(distances <= _ALIKE * sizes[:, None], k=1)
    pairs = np.argwhere(alike)
    return Oddities(
        duplicates=tuple(
            (place_of(dataset, gestures[a]), place_of(dataset, gestures[b])) for a, b in pairs
        ),
        outliers=tuple(
            place_of(dataset, gestures[row])
            for row in _outliers(distances, dataset.label[gestures])
        ),
    )


def place_of(dataset: Dataset, row: int) -> Place:
    """Of one window."""
    return Place(
        str(dataset.recording[row]),
        int(dataset.start_us[row]),
        dataset.label_names[dataset.label[row]],
    )


def _scaled(dataset: Dataset, rows: NDArray[np.intp]) -> NDArray[np.float64]:
    """(n, values) with a root mean square of one for each sensor."""
    windows = dataset.windows[rows].astype(np.float64)
    triples = windows.reshape(*windows.shape[:2], -1, 3)
    rms = np.sqrt(np.mean(np.square(triples), axis=(0, 1, 3), keepdims=True))
    scaled: NDArray[np.float64] = (triples / np.maximum(rms, 1e-9)).reshape(len(rows), -1)
    return scaled


def _distances(dataset: Dataset, rows: NDArray[np.intp]) -> NDArray[np.float64]:
    """(n, n) Euclidean."""
    values = _scaled(dataset, rows)
    squares = np.sum(np.square(values), axis=1)
    products = values @ values.T
    distances: NDArray[np.float64] = np.sqrt(
        np.maximum(squares[:, None] + squares - 2 * products, 0.0)
    )
    return distances


def _outliers(distances: NDArray[np.float64], label: NDArray[np.intp]) -> list[int]:
    """Rows whose nearest neighbours of the same label are far, the farthest first."""
    found: list[tuple[float, int]] = []
    for name in np.unique(label):
        rows = np.flatnonzero(label == name)
        if len(rows) < _FEWEST:
            continue
        own = np.sort(distances[np.ix_(rows, rows)], axis=1)[:, 1 : _NEIGHBOURS + 1].mean(axis=1)
        usual = np.median(own)
        spread = max(_MAD_TO_SIGMA * float(np.median(np.abs(own - usual))), 1e-6 * float(usual))
        deviations = (own - usual) / max(spread, 1e-12)
        far = deviations > _DEVIATIONS
        found += zip(deviations[far].tolist(), rows[far].tolist(), strict=True)
    return [row for _, row in sorted(found, reverse=True)]
