"""Which of the three sensors has wrong axes, a wrong unit or a wrong scale? Named in words.

From a few seconds of turning about all axes. Gravity and the field stand still in the world, so
each of them tells, by how it turns, which of the 48 axis maps the gyroscope would need to agree
with it. Two maps tell which sensor is the odd one out. What no movement can tell: a vector whose
three axes are all reversed turns just the same. The pose at the start decides for the
accelerometer, the dip of the field for the magnetometer; else the smaller change is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from imu_gesture.calibration.affine import Float64Array, interpolate, seconds
from imu_gesture.calibration.axis_maps import (
    AXIS_MAPS,
    IDENTITY,
    AxisMap,
    changed_axes,
    handedness,
    is_identity,
)
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
    FIELD_WIDTH_S,
    GRAVITY_WIDTH_S,
    Moments,
    TurningFit,
    best_axes,
    moments,
)
from imu_gesture.calibration.turning_scale import (
    FIELD_DISTORTION,
    GRAVITY_DISTORTION,
    with_scale,
)
from imu_gesture.errors import CalibrationError
from imu_gesture.samples import Samples

_FEWEST_READINGS = 30  # of the field


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
    breadth: float = 0.15


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


@dataclass(frozen=True, eq=False)
class _Maps:
    """True = map @ reading, for each sensor."""

    acc: AxisMap
    gyr: AxisMap
    mag: AxisMap = field(default_factory=IDENTITY.copy)

    @property
    def cost(self) -> tuple[int, int]:
        """Sensors changed, then axes changed."""
        maps = (self.acc, self.gyr, self.mag)
        return sum(not is_identity(axes) for axes in maps), sum(map(changed_axes, maps))


def check_axes(samples: Samples, params: AxisParams | None = None) -> AxisCheck:
    """Look at a few seconds of turning, readings as they came.

    Raises:
        CalibrationError: not turned enough, or about too few axes; or the sensors do not agree
            under any map.
    """
    params = params or AxisParams()
    if samples.gyr_dps is None or len(samples) < 50:
        raise CalibrationError("axes: a gyroscope and some seconds of turning are needed")
    gravity = _agree(_gravity_moments(samples), "gravity", GRAVITY_DISTORTION, params)
    magnetic = _magnetic_fit(samples, params)
    maps = _explain(samples, gravity, magnetic, params)
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


def _magnetic_fit(samples: Samples, params: AxisParams) -> TurningFit | None:
    if len(distinct_readings(samples)[1]) < _FEWEST_READINGS:
        return None
    return _agree(_magnetic_moments(samples), "the magnetic field", FIELD_DISTORTION, params)


def _gravity_moments(samples: Samples) -> Moments:
    time_s, rate = _rate(samples)
    gravity = samples.acc_g.astype(np.float64)
    return moments(time_s, rate, gravity, GRAVITY_WIDTH_S, of_known_size=True)


def _magnetic_moments(samples: Samples) -> Moments:
    time_s, rate = _rate(samples)
    inside, field_ut = _field(samples)
    at_s = time_s[inside]
    return moments(at_s, rate[inside], field_ut, FIELD_WIDTH_S, of_known_size=False)


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
        raise CalibrationError(
            "axes: turn the board about all three of its axes for some seconds, by a quarter turn "
            "or more each"
        )
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


def _explain(
    samples: Samples, gravity: TurningFit, magnetic: TurningFit | None, params: AxisParams
) -> _Maps:
    """The fewest changes that let all sensors agree.

    With true a = A a', w = W w': turning keeps its form if W = det(A) A C, where C is the map
    that the gyroscope needs to agree with a'; so A = +-W C^T, and det(W) = det(C). One sensor at
    least is taken to be right: were all turned alike, it is the board that lay otherwise.
    """
    needed = [fit.axes for fit in (gravity, magnetic) if fit is not None]
    if len({handedness(axes) for axes in needed}) > 1:
        raise CalibrationError(
            "axes: gravity and the magnetic field disagree about the gyroscope's handedness; turn "
            "slowly and smoothly, away from steel"
        )
    candidates = [
        _Maps(sign * gyr @ needed[0].T, gyr, mag)
        for gyr in AXIS_MAPS
        if handedness(gyr) == handedness(needed[0])
        for sign in (1, -1)
        for mag in _mag_maps(gyr, magnetic)
    ]
    fitting = [
        maps
        for maps in candidates
        if maps.cost[0] <= len(needed) and _fits_poses(samples, maps, magnetic, params)
    ]
    if not fitting:
        raise CalibrationError(
            "axes: the board did not lie flat at the start, its upper face up; lay it so and turn "
            "it again"
        )
    return min(fitting, key=lambda maps: maps.cost)


def _mag_maps(gyr: AxisMap, magnetic: TurningFit | None) -> list[AxisMap]:
    if magnetic is None:
        return [IDENTITY]
    return [sign * gyr @ magnetic.axes.T for sign in (1, -1)]


def _fits_poses(
    samples: Samples, maps: _Maps, magnetic: TurningFit | None, params: AxisParams
) -> bool:
    if params.flat_start:
        first = maps.acc @ np.median(samples.acc_g[:50], axis=0)
        if first[2] < 0.7 * np.linalg.norm(first):
            return False
    if params.dip_down is None or magnetic is None:
        return True
    inside, field_ut = _field(samples)
    up = samples.acc_g[inside].astype(np.float64) @ maps.acc.T
    upward = (((field_ut - magnetic.offset) @ maps.mag.T) * up).sum(axis=1)
    return bool((np.median(upward) < 0) == params.dip_down)


def _gyr_scale(gravity: TurningFit, magnetic: TurningFit | None) -> tuple[float, float]:
    """Mean of both, weighted; hands that accelerate make gravity's the less certain."""
    fits = [fit for fit in (gravity, magnetic) if fit is not None]
    weights = np.array([1 / (fit.scale_sd**2 + (0.005 * fit.scale) ** 2) for fit in fits])
    scale = float(weights @ [fit.scale for fit in fits] / weights.sum())
    return scale, float(weights.sum() ** -0.5)


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
