"""Faults of axes, units and scales, in words and with the remedy; None where all is well."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu_gesture.calibration import units
from imu_gesture.calibration.affine import Float64Array
from imu_gesture.calibration.axis_maps import (
    IDENTITY,
    AxisMap,
    describe,
    formula,
    handedness,
    is_identity,
)
from imu_gesture.samples import Float32Array

ACCELEROMETER, GYROSCOPE, MAGNETOMETER = "accelerometer", "gyroscope", "magnetometer"
SCALE_LIMIT = 0.03  # relative; datasheets allow as much

_USUAL_G = (0.6, 1.6)
_USUAL_TURNS = (0.6, 1.6)
_USUAL_FIELD_UT = (15.0, 100.0)
_ARDUINO_LSM9DS1 = 0.07 / (2000 / 32768)  # datasheet's count to the library's


@dataclass(frozen=True, eq=False)
class Finding:
    """One fault: what was seen and what to do.

    Attributes:
        sensor: accelerometer, gyroscope or magnetometer.
        kind: "axes", "unit" or "scale".
        text: in words, with the remedy.
        correction: (3, 3), true = correction @ reading.
    """

    sensor: str
    kind: str
    text: str
    correction: Float64Array


def axes_of(sensor: str, axes: AxisMap) -> Finding | None:
    """Readings must be mapped by `axes`."""
    if is_identity(axes):
        return None
    hand = ", so its frame is left-handed" if handedness(axes) < 0 else ""
    if sensor == ACCELEROMETER and np.array_equal(axes, -IDENTITY):
        hand = ", or the board lay upside down: its upper face must be up at the start"
    text = f"{sensor}: {describe(axes)}{hand}; in its place use (x, y, z) = {formula(axes)}"
    return Finding(sensor, "axes", text, axes.astype(np.float64))


def acc_unit(acc_g: Float32Array) -> Finding | None:
    """Readings (n, 3), most of them of a board that is hardly accelerated."""
    size = float(np.median(np.linalg.norm(acc_g.astype(np.float64), axis=1)))
    unit = units.nearest_unit(size, _USUAL_G, units.ACC_UNITS)
    return _of_unit(ACCELEROMETER, unit, f"gravity reads {size:.3g}")


def gyr_unit(scale: float) -> Finding | None:
    """Readings must be multiplied by `scale`."""
    unit = units.nearest_unit(1 / scale, _USUAL_TURNS, units.GYR_UNITS)
    return _of_unit(GYROSCOPE, unit, f"a full turn reads {360 / scale:.3g}")


def gyr_scale(scale: float, scale_sd: float, limit: float = SCALE_LIMIT) -> Finding | None:
    """Readings in the right unit must be multiplied by a `scale` that is surely off."""
    if abs(scale - 1) - 2 * scale_sd <= limit:
        return None
    return _of_scale(GYROSCOPE, scale, f"a full turn reads {360 / scale:.0f} degrees")


def mag_unit(field: Float64Array) -> Finding | None:
    """Readings (n, 3) without hard iron."""
    size = float(np.median(np.linalg.norm(field, axis=1)))
    unit = units.nearest_unit(size, _USUAL_FIELD_UT, units.MAG_UNITS)
    return _of_unit(MAGNETOMETER, unit, f"the Earth's field reads {size:.3g}")


def mag_step(mag_ut: Float32Array, board: str, limit: float = SCALE_LIMIT) -> Finding | None:
    """Readings in the right unit, but in other steps than the chip of `board` counts in.

    The field's size would not tell: it is not known that well indoors.
    """
    ratio = units.mag_step_ratio(mag_ut, board)
    if ratio is None or abs(ratio - 1) <= limit:
        return None
    return _of_scale(MAGNETOMETER, 1 / ratio, f"its step is {ratio:.3f} times that of the chip")


def _of_unit(sensor: str, unit: units.Unit | None, seen: str) -> Finding | None:
    if unit is None:
        return None
    text = f"{sensor}: {seen}, which looks like {unit.seen}; {unit.remedy}"
    return Finding(sensor, "unit", text, np.eye(3) / unit.factor)


def _of_scale(sensor: str, scale: float, seen: str) -> Finding:
    off = f"{abs(1 / scale - 1):.1%} too {'little' if scale > 1 else 'much'}"
    known = ""
    if abs(scale - _ARDUINO_LSM9DS1) < 0.02:
        known = " (Arduino_LSM9DS1 does so: it takes another full scale than the chip has)"
    text = f"{sensor}: {off}: {seen}{known}; multiply its readings by {scale:.3f}"
    return Finding(sensor, "scale", text, np.eye(3) * scale)
