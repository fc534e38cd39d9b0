"""All lines above some points and below others, and the one in their middle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]  # device time, and host time less device time, in seconds

_GRID = 65
_ZOOMS = 7  # from 10 % to a thousandth of a ppm
_SAME_WIDTH_S = 1e-12


@dataclass(frozen=True)
class Corridor:
    """All lines that are possible, and the one in their middle.

    Host time less device time is `offset_s + slope * (device_s - middle_s)`.
    """

    middle_s: float
    slope: float
    slope_bound: float
    offset_s: float
    offset_bound_s: float

    def excess_s(self, device_s: float, sent_s: float, received_s: float) -> float:
        """How far beyond any possible line a probe is; negative where it is not."""
        from_middle_s = device_s - self.middle_s
        expected_s = device_s + self.offset_s + self.slope * from_middle_s
        bound_s = self.offset_bound_s + self.slope_bound * abs(from_middle_s)
        return max(sent_s - expected_s, expected_s - received_s) - bound_s


def corridor_between(
    sent: NDArray[np.float64], received: NDArray[np.float64], most_slope: float
) -> Corridor:
    """The widest corridor above (n, 2) `sent` and below (m, 2) `received`, and all within it."""
    middle_s = (min(sent[0, 0], received[0, 0]) + max(sent[-1, 0], received[-1, 0])) / 2

    def edges(slopes: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        low = sent[:, 1] - slopes[:, None] * (sent[:, 0] - middle_s)
        high = received[:, 1] - slopes[:, None] * (received[:, 0] - middle_s)
        return low.max(axis=1), high.min(axis=1)

    def width(slopes: NDArray[np.float64]) -> NDArray[np.float64]:
        low, high = edges(slopes)
        return high - low

    slope = _widest(width, most_slope)
    widest = float(width(np.array([slope]))[0])
    least = min(0.0, 3 * widest)  # an unsteady clock: no line is possible, so some slack is given
    first = _last_within(lambda by: width(slope - by) >= least, slope + most_slope)
    last = _last_within(lambda by: width(slope + by) >= least, most_slope - slope)
    low, high = edges(np.linspace(slope - first, slope + last, _GRID))
    (at_low,), (at_high,) = edges(np.array([slope]))
    offset_s = float(at_low + at_high) / 2
    bound_s = max(high.max() - offset_s, offset_s - low.min(), abs(widest))
    return Corridor(float(middle_s), slope, max(first, last), offset_s, float(bound_s))


def _widest(width: Callable[[NDArray[np.float64]], NDArray[np.float64]], most: float) -> float:
    """The slope at which a concave function is largest; the middle one of several."""
    low, high = -most, most
    for _ in range(_ZOOMS):
        slopes = np.linspace(low, high, _GRID)
        widths = width(slopes)
        best = np.flatnonzero(widths >= widths.max() - _SAME_WIDTH_S)
        low, high = slopes[max(best[0] - 1, 0)], slopes[min(best[-1] + 1, _GRID - 1)]
    return float(low + high) / 2


def _last_within(
    is_within: Callable[[NDArray[np.float64]], NDArray[np.bool_]], most: float
) -> float:
    """The largest number up to `most` so that it and all below are within."""
    low, high = 0.0, most
    for _ in range(_ZOOMS):
        numbers = np.linspace(low, high, _GRID)
        outside = np.flatnonzero(~is_within(numbers)[1:])
        if not len(outside):
            return high
        low, high = numbers[outside[0]], numbers[outside[0] + 1]
    return float(high)


def hull(points: list[Point], side: float) -> list[Point]:
    """The corners that the points have above, or for `side` -1 below."""
    corners: list[Point] = []
    for x, y in sorted(points):
        while len(corners) > 1:
            (x0, y0), (x1, y1) = corners[-2:]
            if side * ((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)) < 0:
                break
            corners.pop()
        corners.append((x, y))
    return corners


def thinned(points: list[Point], most: int) -> list[Point]:
    """Every second point but the ends where there are too many, as of a clock that wanders."""
    while len(points) > most:
        del points[1:-1:2]
    return points
