"""From how the sensors disagree to which of them is wrong.

With true a = A a' and w = W w', da/dt = -w x a keeps its form if W = det(A) A C, where C is the map
that the gyroscope needs to agree with a'. So A = +-W C^T, and det(W) = det(C); the same holds for
the magnetometer. Of all that fits, the fewest changes are taken. What no movement can tell: a
vector whose three axes are all reversed turns just the same. The pose at the start decides for the
accelerometer, the dip of the field for the magnetometer.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from imu_gesture.calibration.affine import Float64Array
from imu_gesture.calibration.axis_maps import (
    AXIS_MAPS,
    IDENTITY,
    AxisMap,
    changed_axes,
    handedness,
    is_identity,
)
from imu_gesture.errors import CalibrationError

_UPWARD = 0.7  # share of gravity along z of a board that lies flat


@dataclass(frozen=True, eq=False)
class Dip:
    """Readings of the field without hard iron, and of gravity at the same times, (n, 3) each."""

    field_ut: Float64Array
    acc_g: Float64Array
    down: bool


@dataclass(frozen=True, eq=False)
class Poses:
    """What is known besides the turning.

    Attributes:
        flat_acc_g: (3,) reading of the accelerometer while the board lay flat, or None.
        dip: which way the field points, or None.
    """

    flat_acc_g: Float64Array | None = None
    dip: Dip | None = None

    def allow(self, maps: Maps) -> bool:
        """Do readings make sense under these maps?"""
        if self.flat_acc_g is not None:
            upward = maps.acc @ self.flat_acc_g
            if upward[2] < _UPWARD * np.linalg.norm(upward):
                return False
        if self.dip is None:
            return True
        true_acc, true_field = self.dip.acc_g @ maps.acc.T, self.dip.field_ut @ maps.mag.T
        along = (true_acc * true_field).sum(axis=1)
        return bool((np.median(along) < 0) == self.dip.down)


@dataclass(frozen=True, eq=False)
class Maps:
    """True = map @ reading, for each sensor."""

    acc: AxisMap
    gyr: AxisMap
    mag: AxisMap = field(default_factory=IDENTITY.copy)

    @property
    def cost(self) -> tuple[int, int]:
        """Sensors changed, then axes changed."""
        maps = (self.acc, self.gyr, self.mag)
        return sum(not is_identity(axes) for axes in maps), sum(map(changed_axes, maps))


def explain(gravity: AxisMap, magnetic: AxisMap | None, poses: Poses) -> Maps:
    """The fewest changes that let all sensors agree.

    gravity, magnetic: the map that the gyroscope needs to agree with either; `magnetic` is None
    without a magnetometer. One sensor at least is taken to be right: were all turned alike, it is
    the board that lay otherwise.

    Raises:
        CalibrationError: no change lets them agree.
    """
    if magnetic is not None and handedness(gravity) != handedness(magnetic):
        raise CalibrationError(
            "axes: gravity and the magnetic field disagree about the gyroscope's handedness; turn "
            "slowly and smoothly, away from steel"
        )
    changeable = 1 if magnetic is None else 2
    fitting = [
        maps
        for maps in _candidates(gravity, magnetic)
        if maps.cost[0] <= changeable and poses.allow(maps)
    ]
    if not fitting:
        raise CalibrationError(
            "axes: the board did not lie flat at the start, its upper face up; lay it so and turn "
            "it again"
        )
    return min(fitting, key=lambda maps: maps.cost)


def _candidates(gravity: AxisMap, magnetic: AxisMap | None) -> list[Maps]:
    return [
        Maps(sign * gyr @ gravity.T, gyr, mag)
        for gyr in AXIS_MAPS
        if handedness(gyr) == handedness(gravity)
        for sign in (1, -1)
        for mag in ([IDENTITY] if magnetic is None else _either(gyr @ magnetic.T))
    ]


def _either(axes: AxisMap) -> list[AxisMap]:
    return [axes, -axes]
