"""Accelerometer from poses at rest: the corrected reading of each must have the size of 1 g.

Six faces are those of Ferraris, Grimaldi and Parvis 1995; any spread poses do (Tedaldi, Pretto and
Menegatti 2014). What poses do not determine keeps a prior of the size of datasheet errors, and its
uncertainty appears in the inclination error.

The size alone leaves a rotation open, which is chosen as small as possible: the matrix is
symmetric.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from imu_gesture.calibration.affine import Affine, Float64Array
from imu_gesture.calibration.least_squares import Fit, solve, symmetric
from imu_gesture.calibration.stills import Still
from imu_gesture.errors import CalibrationError


@dataclass(frozen=True)
class AccelerometerParams:
    """How poses are judged.

    Attributes:
        fewest_poses: distinct ones.
        distinct_deg: poses nearer than this are one.
        inclination_deg: stop rule, the inclination error that is good enough.
        pose_sd_g: how well the mean over a pose is trusted: noise, and what is not affine.
        offset_sd_g, scale_sd, skew_sd: prior, several times a datasheet's limit.
    """

    fewest_poses: int = 6
    distinct_deg: float = 20.0
    inclination_deg: float = 0.4
    pose_sd_g: float = 0.001
    offset_sd_g: float = 0.2
    scale_sd: float = 0.1
    skew_sd: float = 0.02


@dataclass(frozen=True, eq=False)
class AccelerometerFit:
    """A correction and how good it is.

    Attributes:
        covariance: (9, 9) of offset x, y, z and matrix xx, xy, xz, yy, yz, zz.
        poses: distinct ones.
        inclination_error_deg: expected (root mean square over all attitudes), in the
            accelerometer's own frame.
        residual_g: root mean square of the size's distance from 1 g.
    """

    affine: Affine
    covariance: Float64Array
    poses: int
    inclination_error_deg: float
    residual_g: float


def fit_accelerometer(
    stills: Sequence[Still], params: AccelerometerParams | None = None
) -> AccelerometerFit:
    """Fit a correction to poses at rest, readings in g.

    Raises:
        CalibrationError: too few poses, or too alike; says which are missing.
    """
    params = params or AccelerometerParams()
    acc_g = np.array([still.acc_g for still in stills]).reshape(-1, 3)
    poses = distinct_poses(acc_g, params.distinct_deg)
    _check_poses(acc_g, poses, params)
    fit = _fit(acc_g, params)
    inclination_deg = inclination_error_deg(fit.covariance)
    return AccelerometerFit(
        affine=Affine(np.eye(3) + symmetric(fit.parameters[3:]), fit.parameters[:3]),
        covariance=fit.covariance,
        poses=poses,
        inclination_error_deg=inclination_deg,
        residual_g=float(np.sqrt(np.mean(fit.residuals**2))) * params.pose_sd_g,
    )


def distinct_poses(acc_g: Float64Array, distinct_deg: float) -> int:
    """How many of the directions (n, 3) are further apart than `distinct_deg`."""
    chosen: list[Float64Array] = []
    for reading in acc_g:
        direction = reading / max(np.linalg.norm(reading), 1e-9)
        limit = np.cos(np.radians(distinct_deg))
        if all(direction @ other < limit for other in chosen):
            chosen.append(direction)
    return len(chosen)


def faces_seen(acc_g: Float64Array) -> frozenset[str]:
    """Faces that were up in some pose, of "x+", "x-", ... "z-"; within 30 degrees."""
    seen = set()
    for reading in acc_g:
        axis = int(np.argmax(np.abs(reading)))
        if abs(reading[axis]) > np.cos(np.radians(30)) * np.linalg.norm(reading):
            seen.add("xyz"[axis] + ("+" if reading[axis] > 0 else "-"))
    return frozenset(seen)


def inclination_error_deg(covariance: Float64Array) -> float:
    """Root mean square error of the direction of gravity, over all attitudes."""
    return float(np.degrees(np.sqrt(np.trace(covariance @ _inclination_weights()))))


@cache
def _inclination_weights() -> Float64Array:
    """(9, 9) mean over attitudes of what the parameters' errors do across gravity, squared."""
    corners = np.array([[x, y, z] for x in (-1, 0, 1) for y in (-1, 0, 1) for z in (-1, 0, 1)])
    ups = corners[np.any(corners != 0, axis=1)].astype(np.float64)
    ups /= np.linalg.norm(ups, axis=1, keepdims=True)
    across = [(np.eye(3) - np.outer(up, up)) @ _sensitivity(up) for up in ups]
    weights: Float64Array = np.mean([part.T @ part for part in across], axis=0)
    return weights


def _sensitivity(up: Float64Array) -> Float64Array:
    """(3, 9) change of the corrected reading `up` with each parameter."""
    columns = [*-np.eye(3), *(symmetric(unit) @ up for unit in np.eye(6))]
    return np.stack(columns, axis=1)


def _fit(acc_g: Float64Array, params: AccelerometerParams) -> Fit:
    def residuals(parameters: Float64Array) -> Float64Array:
        matrix = np.eye(3) + symmetric(parameters[3:])
        sizes = np.linalg.norm((acc_g - parameters[:3]) @ matrix, axis=1)
        away: Float64Array = (sizes - 1) / params.pose_sd_g
        return away

    diagonal, beside = params.scale_sd, params.skew_sd
    prior = [diagonal, beside, beside, diagonal, beside, diagonal]
    return solve(residuals, np.zeros(9), np.array([params.offset_sd_g] * 3 + prior))


def _check_poses(acc_g: Float64Array, poses: int, params: AccelerometerParams) -> None:
    if not len(acc_g):
        raise CalibrationError(
            "accelerometer: the board never lay still; put it on a table for two seconds in each "
            "pose, without a hand on it"
        )
    if poses < params.fewest_poses:
        raise CalibrationError(
            f"accelerometer: {poses} different poses in {len(acc_g)} rests, "
            f"{params.fewest_poses} are needed; lay the board on each of its six faces"
        )
    spread = np.linalg.svd(acc_g - acc_g.mean(axis=0), compute_uv=False)[-1] / np.sqrt(len(acc_g))
    if spread < 0.3:
        raise CalibrationError(
            "accelerometer: the poses are too alike (all around one axis); missing are faces "
            f"{', '.join(sorted(_ALL_FACES - faces_seen(acc_g)))} up"
        )


_ALL_FACES = frozenset({"x+", "x-", "y+", "y-", "z+", "z-"})
