"""Hard and soft iron: restored after a full dance, refused after anything less."""

from __future__ import annotations

import numpy as np
import pytest

from imu_gesture.calibration.affine import Affine, Float64Array
from imu_gesture.calibration.alignment import align_magnetometer
from imu_gesture.calibration.magnetometer import (
    MagnetometerParams,
    distinct_readings,
    fit_magnetometer,
    sphere_regions_seen,
)
from imu_gesture.errors import CalibrationError
from imu_gesture.samples import Float32Array, Samples
from imu_gesture.simulation.chips import BMI270_BOARD, LSM9DS1_BOARD, Chip
from imu_gesture.simulation.dance import DancePlan, Dancer
from imu_gesture.simulation.device import Device, held
from imu_gesture.simulation.errors import DATASHEET, Family
from imu_gesture.simulation.signals import FIELD_UT, ideal_signals
from tests.calibration.session import BOARDS, danced, part, session, turned

EIGHT_S = 102.0  # where the figure-eight of the seeded sessions has begun


def inverse(matrix: Float64Array, offset: Float64Array) -> Affine:
    """What corrects readings = matrix @ true + offset."""
    return Affine(np.linalg.inv(matrix).astype(np.float64), offset)


def distorted(
    seed: int, hard_ut: float, soft: float, noise_ut: float = 0.4
) -> tuple[Float32Array, Affine]:
    """Readings all around, and what would correct them."""
    rng = np.random.default_rng(seed)
    field = rng.normal(size=(800, 3))
    field *= np.linalg.norm(FIELD_UT) / np.linalg.norm(field, axis=1, keepdims=True)
    half = rng.uniform(-soft, soft, (3, 3))
    matrix: Float64Array = np.eye(3) + (half + half.T) / 2
    offset = rng.normal(size=3)
    offset *= hard_ut / np.linalg.norm(offset)
    readings = field @ matrix.T + offset + rng.normal(0, noise_ut, field.shape)
    return readings.astype(np.float32), inverse(matrix, offset)


def heading_errors_deg(fitted: Affine, right: Affine) -> Float64Array:
    """Of a board lying flat, at all headings."""
    angle = np.linspace(0, 2 * np.pi, 36, endpoint=False)
    north, down = FIELD_UT[1], FIELD_UT[2]
    true = np.stack([north * np.cos(angle), north * np.sin(angle), np.full(36, down)], axis=1)
    read = fitted(true @ np.linalg.inv(right.matrix).T + right.offset)
    off = np.arctan2(read[:, 1], read[:, 0]) - angle
    errors: Float64Array = np.degrees(np.abs((off + np.pi) % (2 * np.pi) - np.pi))
    return errors


@pytest.mark.parametrize("seed", range(5))
def test_a_hundred_microtesla_and_a_tenth_of_soft_iron_are_corrected(seed: int) -> None:
    readings, right = distorted(seed, 100.0, 0.1)
    assert heading_errors_deg(Affine(), right).max() > 20
    fit = fit_magnetometer(readings)
    assert heading_errors_deg(fit.affine, right).max() < 2
    assert heading_errors_deg(fit.affine, right).mean() < 3 * fit.heading_error_deg + 0.3
    assert fit.quality.variance < 0.02
    assert np.linalg.det(fit.affine.matrix) == pytest.approx(1)


@pytest.mark.parametrize("chip", BOARDS, ids=lambda chip: chip.board)
@pytest.mark.parametrize("seed", range(3))
def test_a_dance_restores_the_heading(chip: Chip, seed: int) -> None:
    device = Device(chip, seed, DATASHEET - {Family.MISALIGNMENT, Family.WARM_UP})
    fit = fit_magnetometer(device.measure(danced(seed)).mag_ut)
    right = inverse(device.errors.mag.matrix, device.errors.mag.offset)
    assert heading_errors_deg(fit.affine, right).max() < 2


def moved_without_turning() -> Samples:
    return Device(LSM9DS1_BOARD, 1).measure(ideal_signals(Dancer(1).sliding(40.0)))


def lying_still() -> Samples:
    return part(session(0), 0.0, 4.5)


def turned_about_one_axis() -> Samples:
    plan = DancePlan(poses=(), turns=0, eight_s=0.0)
    ideal = ideal_signals(Dancer(0).perform(plan))
    angle = np.linspace(0, 12 * np.pi, len(ideal))
    ideal.mag_ut[:, 0], ideal.mag_ut[:, 1] = 20 * np.cos(angle), 20 * np.sin(angle)
    return Device(LSM9DS1_BOARD, 0).measure(ideal)


def disturbed() -> Samples:
    families = DATASHEET | {Family.STEPS}
    return Device(LSM9DS1_BOARD, 0, families).measure(danced(0))


def in_gauss() -> Samples:
    samples = session(0)
    return Samples(
        samples.device_time_us,
        samples.acc_g,
        samples.gyr_dps,
        samples.sequence,
        samples.mag_time_us,
        samples.mag_ut * np.float32(0.01),
    )


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (moved_without_turning, "without turning"),
        (lying_still, "without turning"),
        (turned_about_one_axis, "directions were not seen"),
        (disturbed, "something magnetic was near"),
        (in_gauss, "check the unit"),
    ],
)
def test_what_does_not_determine_it_is_refused(samples: object, message: str) -> None:
    assert callable(samples)
    with pytest.raises(CalibrationError, match=message):
        fit_magnetometer(samples().mag_ut)


def test_half_a_sphere_is_not_enough() -> None:
    readings, right = distorted(0, 100.0, 0.1)
    upper = readings[right(readings)[:, 2] > 0]
    with pytest.raises(CalibrationError, match="directions were not seen"):
        fit_magnetometer(upper)


def test_coverage_grows_while_turning() -> None:
    samples = part(session(0), EIGHT_S)
    seen = [
        int(sphere_regions_seen(part(samples, EIGHT_S, EIGHT_S + after).mag_ut).sum())
        for after in (2.0, 10.0, 25.0, 58.0)
    ]
    assert seen == sorted(seen)
    assert seen[0] < 40
    assert seen[-1] >= 100 * (1 - MagnetometerParams().gaps)


@pytest.mark.parametrize("chip", BOARDS, ids=lambda chip: chip.board)
@pytest.mark.parametrize("angle_deg", [0.0, 5.0])
def test_the_chips_are_aligned(chip: Chip, angle_deg: float) -> None:
    """Turned by a known angle about z, the magnetometer is turned back by it."""
    families = DATASHEET - {Family.MISALIGNMENT, Family.SOFT_IRON, Family.HARD_IRON}
    device = Device(chip, 2, families)
    samples = device.measure(turned(2, 20.0))
    cosine, sine = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    turn = np.array([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]])
    gyr = inverse(device.errors.gyr.matrix, device.errors.gyr.offset)
    field = samples.mag_ut.astype(np.float64) @ turn.T
    found = align_magnetometer(samples, gyr, (samples.mag_time_us, field))
    assert np.degrees(np.abs(found.matrix @ turn - np.eye(3)).max()) < 0.6
    assert found.sd_deg < 0.5
    assert found.residual_deg < 3


def test_alignment_needs_turning() -> None:
    samples = lying_still()
    with pytest.raises(CalibrationError, match="turn the board"):
        align_magnetometer(samples, Affine(), (samples.mag_time_us, samples.mag_ut.astype(float)))


def test_held_readings_count_once() -> None:
    samples = Device(BMI270_BOARD, 0).measure(turned(0))
    times_us, values = distinct_readings(held(samples))
    assert len(values) == pytest.approx(len(samples.mag_ut), rel=0.02)
    late_us = times_us[1:] - samples.mag_time_us[1 : len(times_us)]
    assert 0 <= np.median(late_us) < 1e6 / BMI270_BOARD.rate_hz + 1
