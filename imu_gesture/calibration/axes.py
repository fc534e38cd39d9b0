"""Which of the three sensors has wrong axes, a wrong unit or a wrong scale? Named in words.

From a few seconds of turning about all axes. Gravity and the field stand still in the world, so
each of them tells, by how it turns, which of the 48 axis maps the gyroscope would need to agree
with it. Two maps tell which sensor is the odd one out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imu_gesture.calibration.affine import Float64Array, interpolate, seconds
from imu_gesture.calibration.axis_explanation import Dip, Poses, explain
from imu_gesture.calibration.findings import (
    ACCELEROMETER,
    GYROSCOPE,
    MAGNETOMETER,
    SCALE_LIMIT,
    Finding,
    acc_unit,
    axes_of,
    gyr_scale,
    gyr_unit,
    mag_step,
    mag_unit,
)
from imu_gesture.calibration.magnetometer import distinct_readings
from imu_gesture.calibration.turning import (
    FIELD_TURN_DEG,
    FIELD_WIDTH_S,
    GRAVITY_TURN_DEG,
    GRAVITY_WIDTH_S,
    Moments,
    TurningFit,
    best_axes,
    moments,
    window_width_s,
)
from imu_gesture.calibration.turning_scale import (
    FIELD_DISTORTION,
    GRAVITY_DISTORTION,
    with_scale,
)
from imu_gesture.errors import CalibrationError
from imu_gesture.samples import Samples

_FEWEST_READINGS = 30  # of the field
_LEAST_DEG = 30.0  # by which gravity must have swung
_TURN = (
    "axes: turn the board about all three of its axes for some seconds, by a quarter turn or more "
    "each"
)


@dataclass(frozen=True)
class AxisParams:
    """What is known beforehand, and when a result counts.

    Attributes:
        flat_start: the board lay flat at first, its upper face up.
        dip_down: the field points down (northern hemisphere); None where unknown.
        board: as `DeviceInfo.board`, for the steps its sensors count in.
        scale_limit: relative; a scale further off is named, if it is so within twice its
            standard deviation.
        residual: largest share of the turning that may stay unexplained.
        margin: the runner-up must leave so much more unexplained than the best map.
        breadth: least turning about any axis, relative to the largest.
    """

    flat_start: bool = False
    dip_down: bool | None = None
    board: str = ""
    scale_limit: float = SCALE_LIMIT
    residual: float = 0.5
    margin: float = 1.4
    breadth: float = 0.05


@dataclass(frozen=True, eq=False)
class AxisCheck:
    """The findings, and what they rest on.

    Attributes:
        gravity, magnetic: how the gyroscope agrees with either; `magnetic` is None without a
            magnetometer.
        gyr_scale, gyr_scale_sd: by which the gyroscope's readings must be multiplied.
    """

    findings: tuple[Finding, ...]
    gravity: TurningFit
    magnetic: TurningFit | None
    gyr_scale: float
    gyr_scale_sd: float

    def axes(self, sensor: str) -> Float64Array:
        """(3, 3) of the axes alone, without units and scales."""
        found = [f for f in self.findings if (f.sensor, f.kind) == (sensor, "axes")]
        return found[0].correction if found else np.eye(3)

    def correction(self, sensor: str) -> Float64Array:
        """(3, 3) of all findings of one sensor."""
        matrix = np.eye(3)
        for finding in self.findings:
            if finding.sensor == sensor:
                matrix = finding.correction @ matrix
        return matrix


def check_axes(samples: Samples, params: AxisParams | None = None) -> AxisCheck:
    """Look at a few seconds of turning, readings as they came.

    Raises:
        CalibrationError: not turned enough, or about too few axes; or the sensors do not agree
            under any map.
    """
    params = params or AxisParams()
    if samples.gyr_dps is None or len(samples) < 50:
        raise CalibrationError("axes: a gyroscope and some seconds of turning are needed")
    gravity = _gravity_fit(samples, params)
    magnetic = _magnetic_fit(samples, params)
    needed = None if magnetic is None else magnetic.axes
    maps = explain(gravity.axes, needed, _poses(samples, magnetic, params))
    scale, scale_sd = _gyr_scale(gravity, magnetic)
    findings = (
        axes_of(ACCELEROMETER, maps.acc),
        axes_of(GYROSCOPE, maps.gyr),
        axes_of(MAGNETOMETER, maps.mag),
        acc_unit(samples.acc_g),
        *_gyr_findings(scale, scale_sd, params),
        *(_mag_findings(samples, magnetic, params) if magnetic else ()),
    )
    named = tuple(finding for finding in findings if finding)
    return AxisCheck(named, gravity, magnetic, scale, scale_sd)


def _gravity_fit(samples: Samples, params: AxisParams) -> TurningFit:
    found = _gravity_moments(samples)
    if len(found.change) and found.swing_deg < _LEAST_DEG:
        raise CalibrationError(_TURN)
    return _agree(found, "gravity", GRAVITY_DISTORTION, params)


def _magnetic_fit(samples: Samples, params: AxisParams) -> TurningFit | None:
    if len(distinct_readings(samples)[1]) < _FEWEST_READINGS:
        return None
    return _agree(_magnetic_moments(samples), "the magnetic field", FIELD_DISTORTION, params)


def _gravity_moments(samples: Samples) -> Moments:
    time_s, rate = _rate(samples)
    width_s = window_width_s(rate, GRAVITY_TURN_DEG, GRAVITY_WIDTH_S)
    gravity = samples.acc_g.astype(np.float64)
    return moments(time_s, rate, gravity, width_s, of_known_size=True)


def _magnetic_moments(samples: Samples) -> Moments:
    time_s, rate = _rate(samples)
    inside, field_ut = _field(samples)
    width_s = window_width_s(rate, FIELD_TURN_DEG, FIELD_WIDTH_S)
    return moments(time_s[inside], rate[inside], field_ut, width_s, of_known_size=False)


def _rate(samples: Samples) -> tuple[Float64Array, Float64Array]:
    """Times (n,), and rates (n, 3) in rad/s without the offset seen at the start."""
    time_s = seconds(samples.device_time_us, int(samples.device_time_us[0]))
    rate = np.radians(samples.gyr_or_zero_dps.astype(np.float64))
    return time_s, rate - np.median(rate[:50], axis=0)


def _field(samples: Samples) -> tuple[NDArray[np.bool_], Float64Array]:
    """Which samples (n,) the magnetometer covers, and its readings at their times, in its unit."""
    mag_us, mag_ut = distinct_readings(samples)
    times_us = samples.device_time_us
    inside = (times_us >= mag_us[0]) & (times_us <= mag_us[-1])
    origin_us = int(times_us[0])
    at_s = seconds(times_us[inside], origin_us)
    return inside, interpolate(seconds(mag_us, origin_us), mag_ut.astype(np.float64), at_s)


def _agree(found: Moments, what: str, distortion: float, params: AxisParams) -> TurningFit:
    if len(found.change) < 8 or found.breadth < params.breadth:
        raise CalibrationError(_TURN)
    best = best_axes(found)
    if best.residual > params.residual:
        raise CalibrationError(
            f"axes: gyroscope and {what} do not agree under any of the 48 axis maps "
            f"({best.residual:.0%} unexplained); turn slowly and smoothly, away from steel"
        )
    if best.runner_up < params.margin * best.residual:
        raise CalibrationError(
            f"axes: two axis maps fit {what} nearly as well ({best.residual:.0%} and "
            f"{best.runner_up:.0%} unexplained); turn about all three axes, for longer"
        )
    return with_scale(found, best, distortion)


def _poses(samples: Samples, magnetic: TurningFit | None, params: AxisParams) -> Poses:
    """What is known of gravity at the start, and of the field's dip."""
    start = np.median(samples.acc_g[:50], axis=0).astype(np.float64) if params.flat_start else None
    if params.dip_down is None or magnetic is None:
        return Poses(start)
    inside, field_ut = _field(samples)
    acc_g = samples.acc_g[inside].astype(np.float64)
    return Poses(start, Dip(field_ut - magnetic.offset, acc_g, params.dip_down))


def _gyr_scale(gravity: TurningFit, magnetic: TurningFit | None) -> tuple[float, float]:
    """Mean of both, weighted, and its deviation: wider where they disagree.

    What is not explained, such as a hand's accelerations, is in the regressors as well and makes
    scales look too small, by about the square of its share: both the same way, so no mean takes it
    out.
    """
    fits = [fit for fit in (gravity, magnetic) if fit is not None]
    scales = np.array([fit.scale for fit in fits])
    shrunk = np.array([fit.scale * fit.residual**2 for fit in fits])
    weights = 1 / (np.array([fit.scale_sd for fit in fits]) ** 2 + shrunk**2)
    scale = float(weights @ scales / weights.sum())
    excess = max(0.0, float(np.ptp(scales)) - 2 * float(np.sqrt((1 / weights).sum())))
    systematic = float(weights @ shrunk / weights.sum()) / 2  # a limit, not a deviation
    return scale, float(np.hypot(weights.sum() ** -0.5, excess / 2)) + systematic


def _gyr_findings(
    scale: float, scale_sd: float, params: AxisParams
) -> tuple[Finding | None, Finding | None]:
    unit = gyr_unit(scale)
    factor = 1.0 if unit is None else 1 / float(unit.correction[0, 0])
    return unit, gyr_scale(scale * factor, scale_sd * factor, params.scale_limit)


def _mag_findings(
    samples: Samples, magnetic: TurningFit, params: AxisParams
) -> tuple[Finding | None, Finding | None]:
    _, readings = distinct_readings(samples)
    unit = mag_unit(readings - magnetic.offset)
    factor = 1.0 if unit is None else float(unit.correction[0, 0])
    return unit, mag_step(readings * np.float32(factor), params.board, params.scale_limit)
