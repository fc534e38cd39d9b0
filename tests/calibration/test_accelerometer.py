"""Accelerometer poses: what is found, how well it is known, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from imu_gesture.calibration.accelerometer import (
    AccelerometerParams,
    distinct_poses,
    faces_seen,
    fit_accelerometer,
)
from imu_gesture.calibration.affine import Float64Array
from imu_gesture.calibration.stills import find_stills
from imu_gesture.errors import CalibrationError
from imu_gesture.simulation.chips import LSM9DS1_BOARD, Chip
from imu_gesture.simulation.dance import FACES, DancePlan, Dancer
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.signals import ideal_signals
from tests.calibration.session import BOARDS, danced, session, stills

POSES_ONLY = DancePlan(turns=0, eight_s=0.0)
SIX_FACES = DancePlan(poses=FACES, turns=0, eight_s=0.0)


def tilt_error_deg(corrected: Float64Array, true: Float64Array) -> float:
    """Root mean square angle to the truth, a common rotation left out: no pose tells it."""
    covariance = true.T @ corrected
    left, _, right = np.linalg.svd(covariance)
    turned = corrected @ (left @ np.diag([1, 1, np.linalg.det(left @ right)]) @ right).T
    cosines = (turned * true).sum(axis=1) / np.linalg.norm(turned, axis=1)
    return float(np.degrees(np.sqrt(np.mean(np.arccos(np.clip(cosines, -1, 1)) ** 2))))


@pytest.mark.parametrize("chip", BOARDS, ids=lambda chip: chip.board)
@pytest.mark.parametrize("seed", range(5))
def test_twelve_poses_restore_gravity(chip: Chip, seed: int) -> None:
    device = Device(chip, seed)
    fit = fit_accelerometer(find_stills(device.measure(danced(seed, POSES_ONLY))))
    true = np.random.default_rng(seed).normal(size=(200, 3))
    true /= np.linalg.norm(true, axis=1, keepdims=True)
    raw = true @ device.errors.acc.matrix.T + device.errors.acc.offset
    # It grows warmer: the offset is that of some moment of the session.
    assert tilt_error_deg(fit.affine(raw), true) < 0.4
    assert fit.poses >= 12
    assert fit.inclination_error_deg < AccelerometerParams().inclination_deg


def test_six_faces_leave_the_cross_terms_uncertain_and_say_so() -> None:
    errors_deg, stated_deg = [], []
    for seed in range(6):
        device = Device(LSM9DS1_BOARD, seed)
        fit = fit_accelerometer(find_stills(device.measure(danced(seed, SIX_FACES))))
        true = np.random.default_rng(seed).normal(size=(200, 3))
        true /= np.linalg.norm(true, axis=1, keepdims=True)
        raw = true @ device.errors.acc.matrix.T + device.errors.acc.offset
        errors_deg.append(tilt_error_deg(fit.affine(raw), true))
        stated_deg.append(fit.inclination_error_deg)
    assert min(stated_deg) > AccelerometerParams().inclination_deg
    assert 0.3 < np.sqrt(np.mean(np.square(errors_deg))) / np.mean(stated_deg) < 1.5


@pytest.mark.parametrize(
    ("poses", "message"),
    [
        (FACES[:3], "3 different poses"),
        (((0, 0, 1),) * 8, "1 different poses"),
        (
            ((0, 0, 1), (0, 1, 1), (0, 1, 0), (0, 1, -1), (0, 0, -1), (0, -1, -1), (0, -1, 0)),
            "too alike.*x\\+, x- up",
        ),
    ],
    ids=["few", "the same", "about one axis"],
)
def test_poses_that_do_not_do_are_refused(
    poses: tuple[tuple[int, int, int], ...], message: str
) -> None:
    plan = DancePlan(poses=poses, turns=0, eight_s=0.0)
    samples = Device(LSM9DS1_BOARD, 0).measure(ideal_signals(Dancer(0).perform(plan)))
    with pytest.raises(CalibrationError, match=message):
        fit_accelerometer(find_stills(samples))


def test_a_board_that_never_lay_still_is_refused() -> None:
    plan = DancePlan(rest_s=0.2, poses=(), turns=0)
    samples = Device(LSM9DS1_BOARD, 0).measure(ideal_signals(Dancer(0).perform(plan)))
    moving = samples.rows(slice(100, 4000))
    with pytest.raises(CalibrationError, match="never lay still"):
        fit_accelerometer(find_stills(moving))


def test_faces_are_told_by_what_is_up() -> None:
    readings = np.array([[0.05, 0.1, 1.02], [-0.9, 0.1, 0.1], [0.7, 0.7, 0.0], [0, -1.1, 0.2]])
    assert faces_seen(readings) == {"z+", "x-", "y-"}
    assert distinct_poses(readings, 20.0) == 4
    assert distinct_poses(np.repeat(readings, 3, axis=0), 20.0) == 4


@pytest.mark.parametrize("seed", range(3))
def test_every_rest_of_the_dance_is_found(seed: int) -> None:
    found = stills(seed)
    plan = DancePlan()
    rests = 1 + len(plan.poses) + 3 * (1 + plan.turns) + 1
    assert len(found) == rests
    assert all(still.duration_s > 1.5 for still in found)
    samples = session(seed)
    for still in found:
        assert np.linalg.norm(samples.gyr_or_zero_dps[still.start : still.stop].std(axis=0)) < 0.5
