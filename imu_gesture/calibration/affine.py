"""The one form of correction, as the core applies it: corrected = matrix @ (raw - offset)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from imu_gesture import _core
from imu_gesture.samples import Float32Array, Int64Array

Float64Array = NDArray[np.float64]


def _eye() -> Float64Array:
    return np.eye(3)


def _zeros() -> Float64Array:
    return np.zeros(3)


@dataclass(frozen=True, eq=False)
class Affine:
    """Correction of one sensor: matrix (3, 3), offset (3,) in the sensor's unit."""

    matrix: Float64Array = field(default_factory=_eye)
    offset: Float64Array = field(default_factory=_zeros)

    def __call__(self, raw: Float32Array | Float64Array) -> Float64Array:
        """Correct (n, 3) or (3,) readings, in double precision."""
        corrected: Float64Array = (raw.astype(np.float64) - self.offset) @ self.matrix.T
        return corrected

    def after(self, first: Affine) -> Affine:
        """One correction that does `first`, then this one. `first` must be invertible."""
        return Affine(
            matrix=self.matrix @ first.matrix,
            offset=first.offset + np.linalg.solve(first.matrix, self.offset),
        )

    def core_params(self) -> _core.AffineParams:
        """The same for the core, in single precision."""
        return _core.AffineParams(
            np.ascontiguousarray(self.matrix, np.float32), self.offset.astype(np.float32)
        )


def seconds(times_us: Int64Array, origin_us: int) -> Float64Array:
    """(n,) seconds since `origin_us`."""
    since: Float64Array = (times_us - origin_us).astype(np.float64) * 1e-6
    return since


def interpolate(time_s: Float64Array, values: Float64Array, at_s: Float64Array) -> Float64Array:
    """Columns of `values` (n, 3) at other times, linearly; held at the ends."""
    return np.stack([np.interp(at_s, time_s, column) for column in values.T], axis=1)
