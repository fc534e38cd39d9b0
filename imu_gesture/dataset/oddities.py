"""Examples that do not belong: twice the same, unlike the others of a label, or all but at rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imu_gesture.dataset.dataset import Dataset
from imu_gesture.samples import Float32Array

_ALIKE = 1e-3  # distance of two windows, relative to their size: noise alone makes more
_NEIGHBOURS = 3
_AT_ONCE = 256  # rows compared with all others
_FEWEST = 8  # examples of a label, below which nothing is usual
_DEVIATIONS = 6.0
_RESTING = 0.25  # of what moves every sensor in half of a label's examples
_MAD_TO_SIGMA = 1.4826  # of a normal distribution

Float64Array = NDArray[np.float64]


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
        resting: hardly moved beside the others of their label, the stillest first.
    """

    duplicates: tuple[tuple[Place, Place], ...]
    outliers: tuple[Place, ...]
    resting: tuple[Place, ...] = ()


def find_oddities(dataset: Dataset) -> Oddities:
    """Compares every gesture with every other one; background is as it comes."""
    background = -1 if dataset.background is None else dataset.background
    gestures = np.flatnonzero(dataset.label != background)
    values, label = _scaled(dataset, gestures), dataset.label[gestures]
    twice, own = _compared(values, label)
    return Oddities(
        duplicates=tuple(
            (place_of(dataset, gestures[a]), place_of(dataset, gestures[b])) for a, b in twice
        ),
        outliers=tuple(place_of(dataset, gestures[row]) for row in _outliers(own, label)),
        resting=tuple(
            place_of(dataset, gestures[row]) for row in _resting(dataset.windows[gestures], label)
        ),
    )


def place_of(dataset: Dataset, row: int) -> Place:
    """Of one window."""
    return Place(
        str(dataset.recording[row]),
        int(dataset.start_us[row]),
        dataset.label_names[dataset.label[row]],
    )


def _scaled(dataset: Dataset, rows: NDArray[np.intp]) -> Float64Array:
    """(n, values) with a root mean square of one for each sensor."""
    windows = dataset.windows[rows].astype(np.float64)
    triples = windows.reshape(*windows.shape[:2], -1, 3)
    rms = np.sqrt(np.mean(np.square(triples), axis=(0, 1, 3), keepdims=True))
    scaled: Float64Array = (triples / np.maximum(rms, 1e-9)).reshape(len(rows), -1)
    return scaled


def _compared(
    values: Float64Array, label: NDArray[np.intp]
) -> tuple[list[tuple[int, int]], Float64Array]:
    """Pairs of equal rows; and (n,) how far each row's nearest neighbours of its label are."""
    squares = np.sum(np.square(values), axis=1)
    twice: list[tuple[int, int]] = []
    own = np.zeros(len(values))
    for first in range(0, len(values), _AT_ONCE):
        rows = np.arange(first, min(first + _AT_ONCE, len(values)))
        products = values[rows] @ values.T
        distances = np.sqrt(np.maximum(squares[rows, None] + squares - 2 * products, 0.0))
        alike = distances <= _ALIKE * np.sqrt(squares[rows, None])
        twice += [(int(rows[a]), int(b)) for a, b in np.argwhere(alike) if rows[a] < b]
        distances[label[rows, None] != label] = np.inf
        nearest = np.sort(distances, axis=1)[:, 1 : _NEIGHBOURS + 1]
        own[rows] = nearest.mean(axis=1)
    return twice, own


def _outliers(own: Float64Array, label: NDArray[np.intp]) -> list[int]:
    """Rows whose nearest neighbours of the same label are far, the farthest first."""
    found: list[tuple[float, int]] = []
    for name in np.unique(label):
        rows = np.flatnonzero(label == name)
        if len(rows) < _FEWEST:
            continue
        usual = float(np.median(own[rows]))
        spread = _MAD_TO_SIGMA * float(np.median(np.abs(own[rows] - usual)))
        deviations = (own[rows] - usual) / max(spread, 1e-6 * usual, 1e-12)
        far = deviations > _DEVIATIONS
        found += zip(deviations[far].tolist(), rows[far].tolist(), strict=True)
    return [row for _, row in sorted(found, reverse=True)]


def _resting(windows: Float32Array, label: NDArray[np.intp]) -> list[int]:
    """Rows of (n, samples, channels) that no sensor saw moving, the stillest first.

    A recorder that waits for a movement starts once more at the end of a gesture, and then records
    the rest that follows.
    """
    moved = windows - windows.mean(axis=1, keepdims=True)
    triples = moved.reshape(*windows.shape[:2], -1, 3).astype(np.float64)
    rms = np.sqrt(np.mean(np.square(triples), axis=(1, 3)))
    found: list[tuple[float, int]] = []
    for name in np.unique(label):
        rows = np.flatnonzero(label == name)
        if len(rows) < _FEWEST:
            continue
        share = (rms[rows] / np.maximum(np.median(rms[rows], axis=0), 1e-12)).max(axis=1)
        still = share < _RESTING
        found += zip(share[still].tolist(), rows[still].tolist(), strict=True)
    return [row for _, row in sorted(found)]
