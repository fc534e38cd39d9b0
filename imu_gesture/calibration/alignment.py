"""The magnetometer's axes against the gyroscope's: turning must turn the field back.

Over a fraction of a second the field stands still in the world, so the integrated rate must carry
each reading into a later one. The rotation between the two chips' frames follows (after Kok and
Schön 2016, doi 10.1109/JSEN.2016.2569160, without their inclination).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from imu_gesture.calibration.affine import Affine, Float64Array, seconds
from imu_gesture.calibration.least_squares import Fit, solve
from imu_gesture.calibration.rotation import cumulative_rotations, increments_rad
from imu_gesture.errors import CalibrationError
from imu_gesture.samples import Samples


@dataclass(frozen=True)
class AlignmentParams:
    """Readings are compared over `apart_s`; the result must be known to `sd_deg`."""

    apart_s: float = 0.4
    longest_gap_s: float = 0.1
    sd_deg: float = 0.5
    prior_deg: float = 15.0


@dataclass(frozen=True, eq=False)
class Alignment:
    """Rotation (3, 3) into the gyroscope's frame, and how well it is known.

    Attributes:
        sd_deg: standard deviation about the worst axis.
        residual_deg: root mean square by which the field was not carried along.
    """

    matrix: Float64Array
    sd_deg: float
    residual_deg: float


def align_magnetometer(
    samples: Samples,
    gyroscope: Affine,
    mag: tuple[NDArray[np.int64], Float64Array],
    params: AlignmentParams | None = None,
) -> Alignment:
    """Find the rotation that makes the corrected field turn as the corrected rate says.

    mag: times (m,) and corrected readings (m, 3) while turning.

    Raises:
        CalibrationError: the board was not turned about enough axes.
    """
    params = params or AlignmentParams()
    pairs = _pairs(samples, gyroscope, mag, params)
    if len(pairs.first) < 20:
        raise CalibrationError(
            "magnetometer: fewer than 20 readings while turning; turn the board for longer"
        )
    fit = _fit(pairs, params)
    sd_deg = float(np.degrees(fit.deviations.max()))
    if sd_deg > params.sd_deg:
        raise CalibrationError(
            f"magnetometer: its axes are known to {sd_deg:.1f} degrees only, "
            f"{params.sd_deg} are needed; turn the board about all of its axes"
        )
    matrix = Rotation.from_rotvec(fit.parameters).as_matrix()
    residual = np.sqrt(np.mean(fit.residuals**2) * 3)
    return Alignment(matrix, sd_deg, float(np.degrees(residual * _SD)))


_SD = 0.02  # of a direction: noise of one reading against the field's size


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Directions (k, 3) of the field, and the k rotations from the later frame to the earlier."""

    first: Float64Array
    second: Float64Array
    turned: Rotation


def _pairs(
    samples: Samples,
    gyroscope: Affine,
    mag: tuple[NDArray[np.int64], Float64Array],
    params: AlignmentParams,
) -> _Pairs:
    origin_us = int(samples.device_time_us[0])
    time_s, mag_s = seconds(samples.device_time_us, origin_us), seconds(mag[0], origin_us)
    inside = (mag_s >= time_s[0]) & (mag_s <= time_s[-1])
    mag_s, field = mag_s[inside], mag[1][inside]
    grid_s = np.union1d(time_s, mag_s)
    rate_dps = gyroscope(samples.gyr_or_zero_dps)[np.searchsorted(time_s, grid_s)]
    attitude = cumulative_rotations(increments_rad(grid_s, rate_dps))
    at = np.searchsorted(grid_s, mag_s)
    later = np.searchsorted(mag_s, mag_s + params.apart_s)
    earlier = np.flatnonzero(later < len(mag_s))
    later = later[earlier]
    earlier, later = _without_gaps(time_s, mag_s, (earlier, later), params)
    turned = attitude[at[earlier]].inv() * attitude[at[later]]
    moved = turned.magnitude() > np.radians(5)
    unit = field / np.linalg.norm(field, axis=1, keepdims=True)
    return _Pairs(unit[earlier[moved]], unit[later[moved]], turned[moved])


def _without_gaps(
    time_s: Float64Array,
    mag_s: Float64Array,
    pairs: tuple[NDArray[np.intp], NDArray[np.intp]],
    params: AlignmentParams,
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    earlier, later = pairs
    long = np.concatenate([[0], np.cumsum(np.diff(time_s) > params.longest_gap_s)])
    gaps = np.interp(mag_s, time_s, long)
    whole = (gaps[later] == gaps[earlier]) & (mag_s[later] - mag_s[earlier] < 2 * params.apart_s)
    return earlier[whole], later[whole]


def _fit(pairs: _Pairs, params: AlignmentParams) -> Fit:
    def residuals(parameters: Float64Array) -> Float64Array:
        rotation = Rotation.from_rotvec(parameters)
        away = pairs.turned.apply(rotation.apply(pairs.second)) - rotation.apply(pairs.first)
        flat: Float64Array = away.ravel() / _SD
        return flat

    return solve(residuals, np.zeros(3), np.full(3, np.radians(params.prior_deg)), robust=True)
