"""Windows as other boards would have read them: errors within a datasheet, and lost samples."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from imu_gesture.simulation.chips import LSM9DS1_BOARD
from imu_gesture.simulation.errors import DeviceErrors, Family, draw_errors, scaled

_BOARDS = 256  # of the revision with the larger errors; each window meets one of them

Float64Array = NDArray[np.float64]


class Boards:
    """One board for each window.

    Args:
        strengths: of each family of errors, as a multiple of the datasheet's.
        n: windows.
        rng: source of randomness.
    """

    def __init__(self, strengths: Mapping[Family, float], n: int, rng: np.random.Generator) -> None:
        self._drawn = [scaled(errors, strengths) for errors in _boards()]
        self._board = rng.integers(_BOARDS, size=n)
        self._warmth = rng.random(n)  # as a share of the whole warming after power-up

    def counted(self, times: Float64Array) -> Float64Array:
        """(n, samples) rows that each board's clock takes for `times`, which keep their middle."""
        pace = 1 + np.array([errors.rate for errors in self._drawn])[self._board, None]
        middle = (times[:, :1] + times[:, -1:]) / 2
        counted: Float64Array = middle + (times - middle) * pace
        return counted

    def read(self, windows: Float64Array) -> Float64Array:
        """(n, samples, channels) in g and deg/s, as these boards read what moves so."""
        n, samples, channels = windows.shape
        triples = windows.reshape(n, samples, channels // 3, 3)
        matrices = self._of_sensors("matrix", channels)
        offsets = self._of_sensors("offset", channels)
        heating_k = np.array([errors.heating_k for errors in self._drawn])[self._board]
        warmth_k = (heating_k * self._warmth)[:, None, None]
        offsets = offsets + warmth_k * self._of_sensors("offset_per_k", channels)
        read = np.einsum("nsij,ntsj->ntsi", matrices, triples) + offsets[:, None]
        return np.reshape(read, windows.shape)

    def _of_sensors(self, what: str, channels: int) -> Float64Array:
        """(n, sensors, ...) one error of each window's accelerometer and gyroscope."""
        sensors = ("acc", "gyr")[: channels // 3]
        of_boards = [[getattr(getattr(e, name), what) for name in sensors] for e in self._drawn]
        return np.array(of_boards, np.float64)[self._board]


def bridge(windows: Float64Array, lost: float, rng: np.random.Generator) -> Float64Array:
    """Lose a share of the rows (n, samples, channels), and draw lines across as the core does.

    The first and the last row are kept.
    """
    kept = rng.random(windows.shape[:2]) >= lost
    kept[:, [0, -1]] = True
    row = np.broadcast_to(np.arange(windows.shape[1]), kept.shape)
    before = np.maximum.accumulate(np.where(kept, row, 0), axis=1)
    last = windows.shape[1] - 1
    after = np.minimum.accumulate(np.where(kept, row, last)[:, ::-1], axis=1)[:, ::-1]
    share = ((row - before) / np.maximum(after - before, 1))[..., None]
    window = np.arange(len(windows))[:, None]
    bridged: Float64Array = windows[window, before] * (1 - share) + windows[window, after] * share
    return bridged


@lru_cache(maxsize=1)
def _boards() -> tuple[DeviceErrors, ...]:
    return tuple(draw_errors(LSM9DS1_BOARD, seed) for seed in range(_BOARDS))
