"""Gyroscope: offset from rest, scale and misalignment from movements between rests.

From one rest to the next, the integrated rate must turn gravity as the accelerometer saw it turn
(Tedaldi, Pretto and Menegatti 2014, section III); a full turn on the table must also bring the
heading back. The former do not depend on how exactly a hand turns. Offsets are taken from the
rests before and after, so that warming up does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from imu_gesture.calibration.affine import Affine, Float64Array, seconds
from imu_gesture.calibration.least_squares import Fit, solve
from imu_gesture.calibration.rotation import grouped, increments_rad, net_rotations, padded
from imu_gesture.calibration.stills import Still, StillParams, find_stills
from imu_gesture.errors import CalibrationError
from imu_gesture.samples import Samples

_GROUP = 4  # samples taken together: what they turn in between hardly changes direction


@dataclass(frozen=True)
class GyroscopeParams:
    """How movements are judged.

    Attributes:
        gravity_sd_deg: trust in the direction of gravity at a rest.
        closure_sd_deg: how exactly a hand closes a full turn.
        rate_noise_sd_deg: what integration adds to a movement.
        matrix_sd: prior, wider than any library's mistake.
        longest_gap_s: movements with longer holes are left out.
        scale_sd, misalignment_deg: stop rule.
    """

    gravity_sd_deg: float = 0.15
    closure_sd_deg: float = 1.5
    rate_noise_sd_deg: float = 0.1
    matrix_sd: float = 0.3
    longest_gap_s: float = 0.05
    scale_sd: float = 0.005
    misalignment_deg: float = 0.5


@dataclass(frozen=True, eq=False)
class GyroscopeFit:
    """A correction and how good it is.

    Attributes:
        covariance: (9, 9) of the matrix, row by row.
        scale_sd: standard deviation of the worst axis' scale, relative.
        misalignment_sd_deg: of the worst element beside the diagonal.
        offset_sd_dps: by which the rests differ from each other.
        movements, turns: that were used; turns are full ones.
        worst_closure_deg: heading that a full turn misses by, with this correction.
    """

    affine: Affine
    covariance: Float64Array
    scale_sd: float
    misalignment_sd_deg: float
    offset_sd_dps: float
    movements: int
    turns: int
    worst_closure_deg: float


@dataclass(frozen=True, eq=False)
class Rest:
    """What a rest says of the gyroscope: offset and noise (3,), deg/s."""

    offset_dps: Float64Array
    noise_dps: Float64Array
    offset_sd_dps: Float64Array
    duration_s: float


@dataclass(frozen=True, eq=False)
class _Movement:
    """From one rest to the next: increments (n, 3) rad, gravity's direction at both ends."""

    increments: Float64Array
    before: Float64Array
    after: Float64Array

    @property
    def full_turn(self) -> bool:
        """Is it most of a turn or more about one axis, coming back to where gravity was?"""
        angle = float(np.linalg.norm(self.increments.sum(axis=0)))
        way = float(np.linalg.norm(self.increments, axis=1).sum())
        returned = float(self.before @ self.after) > np.cos(np.radians(10))
        return returned and angle > 0.75 * 2 * np.pi and angle > 0.95 * way


def gyroscope_at_rest(samples: Samples, params: StillParams | None = None) -> Rest:
    """Offset and noise from a stretch in which the board was told to lie still.

    Raises:
        CalibrationError: it did not, or there is no gyroscope.
    """
    if samples.gyr_dps is None:
        raise CalibrationError("gyroscope: these samples have none; choose another source")
    stills = find_stills(samples, params)
    still_s = sum(still.duration_s for still in stills)
    if still_s < 0.8 * samples.duration_s or not stills:
        raise CalibrationError(
            f"gyroscope: the board lay still for {still_s:.1f} of {samples.duration_s:.1f} s; "
            "put it on a table, take the hand away, and do not touch the table"
        )
    longest = max(stills, key=lambda still: still.duration_s)
    count = longest.stop - longest.start
    # Neighbouring samples are alike behind the sensor's low-pass filter: a tenth count as many.
    sd = longest.gyr_spread_dps / np.sqrt(max(1.0, count / 10))
    return Rest(longest.gyr_dps, longest.gyr_spread_dps, sd, longest.duration_s)


def fit_gyroscope(
    samples: Samples,
    stills: Sequence[Still],
    accelerometer: Affine,
    params: GyroscopeParams | None = None,
) -> GyroscopeFit:
    """Fit a correction to the movements between rests.

    Raises:
        CalibrationError: the movements do not determine it; says about which axis to turn.
    """
    params = params or GyroscopeParams()
    movements = _movements(samples, stills, accelerometer, params)
    if len(movements) < 3:
        raise CalibrationError(
            f"gyroscope: {len(movements)} movements between rests; turn the board about each of "
            "its axes, and lay it down for two seconds before and after"
        )
    fit = _fit(movements, params)
    _check_determined(fit, params)
    offsets = np.array([still.gyr_dps for still in stills])
    deviations = np.degrees(fit.deviations.reshape(3, 3))
    closures = _closures_deg(movements, fit.parameters)
    return GyroscopeFit(
        affine=Affine(fit.parameters.reshape(3, 3), offsets[-1]),
        covariance=fit.covariance,
        scale_sd=float(fit.deviations.reshape(3, 3).diagonal().max()),
        misalignment_sd_deg=float((deviations * (1 - np.eye(3))).max()),
        offset_sd_dps=float(offsets.std(axis=0).max()),
        movements=len(movements),
        turns=len(closures),
        worst_closure_deg=float(np.abs(closures).max(initial=0.0)),
    )


def turned_axes(samples: Samples, stills: Sequence[Still], accelerometer: Affine) -> frozenset[str]:
    """Axes, of "x", "y", "z", about which there was a full turn between two rests."""
    found = _movements(samples, stills, accelerometer, GyroscopeParams())
    turns = [movement.increments.sum(axis=0) for movement in found if movement.full_turn]
    return frozenset("xyz"[int(np.argmax(np.abs(turn)))] for turn in turns)


def _movements(
    samples: Samples, stills: Sequence[Still], accelerometer: Affine, params: GyroscopeParams
) -> list[_Movement]:
    time_s = seconds(samples.device_time_us, int(samples.device_time_us[0]))
    found = []
    for first, last in pairwise(stills):
        part = slice(first.stop - 1, last.start + 1)
        if np.diff(time_s[part]).max(initial=0.0) > params.longest_gap_s:
            continue
        share = (time_s[part] - first.time_s) / (last.time_s - first.time_s)
        offset_dps = first.gyr_dps + share[:, None] * (last.gyr_dps - first.gyr_dps)
        rate_dps = samples.gyr_or_zero_dps[part] - offset_dps
        increments = grouped(increments_rad(time_s[part], rate_dps), _GROUP)
        before, after = (_direction(accelerometer(still.acc_g)) for still in (first, last))
        movement = _Movement(increments, before, after)
        if float(np.linalg.norm(increments, axis=1).sum()) > np.radians(20):
            found.append(movement)
    return found


def _direction(vector: Float64Array) -> Float64Array:
    direction: Float64Array = vector / np.linalg.norm(vector)
    return direction


def _fit(movements: list[_Movement], params: GyroscopeParams) -> Fit:
    increments = padded([movement.increments for movement in movements])
    before = np.array([movement.before for movement in movements])
    after = np.array([movement.after for movement in movements])
    turns = np.array([movement.full_turn for movement in movements])
    gravity_sd = np.radians(np.hypot(params.gravity_sd_deg * np.sqrt(2), params.rate_noise_sd_deg))

    def residuals(parameters: Float64Array) -> Float64Array:
        turned = net_rotations(increments @ parameters.reshape(3, 3).T)
        gravity = (turned.apply(after) - before) / gravity_sd
        closure = (turned.as_rotvec() * before).sum(axis=1)[turns]
        return np.concatenate([gravity.ravel(), closure / np.radians(params.closure_sd_deg)])

    return solve(residuals, np.eye(3).ravel(), np.full(9, params.matrix_sd), robust=True)


def _closures_deg(movements: list[_Movement], parameters: Float64Array) -> Float64Array:
    turns = [movement for movement in movements if movement.full_turn]
    if not turns:
        return np.zeros(0)
    increments = padded([movement.increments for movement in turns])
    turned = net_rotations(increments @ parameters.reshape(3, 3).T).as_rotvec()
    before = np.array([movement.before for movement in turns])
    closures: Float64Array = np.degrees((turned * before).sum(axis=1))
    return closures


def _check_determined(fit: Fit, params: GyroscopeParams) -> None:
    scales = fit.deviations.reshape(3, 3).diagonal()
    worst = int(np.argmax(scales))
    if scales[worst] > params.scale_sd:
        raise CalibrationError(
            f"gyroscope: the scale of axis {'xyz'[worst]} is known to {scales[worst]:.1%} only, "
            f"{params.scale_sd:.1%} is needed; turn the board about this axis, once around, and "
            "lay it down as it lay before"
        )
    beside = np.degrees(fit.deviations.reshape(3, 3) * (1 - np.eye(3)))
    if beside.max() > params.misalignment_deg:
        raise CalibrationError(
            f"gyroscope: its axes are known to {beside.max():.1f} degrees only, "
            f"{params.misalignment_deg} are needed; lay the board on more of its faces"
        )
