"""How much of the sphere of directions has been seen, and how round the readings are.

The figures are those of MotionCal (PJRC), whose users know them: 100 regions of equal area, gaps,
variance, wobble and fit error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imu_gesture.calibration.affine import Float64Array

REGIONS = 100
_ZONES = (1, 15, 34, 34, 15, 1)  # regions in each zone, from the north pole to the south pole


@dataclass(frozen=True)
class SphereQuality:
    """Figures of corrected readings; shares, the fewer the better.

    Attributes:
        gaps: share of the regions without a reading.
        variance: standard deviation of the size, relative to its mean.
        wobble: distance between the regions' mean and the centre, relative to the radius.
        fit_error: half the root mean square of the squared size's residual, relative.
        field_ut: mean size.
        readings: how many there are.
    """

    gaps: float
    variance: float
    wobble: float
    fit_error: float
    field_ut: float
    readings: int


def regions_of(vectors: Float64Array) -> NDArray[np.int64]:
    """(n,) number of the region, 0 to 99 from north to south, that each of (n, 3) points to."""
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    borders = 1 - 2 * np.cumsum(_ZONES[:-1]) / REGIONS  # equal area: zones are equal in z
    zone = np.searchsorted(-borders, -unit[:, 2], side="right")
    in_zone = np.array(_ZONES)[zone]
    longitude = np.arctan2(unit[:, 1], unit[:, 0]) / (2 * np.pi) + 0.5
    first = np.concatenate([[0], np.cumsum(_ZONES)[:-1]])[zone]
    regions: NDArray[np.int64] = first + np.minimum(longitude * in_zone, in_zone - 1).astype(int)
    return regions


@dataclass(frozen=True)
class RegionBorders:
    """A region of the unit sphere: between two heights z, and between two longitudes in radians."""

    low: float
    high: float
    first: float
    last: float


def region_borders() -> list[RegionBorders]:
    """Of all 100 regions, in the order of their numbers."""
    heights = (1 - 2 * np.concatenate([[0], np.cumsum(_ZONES)]) / REGIONS).tolist()
    return [
        RegionBorders(
            low=heights[zone + 1],
            high=heights[zone],
            first=2 * np.pi * (index / count - 0.5),
            last=2 * np.pi * ((index + 1) / count - 0.5),
        )
        for zone, count in enumerate(_ZONES)
        for index in range(count)
    ]


def region_directions() -> Float64Array:
    """(100, 3) the middle of each region, for drawing and for the wobble."""
    return np.array([_middle(borders) for borders in region_borders()])


def _middle(borders: RegionBorders) -> list[float]:
    around = borders.last - borders.first > np.pi  # a pole's cap
    z = float(np.sign(borders.high + borders.low)) if around else (borders.low + borders.high) / 2
    longitude, ring = (borders.first + borders.last) / 2, np.sqrt(1 - z * z)
    return [ring * np.cos(longitude), ring * np.sin(longitude), z]


def covered(vectors: Float64Array) -> NDArray[np.bool_]:
    """(100,) which regions have a reading."""
    seen: NDArray[np.bool_] = np.bincount(regions_of(vectors), minlength=REGIONS) > 0
    return seen


def sphere_quality(corrected_ut: Float64Array) -> SphereQuality:
    """Judge corrected readings (n, 3)."""
    sizes = np.linalg.norm(corrected_ut, axis=1)
    radius = float(sizes.mean())
    squares = (sizes / radius) ** 2 - 1
    return SphereQuality(
        gaps=float(1 - covered(corrected_ut).mean()),
        variance=float(sizes.std()) / radius,
        wobble=_wobble(corrected_ut, radius),
        fit_error=float(np.sqrt(np.mean(squares**2))) / 2,
        field_ut=radius,
        readings=len(corrected_ut),
    )


def _wobble(corrected_ut: Float64Array, radius: float) -> float:
    """Each region counts once, so that dwelling somewhere does not matter."""
    regions = regions_of(corrected_ut)
    counts = np.bincount(regions, minlength=REGIONS)
    seen = counts > 0
    sums = np.stack(
        [np.bincount(regions, axis, minlength=REGIONS) for axis in corrected_ut.T], axis=1
    )
    away = sums[seen] / counts[seen, None] - region_directions()[seen] * radius
    return float(np.linalg.norm(away.mean(axis=0))) / radius
