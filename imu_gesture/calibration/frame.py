"""One frame for all sensors: the mean of their own.

What rests and turns tell are the sensors' axes against each other, not against the board's edges.
Each sensor is mounted within its tolerance, and none is known to be the better one, so the common
frame is the one that asks the smallest rotations of them all: its error is that of a mean.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.linalg import polar
from scipy.spatial.transform import Rotation

from imu_gesture.calibration.affine import Affine, Float64Array


def in_common_frame(corrections: Sequence[Affine]) -> list[Affine]:
    """Corrections into one and the same frame, turned into the mean of the sensors' frames."""
    own = [_rotation_rad(correction.matrix) for correction in corrections]
    back = Rotation.from_rotvec(-np.mean(own, axis=0)).as_matrix()
    return [Affine(back @ correction.matrix, correction.offset) for correction in corrections]


def _rotation_rad(matrix: Float64Array) -> Float64Array:
    """(3,) rotation vector of the rotation in a matrix (polar decomposition)."""
    rotation, _ = polar(matrix)
    vector: Float64Array = Rotation.from_matrix(rotation).as_rotvec()
    return vector
