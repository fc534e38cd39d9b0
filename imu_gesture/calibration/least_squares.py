"""Weighted least squares with what its covariance says, and symmetric matrices as parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from imu_gesture.calibration.affine import Float64Array

_UPPER = np.triu_indices(3)


@dataclass(frozen=True, eq=False)
class Fit:
    """Parameters (p,), their covariance (p, p), and the residuals in standard deviations.

    The covariance is that of the stated standard deviations, widened where the residuals are
    larger than they should be.
    """

    parameters: Float64Array
    covariance: Float64Array
    residuals: Float64Array

    @property
    def deviations(self) -> Float64Array:
        """(p,) standard deviation of each parameter."""
        deviations: Float64Array = np.sqrt(np.diag(self.covariance))
        return deviations


def solve(
    residuals: Callable[[Float64Array], Float64Array],
    start: Float64Array,
    prior_deviations: Float64Array,
    robust: bool = False,
) -> Fit:
    """Minimise the squares of `residuals` (in standard deviations) and of a prior around `start`.

    The prior is wide; it keeps parameters in place that the data do not determine, whose deviation
    then stays that of the prior. `robust` bounds the pull of outliers (soft L1).
    """

    def with_prior(parameters: Float64Array) -> Float64Array:
        prior = (parameters - start) / prior_deviations
        return np.concatenate([residuals(parameters), prior])

    found = least_squares(
        with_prior, start, x_scale=prior_deviations, loss="soft_l1" if robust else "linear"
    )
    data = residuals(found.x)
    freedom = max(1, len(data) - len(start))
    excess = max(1.0, float(data @ data) / freedom)
    # The prior is not widened: it is a statement, not a measurement.
    jacobian = np.asarray(found.jac, np.float64)[: len(data)]
    information = jacobian.T @ jacobian / excess + np.diag(prior_deviations**-2.0)
    covariance: Float64Array = np.linalg.inv(information).astype(np.float64)
    return Fit(found.x, covariance, data)


def symmetric(elements: Float64Array) -> Float64Array:
    """(3, 3) from the six elements xx, xy, xz, yy, yz, zz."""
    matrix = np.zeros((3, 3))
    matrix[_UPPER] = elements
    return matrix + matrix.T - np.diag(np.diag(matrix))


def elements_of(matrix: Float64Array) -> Float64Array:
    """The six elements that `symmetric` takes."""
    elements: Float64Array = matrix[_UPPER]
    return elements
