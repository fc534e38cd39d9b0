"""Net rotations from angular rates, many movements at once."""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

from imu_gesture.calibration.affine import Float64Array


def increments_rad(time_s: Float64Array, rate_dps: Float64Array) -> Float64Array:
    """(n - 1, 3) rotation from each sample to the next; a reading is the mean up to its time."""
    increments: Float64Array = np.radians(rate_dps[1:]) * np.diff(time_s)[:, None]
    return increments


def grouped(increments: Float64Array, size: int) -> Float64Array:
    """Sums of `size` increments (n, 3) each, the last of what is left."""
    starts = np.arange(0, len(increments), size)
    sums: Float64Array = np.add.reduceat(increments, starts, axis=0)
    return sums


def padded(parts: list[Float64Array]) -> Float64Array:
    """(m, length, 3) from m arrays (n, 3), filled up with zeros to a power of two."""
    longest = max(len(part) for part in parts)
    length = 1 << (longest - 1).bit_length()
    stack = np.zeros((len(parts), length, 3))
    for row, part in zip(stack, parts, strict=True):
        row[: len(part)] = part
    return stack


def net_rotations(increments: Float64Array) -> Rotation:
    """Rotations (m) from the board's frame at the end of a movement to that at its start.

    increments: (m, length, 3) radians, length a power of two, each in the board's frame of its
    moment. Neighbours are multiplied pairwise, so that the loop is short.
    """
    count, length, _ = increments.shape
    quaternions = (
        Rotation.from_rotvec(increments.reshape(-1, 3)).as_quat().reshape(count, length, 4)
    )
    while quaternions.shape[1] > 1:
        quaternions = _product(quaternions[:, ::2], quaternions[:, 1::2])
    return Rotation.from_quat(quaternions[:, 0])


def cumulative_rotations(increments: Float64Array) -> Rotation:
    """Rotations (n + 1) from the board's frame at each sample to that at the first.

    increments: (n, 3) radians.
    """
    quaternions = np.zeros((len(increments) + 1, 4))
    quaternions[:, 3] = 1.0
    quaternions[1:] = Rotation.from_rotvec(increments).as_quat() if len(increments) else 0.0
    step = 1
    while step < len(quaternions):
        quaternions[step:] = _product(quaternions[:-step], quaternions[step:])
        step *= 2
    return Rotation.from_quat(quaternions)


def _product(left: Float64Array, right: Float64Array) -> Float64Array:
    """Hamilton products of quaternions (..., 4), scalar last."""
    x1, y1, z1, w1 = np.moveaxis(left, -1, 0)
    x2, y2, z2, w2 = np.moveaxis(right, -1, 0)
    product: Float64Array = np.stack(
        [
            w1 * x2 + x1 * w2 + y1 * z2 - z1 * y2,
            w1 * y2 - x1 * z2 + y1 * w2 + z1 * x2,
            w1 * z2 + x1 * y2 - y1 * x2 + z1 * w2,
            w1 * w2 - x1 * x2 - y1 * y2 - z1 * z2,
        ],
        axis=-1,
    )
    return product
