"""How a board sits on the body, from two poses held at rest: by then and by now.

Gravity in one pose leaves the turn about itself open; in a second pose it closes it. The rotation
that brings both directions of now to those of then is Wahba's (1965), solved as scipy does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from imu_gesture import _core
from imu_gesture.errors import CalibrationError
from imu_gesture.samples import Float32Array, Samples

Float64Array = NDArray[np.float64]


@dataclass(frozen=True)
class MountParams:
    """When two poses say enough.

    Attributes:
        rest_s: of calm that count as a pose.
        calm_g, calm_dps: largest standard deviation in it, all axes together: an arm that is held
            still trembles by about half of it.
        apart_deg: smallest angle between two poses; the turn about gravity is known worse by the
            factor 1 / sin of it.
        disagreement_deg: largest difference of that angle between then and now: larger, and the
            poses were not the same.
        gravity_g: largest deviation from 1 g at rest.
    """

    rest_s: float = 1.0
    calm_g: float = 0.1
    calm_dps: float = 20.0
    apart_deg: float = 30.0
    disagreement_deg: float = 15.0
    gravity_g: float = 0.25


@dataclass(frozen=True, eq=False)
class Mount:
    """Rotation (3, 3) from the board's frame as it sits now to the frame of the training mount.

    Attributes:
        angle_deg: by which the board is turned against the training mount.
        disagreement_deg: largest angle by which a pose of now misses that of then.
    """

    matrix: Float64Array
    angle_deg: float
    disagreement_deg: float


def pose_g(samples: Samples, params: MountParams | None = None) -> Float64Array:
    """(3,) mean acceleration over the calmest stretch of calibrated samples.

    Raises:
        CalibrationError: nothing is calm, or it does not read 1 g.
    """
    params = params or MountParams()
    stretch = round(params.rest_s / _step_s(samples)) if len(samples) > 1 else 1
    if len(samples) <= stretch:
        raise CalibrationError(f"{samples.duration_s:.1f} s are too short for a pose; hold longer")
    acc_g, acc_spread_g = _moving(samples.acc_g, stretch)
    _, gyr_spread_dps = _moving(samples.gyr_or_zero_dps, stretch)
    unrest = np.maximum(acc_spread_g / params.calm_g, gyr_spread_dps / params.calm_dps)
    calmest = int(unrest.argmin())
    if unrest[calmest] > 1:
        raise CalibrationError(
            f"no {params.rest_s:g} s of rest in this pose: readings spread by at least "
            f"{acc_spread_g[calmest]:.2f} g and {gyr_spread_dps[calmest]:.0f} deg/s; hold still, "
            "or lean on something"
        )
    size_g = float(np.linalg.norm(acc_g[calmest]))
    if abs(size_g - 1) > params.gravity_g:
        raise CalibrationError(
            f"at rest the accelerometer reads {size_g:.2f} g instead of 1 g; calibrate it first "
            "with `imu-gesture calibrate`"
        )
    pose: Float64Array = acc_g[calmest]
    return pose


def _step_s(samples: Samples) -> float:
    return samples.duration_s / (len(samples) - 1)


def _moving(values: Float32Array, stretch: int) -> tuple[Float64Array, Float64Array]:
    """Mean (m, 3) and standard deviation (m,) of each stretch of readings (n, 3)."""
    exact = values.astype(np.float64)
    sums = np.concatenate([np.zeros((1, 3)), np.cumsum(exact, axis=0)])
    squares = np.concatenate([np.zeros((1, 3)), np.cumsum(exact**2, axis=0)])
    mean = (sums[stretch:] - sums[:-stretch]) / stretch
    variance = (squares[stretch:] - squares[:-stretch]) / stretch - mean**2
    return mean, np.sqrt(np.maximum(variance.sum(axis=1), 0))


def align_mount(
    then_g: Float64Array, now_g: Float64Array, params: MountParams | None = None
) -> Mount:
    """The mount from the same poses (n, 3) held in training and now, in the same order; n >= 2.

    Raises:
        CalibrationError: the poses are too much alike, or they are not the same poses.
    """
    params = params or MountParams()
    then, now = (_directions(poses) for poses in (then_g, now_g))
    for when, directions in (("in training", then), ("now", now)):
        apart_deg = _widest_deg(directions)
        if apart_deg < params.apart_deg:
            raise CalibrationError(
                f"the poses held {when} are only {apart_deg:.0f} degrees apart, "
                f"{params.apart_deg:g} are needed; choose poses that differ more, such as arm "
                "hanging and arm forward"
            )
    rotation, _ = Rotation.align_vectors(then, now)
    miss_deg = _angles_deg(then, rotation.apply(now)).max()
    widths_deg = [_widest_deg(directions) for directions in (then, now)]
    if abs(widths_deg[0] - widths_deg[1]) > params.disagreement_deg:
        raise CalibrationError(
            f"the poses were {widths_deg[0]:.0f} degrees apart in training and are "
            f"{widths_deg[1]:.0f} now, so they are not the same; hold the same poses in the same "
            "order, and the board fast on the body"
        )
    angle_deg = float(np.degrees(rotation.magnitude()))
    return Mount(rotation.as_matrix(), angle_deg, float(miss_deg))


def mounted(calibration: _core.CalibrationParams, mount: Mount) -> _core.CalibrationParams:
    """The calibration that also turns readings into the frame of the training mount."""
    return turned(calibration, mount.matrix)


def turned(calibration: _core.CalibrationParams, matrix: Float64Array) -> _core.CalibrationParams:
    """The calibration that also turns readings by a rotation (3, 3)."""
    return _core.CalibrationParams(
        _turned(calibration.acc, matrix), _turned(calibration.gyr, matrix), calibration.known
    )


def _turned(affine: _core.AffineParams, matrix: Float64Array) -> _core.AffineParams:
    return _core.AffineParams(
        np.ascontiguousarray(matrix @ affine.matrix, np.float32), affine.offset
    )


def apart_deg(first_g: Float64Array, second_g: Float64Array) -> float:
    """Angle between two poses (3,), or between one and the opposite of the other."""
    return _widest_deg(_directions(np.array([first_g, second_g])))


def _directions(poses_g: Float64Array) -> Float64Array:
    directions: Float64Array = poses_g / np.linalg.norm(poses_g, axis=1, keepdims=True)
    return directions


def _angles_deg(first: Float64Array, second: Float64Array) -> Float64Array:
    across = np.linalg.norm(np.cross(first, second), axis=-1)
    angles: Float64Array = np.degrees(np.arctan2(across, np.sum(first * second, axis=-1)))
    return angles


def _widest_deg(directions: Float64Array) -> float:
    """Of the angles between two poses, that which is nearest to a right one."""
    angles_deg = _angles_deg(directions[:, None], directions[None, :])
    return float(np.minimum(angles_deg, 180 - angles_deg).max())
