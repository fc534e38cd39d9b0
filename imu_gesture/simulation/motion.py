"""True motion of a board in a hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.spatial.transform import Rotation, RotationSpline

from imu_gesture.labels import Label

Float64Array = NDArray[np.float64]

KEYFRAME_RATE_HZ = 50.0
_GRAVITY_M_S2 = np.array([0.0, 0.0, 9.80665])  # what an accelerometer at rest reads, world z up


@dataclass(frozen=True, eq=False)
class Motion:
    """A trajectory, given by smooth splines through keyframes.

    Attributes:
        position_m: spline to (3,) in the world's frame, z up.
        attitude: spline to the rotation from the board's frame to the world's.
        duration_s: time covered, from zero.
        labels: what is performed, and when.
    """

    position_m: CubicSpline
    attitude: RotationSpline
    duration_s: float
    labels: tuple[Label, ...]

    def specific_force_g(self, time_s: Float64Array) -> Float64Array:
        """(n, 3) acceleration and what holds the board up, in its own frame."""
        world = self.position_m(time_s, 2) + _GRAVITY_M_S2
        force: Float64Array = self.attitude(time_s).inv().apply(world) / _GRAVITY_M_S2[2]
        return force

    def angular_rate_dps(self, time_s: Float64Array) -> Float64Array:
        """(n, 3) in the board's frame."""
        rate: Float64Array = np.degrees(self.attitude(time_s, 1))
        return rate


def motion_through(
    position_m: Float64Array, rotation_vector: Float64Array, labels: list[Label]
) -> Motion:
    """Motion through keyframes (n, 3) at `KEYFRAME_RATE_HZ`; rotation vectors in radians."""
    time_s = np.arange(len(position_m)) / KEYFRAME_RATE_HZ
    return Motion(
        position_m=CubicSpline(time_s, position_m),
        attitude=RotationSpline(time_s, Rotation.from_rotvec(rotation_vector)),
        duration_s=float(time_s[-1]),
        labels=tuple(labels),
    )
