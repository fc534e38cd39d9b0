"""The gyroscope's scale from turning, once the axis map is known.

A vector sensor with unequal axes (soft iron) does not turn on a sphere. Its symmetric distortion
is an unknown here, which leaves the scale some ten times more certain than a sphere does.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from imu_gesture.calibration.affine import Float64Array
from imu_gesture.calibration.least_squares import solve, symmetric
from imu_gesture.calibration.turning import OVERLAP, Moments, TurningFit, vector_product

FIELD_DISTORTION = 0.1
GRAVITY_DISTORTION = 0.03
_OFFSET_SD = 1.0  # relative to the largest reading
_RATE_OFFSET_SD = 1.0  # rad/s


def with_scale(found: Moments, fit: TurningFit, distortion_sd: float) -> TurningFit:
    """The same map, with scale, its deviation, residual and offset found anew."""
    usual = found.vector / found.weight[:, None]
    size = float(np.abs(usual).max())
    usual_change = float(np.sqrt(np.mean(found.change**2)))
    sd = max(fit.residual, 0.01) * usual_change

    def residuals(parameters: Float64Array) -> Float64Array:
        change = found.change @ _distortion(parameters[7:])
        away: Float64Array = (change - _model(found, fit, parameters, size)) / sd
        return away.ravel()

    start = np.concatenate([[fit.scale], fit.offset / size, np.zeros(8)])
    prior = [fit.scale, *[_OFFSET_SD] * 3, *[_RATE_OFFSET_SD] * 3, *[distortion_sd] * 5]
    solved = solve(residuals, start, np.array(prior))
    spread = float(np.sqrt(np.mean(solved.residuals**2)))
    scale_sd = float(solved.deviations[0]) * min(1.0, spread) * np.sqrt(OVERLAP)
    return replace(
        fit,
        scale=float(solved.parameters[0]),
        scale_sd=scale_sd,
        residual=spread * sd / usual_change,
        offset=solved.parameters[1:4] * size,
    )


def _distortion(elements: Float64Array) -> Float64Array:
    """(3, 3) symmetric, its trace that of the identity: the size of the vector does not matter."""
    xx, xy, xz, yy, yz = elements
    return np.eye(3) + symmetric(np.array([xx, xy, xz, yy, yz, -xx - yy]))


def _model(found: Moments, fit: TurningFit, parameters: Float64Array, size: float) -> Float64Array:
    """(k, 3) change of D v: -w x D (v - b) + offset x D (v - b)."""
    scale, offset, rate_offset = parameters[0], parameters[1:4] * size, parameters[4:7]
    distortion = _distortion(parameters[7:])
    rate = found.rate @ fit.axes.T
    mapped = np.einsum("ij,kjb->kib", fit.axes, found.rate_vector)
    mapped = (mapped - rate[:, :, None] * offset) @ distortion
    vector = (found.vector - found.weight[:, None] * offset) @ distortion
    turned: Float64Array = -scale * vector_product(mapped) + np.cross(rate_offset, vector)
    return turned
