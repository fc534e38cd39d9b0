"""Magnetometer: hard and soft iron from an ellipsoid, gated on coverage and conditioning.

A linear fit of a quadric (Li and Griffiths 2004, doi 10.1109/GMAP.2004.1290055, without the
constraint) starts a geometric one. Readings that do not cover the sphere fit many ellipsoids, so
they are refused rather than fitted. The matrix is symmetric with determinant 1: it keeps the
field's size, and `alignment` finds the rotation that an ellipsoid leaves open.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imu_gesture.calibration.affine import Affine, Float64Array
from imu_gesture.calibration.least_squares import Fit, elements_of, solve, symmetric
from imu_gesture.calibration.sphere import SphereQuality, covered, sphere_quality
from imu_gesture.errors import CalibrationError
from imu_gesture.samples import Float32Array, Samples


@dataclass(frozen=True)
class MagnetometerParams:
    """How readings are judged; the first four are MotionCal's limits.

    Attributes:
        gaps, variance, wobble, fit_error: largest shares.
        least_field_ut, most_field_ut: the Earth's field (WMM).
        fewest_readings: needed for a fit at all.
        centre_sd, matrix_sd: conditioning, largest standard deviation of the centre relative to
            the field, and of the matrix.
        soft_sd: prior of the matrix, several times what iron on a board does.
    """

    gaps: float = 0.15
    variance: float = 0.045
    wobble: float = 0.04
    fit_error: float = 0.05
    least_field_ut: float = 22.0
    most_field_ut: float = 67.0
    fewest_readings: int = 50
    centre_sd: float = 0.01
    matrix_sd: float = 0.01
    soft_sd: float = 0.3


@dataclass(frozen=True, eq=False)
class MagnetometerFit:
    """A correction and how good it is.

    Attributes:
        covariance: (9, 9) of centre x, y, z and matrix xx, xy, xz, yy, yz, zz.
        heading_error_deg: expected from the covariance, where the field dips by 60 degrees.
    """

    affine: Affine
    covariance: Float64Array
    quality: SphereQuality
    heading_error_deg: float


def distinct_readings(
    samples: Samples,
) -> tuple[NDArray[np.int64], Float32Array]:
    """Times (m,) and readings (m, 3) of the field where each first appears.

    A sketch that reads the magnetometer with every inertial sample repeats each reading; repeats
    carry nothing new.
    """
    if not len(samples.mag_ut):
        return samples.mag_time_us, samples.mag_ut
    new = np.any(np.diff(samples.mag_ut, axis=0) != 0, axis=1)
    first = np.concatenate([[True], new])
    return samples.mag_time_us[first], samples.mag_ut[first]


def fit_magnetometer(
    mag_ut: Float32Array, params: MagnetometerParams | None = None
) -> MagnetometerFit:
    """Fit hard and soft iron to readings (n, 3).

    Raises:
        CalibrationError: too few readings, not turned enough, disturbed, or not this Earth's field.
    """
    params = params or MagnetometerParams()
    readings = mag_ut.astype(np.float64)
    if len(readings) < params.fewest_readings:
        raise CalibrationError(
            f"magnetometer: {len(readings)} readings, {params.fewest_readings} are needed; "
            "is there a magnetometer, and is it on?"
        )
    affine = _ellipsoid(readings, params)
    fit = _refine(readings, affine, params)
    matrix = symmetric(fit.parameters[3:9])
    gain = float(np.cbrt(np.linalg.det(matrix)))
    affine = Affine(matrix / gain, fit.parameters[:3])
    quality = sphere_quality(affine(readings))
    _check_quality(quality, params)
    _check_conditioning(fit, quality, params)
    return MagnetometerFit(
        affine, fit.covariance, quality, _heading_error_deg(fit, quality.field_ut)
    )


def about_best_centre(mag_ut: Float32Array) -> Float64Array:
    """Readings (n, 3) about the best centre so far, while they still come in; none of too few."""
    readings = mag_ut.astype(np.float64)
    if len(readings) < 10:
        return np.zeros((0, 3))
    centred: Float64Array = readings - _sphere_centre(readings)
    return centred


def sphere_regions_seen(mag_ut: Float32Array) -> NDArray[np.bool_]:
    """(100,) coverage while readings still come in."""
    return covered(about_best_centre(mag_ut))


def _sphere_centre(readings: Float64Array) -> Float64Array:
    """(3,) of the sphere with least squares, linear in the centre."""
    middle = readings.mean(axis=0)
    away = readings - middle
    design = np.column_stack([2 * away, np.ones(len(away))])
    solution, *_ = np.linalg.lstsq(design, (away**2).sum(axis=1), rcond=1e-3)
    centre: Float64Array = middle + solution[:3]
    return centre


def _ellipsoid(readings: Float64Array, params: MagnetometerParams) -> Affine:
    """Linear quadric fit; a plain sphere where that is no ellipsoid."""
    centre = _sphere_centre(readings)
    radius = float(np.median(np.linalg.norm(readings - centre, axis=1)))
    _check_turned(radius, params)
    _check_coverage(readings - centre, params)
    x, y, z = ((readings - centre) / radius).T
    design = np.column_stack(
        [x * x, 2 * x * y, 2 * x * z, y * y, 2 * y * z, z * z, 2 * x, 2 * y, 2 * z]
    )
    solution, *_ = np.linalg.lstsq(design, np.ones(len(x)), rcond=None)
    quadric, linear = symmetric(solution[:6]), solution[6:]
    values, vectors = np.linalg.eigh(quadric)
    if values.min() <= 0.1 * values.max():
        return Affine(np.eye(3) / radius, centre)
    offset = -np.linalg.solve(quadric, linear)
    size = 1 + offset @ quadric @ offset
    matrix = vectors @ np.diag(np.sqrt(values / size)) @ vectors.T
    return Affine(matrix / radius, centre + radius * offset)


def _refine(readings: Float64Array, start: Affine, params: MagnetometerParams) -> Fit:
    """Distances from the sphere of the field's size, geometric instead of algebraic."""
    field_ut = 1 / float(np.cbrt(np.linalg.det(start.matrix)))
    spread = np.linalg.norm(start(readings), axis=1).std() * field_ut
    sd_ut = max(float(spread), 0.1)

    def residuals(parameters: Float64Array) -> Float64Array:
        corrected = (readings - parameters[:3]) @ symmetric(parameters[3:9])
        away: Float64Array = (np.linalg.norm(corrected, axis=1) - field_ut) / sd_ut
        return away

    first = np.concatenate([start.offset, elements_of(start.matrix * field_ut)])
    prior = np.array([100.0] * 3 + [params.soft_sd] * 6)
    return solve(residuals, first, prior, robust=True)


def _heading_error_deg(fit: Fit, field_ut: float) -> float:
    """Of the centre's and the matrix' errors across a horizontal field of half the field's size."""
    centre_ut = float(np.sqrt(np.mean(fit.deviations[:3] ** 2)))
    matrix_ut = float(np.sqrt(np.mean(fit.deviations[3:] ** 2))) * field_ut
    return float(np.degrees(np.hypot(centre_ut, matrix_ut) / (field_ut / 2)))


def _check_turned(radius_ut: float, params: MagnetometerParams) -> None:
    if radius_ut < params.least_field_ut / 3:
        raise CalibrationError(
            f"magnetometer: readings lie {radius_ut:.2g} µT around their centre, the Earth's field "
            f"is {params.least_field_ut:.0f} µT or more; moving the board without turning it does "
            "not help; if it was turned, check the unit"
        )


def _check_coverage(away_ut: Float64Array, params: MagnetometerParams) -> None:
    gaps = float(1 - covered(away_ut).mean())
    if gaps > 2 * params.gaps:
        raise CalibrationError(
            f"magnetometer: {gaps:.0%} of all directions were not seen, {params.gaps:.0%} may be "
            "missing; turn the board through a slow figure-eight, also upside down"
        )


def _check_conditioning(fit: Fit, quality: SphereQuality, params: MagnetometerParams) -> None:
    centre_sd = float(fit.deviations[:3].max()) / quality.field_ut
    matrix_sd = float(fit.deviations[3:].max())
    if centre_sd > params.centre_sd or matrix_sd > params.matrix_sd:
        raise CalibrationError(
            f"magnetometer: the centre is known to {centre_sd:.1%} of the field and the shape to "
            f"{matrix_sd:.1%}, {params.centre_sd:.0%} is needed; turn the board for longer, "
            "about all of its axes"
        )


def _check_quality(quality: SphereQuality, params: MagnetometerParams) -> None:
    if quality.gaps > params.gaps:
        raise CalibrationError(
            f"magnetometer: {quality.gaps:.0%} of all directions were not seen, "
            f"{params.gaps:.0%} may be missing; go on with the figure-eight"
        )
    if not params.least_field_ut <= quality.field_ut <= params.most_field_ut:
        raise CalibrationError(
            f"magnetometer: a field of {quality.field_ut:.3g} µT, where the Earth's is "
            f"{params.least_field_ut:.0f} to {params.most_field_ut:.0f} µT; check the unit, and "
            "move away from magnets and steel"
        )
    for name in ("variance", "wobble", "fit_error"):
        if getattr(quality, name) > getattr(params, name):
            raise CalibrationError(
                f"magnetometer: {name.replace('_', ' ')} {getattr(quality, name):.1%}, at most "
                f"{getattr(params, name):.1%} is good; something magnetic was near, or moved "
                "with the board: move away from it and turn again"
            )
