"""`rest.h` and `gyro_bias.h`: the offset is found at rest, kept in motion, and followed."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from imu_gesture import _core
from tests.core.trajectories import Course, FloatArray, Trajectory, estimate, record

RATE_HZ = 119.0


def error_dps(orientation: _core.Orientation, truth_dps: FloatArray) -> float:
    return float(np.linalg.norm(orientation.bias_dps - truth_dps))


def still(seconds: float, bias_dps: FloatArray, seed: int = 0) -> Trajectory:
    """A board on a table."""
    course = Course(seed=seed, before_s=seconds / 2, moving_s=0.0, after_s=seconds / 2)
    return record(course).with_bias(bias_dps)


@pytest.mark.parametrize("level_dps", [0.0, 0.5, 3.0, 10.0, 30.0])
def test_a_second_of_rest_is_enough(level_dps: float) -> None:
    for seed in range(5):
        axis = np.random.default_rng(seed).normal(size=3)
        bias_dps = level_dps * axis / np.abs(axis).max()
        orientation, _ = estimate(still(1.0, bias_dps, seed))
        assert orientation.rest_seen
        assert error_dps(orientation, bias_dps) < 0.1


def test_less_than_that_is_not_believed() -> None:
    orientation, _ = estimate(still(0.5, np.full(3, 30.0)))
    assert not orientation.rest_seen
    assert error_dps(orientation, np.zeros(3)) < 0.01
    assert orientation.bias_sigma_dps == pytest.approx(0.5, rel=0.01)


def turning_steadily(rate_dps: float, axis: FloatArray) -> Trajectory:
    """About a fixed axis, z up at the start; the gyroscope has no offset."""
    trajectory = still(6.0, np.zeros(3))
    time_s = trajectory.device_time_us * 1e-6
    turn = Rotation.from_rotvec(np.radians(rate_dps) * time_s[:, None] * axis)
    noise = np.random.default_rng(1).normal(size=(len(time_s), 3))
    trajectory.gyr_dps[:] = rate_dps * axis + 0.1 * noise
    trajectory.acc_g[:] = turn.inv().apply([0.0, 0.0, 1.0]) + 0.004 * noise
    return trajectory


def test_turning_steadily_is_not_rest_when_the_vertical_moves() -> None:
    orientation, _ = estimate(turning_steadily(12.0, np.array([1.0, 0.0, 0.0])))
    assert not orientation.rest_seen


def test_with_a_known_offset_turning_about_the_vertical_is_not_rest_either() -> None:
    before = still(3.0, np.zeros(3))
    turning = turning_steadily(12.0, np.array([0.0, 0.0, 1.0]))
    orientation, _ = estimate(before)
    times_us, acc_g, gyr_dps = turning.imu()
    *_, rest, _ = orientation.run(times_us[:400] + 3_000_000, acc_g[:400], gyr_dps[:400])
    assert not rest[60:].any()
    assert error_dps(orientation, np.zeros(3)) < 0.2


def test_a_short_first_rest_that_was_none_is_soon_corrected() -> None:
    turning = turning_steadily(12.0, np.array([0.0, 0.0, 1.0]))
    times_us, acc_g, gyr_dps = turning.imu()
    orientation = _core.Orientation()
    orientation.run(times_us[:100], acc_g[:100], gyr_dps[:100])
    assert error_dps(orientation, np.array([0.0, 0.0, 12.0])) < 0.1
    times_us, acc_g, gyr_dps = still(4.0, np.zeros(3)).imu()
    orientation.run(times_us + 900_000, acc_g, gyr_dps)
    assert error_dps(orientation, np.zeros(3)) < 0.1


def test_another_offset_is_believed_after_seconds_of_rest() -> None:
    orientation, _ = estimate(still(3.0, np.zeros(3)))
    jumped_dps = np.array([12.0, -7.0, 20.0])
    times_us, acc_g, gyr_dps = still(8.0, jumped_dps).imu()
    orientation.run(times_us + 3_100_000, acc_g, gyr_dps)
    assert error_dps(orientation, jumped_dps) < 0.1


def test_noise_of_a_hand_is_not_rest() -> None:
    for seed in range(5):
        course = Course(seed=seed, before_s=0.0, after_s=0.0, moving_s=20.0, turning_dps=15.0)
        trajectory = record(course)
        *_, rest, _ = _core.Orientation().run(*trajectory.imu())
        assert rest[60:-60].mean() < 0.02


@pytest.mark.parametrize(("total_dps", "bound_dps"), [(0.5, 0.05), (2.0, 0.15)])
def test_a_ramp_is_followed(total_dps: float, bound_dps: float) -> None:
    course = Course(seed=2, before_s=10.0, moving_s=100.0, after_s=30.0)
    trajectory = record(course)
    n = len(trajectory.moving)
    for axis in (*np.eye(3), np.full(3, 3**-0.5)):
        ramp_dps = 30.0 + np.linspace(0, total_dps, n)[:, None] * axis
        orientation, _ = estimate(trajectory.with_bias(ramp_dps))
        assert error_dps(orientation, ramp_dps[-1]) < bound_dps


def test_in_motion_without_rest_a_small_offset_is_found() -> None:
    course = Course(seed=3, before_s=0.0, moving_s=120.0, after_s=0.0)
    bias_dps = np.array([0.5, -0.4, 0.3])
    orientation, _ = estimate(record(course).with_bias(bias_dps))
    assert not orientation.rest_seen
    assert error_dps(orientation, bias_dps) < 0.15


@pytest.mark.parametrize("turning_dps", [30.0, 120.0, 300.0])
def test_rest_is_seen_as_soon_as_it_has_lasted(turning_dps: float) -> None:
    for seed in range(4):
        course = Course(seed=seed, moving_s=5.0, after_s=3.0, turning_dps=turning_dps)
        trajectory = record(course).with_bias(np.array([20.0, -20.0, 10.0]))
        *_, rest, _ = _core.Orientation().run(*trajectory.columns())
        time_s = trajectory.device_time_us * 1e-6
        seen_s = time_s[(rest == 1) & (time_s > course.before_s + 4.5)][0]
        assert 1.0 < seen_s - (course.before_s + course.moving_s) < 1.6


def spread(values: NDArray[np.float32]) -> float:
    return float(np.sqrt(np.mean(values**2)))


def test_the_uncertainty_covers_the_error_and_shrinks_at_rest() -> None:
    errors, sigmas = [], []
    for seed in range(6):
        bias_dps = np.random.default_rng(seed).normal(size=3) * 5
        trajectory = record(Course(seed=seed, moving_s=40.0)).with_bias(bias_dps)
        _, _, found, sigma, rest, _ = _core.Orientation().run(*trajectory.columns())
        late = trajectory.device_time_us > 2_000_000
        errors.append(np.linalg.norm(found[late] - bias_dps, axis=1))
        sigmas.append(sigma[late])
        end = np.flatnonzero(rest)[-1]
        assert sigma[end] < sigma[trajectory.moving].max()
    assert spread(np.concatenate(errors)) < np.sqrt(3) * spread(np.concatenate(sigmas))


def test_a_known_offset_is_used_from_the_first_sample() -> None:
    bias_dps = np.array([20.0, -25.0, 30.0])
    trajectory = record(Course(seed=4, before_s=0.0)).with_bias(bias_dps)
    orientation = _core.Orientation()
    orientation.know_bias([20.0, -25.0, 30.0], 0.1)
    orientation.run(*trajectory.columns())
    assert orientation.rest_seen
    assert error_dps(orientation, bias_dps) < 0.1
    with pytest.raises(ValueError, match="sigma_dps"):
        orientation.know_bias([0.0, 0.0, 0.0], 0.0)
