"""`bias_tracker.h`: the offset is found at rest, kept in motion, and never invented."""

import numpy as np
import pytest
from numpy.typing import NDArray

from imu_gesture import _core
from tests.core.trajectories import Course, FloatArray, Trajectory, record


def still(seconds: float, bias_dps: FloatArray, seed: int = 0) -> Trajectory:
    course = Course(seed=seed, before_s=seconds / 2, moving_s=0.0, after_s=seconds / 2)
    return record(course).with_bias(bias_dps)


def tracked(trajectory: Trajectory) -> tuple[_core.BiasTracker, NDArray[np.float32]]:
    """The tracker after a trajectory, and the offset after each sample."""
    tracker = _core.BiasTracker()
    return tracker, tracker.run(*trajectory.imu())[1]


def direction(seed: int) -> FloatArray:
    axis: FloatArray = np.random.default_rng(seed).normal(size=3)
    axis /= np.abs(axis).max()
    return axis


@pytest.mark.parametrize("level_dps", [0.0, 0.5, 3.0, 10.0, 30.0])
def test_a_second_of_rest_is_enough(level_dps: float) -> None:
    for seed in range(5):
        bias_dps = level_dps * direction(seed)
        tracker, _ = tracked(still(1.0, bias_dps, seed))
        assert tracker.rest_seen
        assert np.linalg.norm(tracker.bias_dps - bias_dps) < 0.1


def test_less_than_that_is_not_believed() -> None:
    tracker, bias_dps = tracked(still(0.7, np.full(3, 30.0)))
    assert not tracker.rest_seen
    assert np.all(bias_dps == 0)


@pytest.mark.parametrize("seed", range(3))
def test_a_hand_in_motion_leaves_the_readings_as_they_are(seed: int) -> None:
    course = Course(seed=seed, before_s=0.0, after_s=0.0)
    trajectory = record(course).with_bias(3.0)
    trajectory = trajectory.keep(trajectory.moving)
    corrected, bias_dps, at_rest = _core.BiasTracker().run(*trajectory.imu())
    assert not np.any(at_rest)
    assert np.all(bias_dps == 0)
    assert np.array_equal(corrected, trajectory.imu()[2])


def test_what_rest_has_shown_is_kept_in_motion_and_refined_at_the_next() -> None:
    course = Course(seed=4, before_s=2.0, moving_s=20.0, after_s=6.0)
    trajectory = record(course)
    time_s = trajectory.device_time_us * 1e-6
    drifting = 20.0 + 0.005 * time_s[:, None] * np.array([1.0, -1.0, 0.5])
    trajectory = trajectory.with_bias(drifting)
    tracker, bias_dps = tracked(trajectory)
    before = bias_dps[time_s < 2.0][-1]
    assert np.abs(bias_dps[trajectory.moving] - before).max() < 0.05
    assert np.linalg.norm(tracker.bias_dps - drifting[-1]) < 0.1


def test_a_gap_keeps_the_offset_and_ends_the_rest() -> None:
    trajectory = still(3.0, np.array([30.0, -20.0, 10.0]))
    times_us, acc_g, gyr_dps = trajectory.imu()
    tracker = _core.BiasTracker()
    found = tracker.run(times_us, acc_g, gyr_dps)[1][-1]
    later_us = times_us + times_us[-1] + 60_000_000
    _, bias_dps, at_rest = tracker.run(later_us, acc_g, gyr_dps)
    assert np.array_equal(bias_dps[0], found)
    assert not np.any(at_rest[:100])
    assert np.linalg.norm(tracker.bias_dps - [30.0, -20.0, 10.0]) < 0.1


def test_stretches_cut_out_of_rests_are_no_rest_by_being_many() -> None:
    trajectory = still(30.0, np.full(3, 5.0))
    times_us, acc_g, gyr_dps = trajectory.imu()
    cut_us = times_us + np.arange(len(times_us)) // 80 * 500_000  # 0.67 s each
    _, bias_dps, at_rest = _core.BiasTracker().run(cut_us, acc_g, gyr_dps)
    assert not np.any(at_rest)
    assert np.all(bias_dps == 0)


def test_a_known_offset_is_removed_from_the_first_sample_on() -> None:
    trajectory = still(1.0, np.array([10.0, 0.0, -10.0]))
    tracker = _core.BiasTracker()
    tracker.know_bias([10.0, 0.0, -10.0], 0.1)
    corrected, _, _ = tracker.run(*trajectory.imu())
    assert np.abs(corrected[0]).max() < 0.5
    assert tracker.bias_sigma_dps == pytest.approx(0.1, rel=0.5)


@pytest.mark.parametrize("cut", [1, 100, 700])
def test_a_run_cut_in_two_gives_the_same_bits(cut: int) -> None:
    times_us, acc_g, gyr_dps = record(Course(seed=5, moving_s=4.0)).with_bias(9.0).imu()
    whole = _core.BiasTracker()
    expected = whole.run(times_us, acc_g, gyr_dps)
    first = _core.BiasTracker()
    early = first.run(times_us[:cut], acc_g[:cut].copy(), gyr_dps[:cut].copy())
    second = _core.BiasTracker()
    second.restore(first.state())
    late = second.run(times_us[cut:], acc_g[cut:].copy(), gyr_dps[cut:].copy())
    assert second.state() == whole.state()
    assert np.array_equal(np.concatenate([early[0], late[0]]), expected[0])
    assert np.array_equal(np.concatenate([early[1], late[1]]), expected[1])
    assert np.array_equal(np.concatenate([early[2], late[2]]), expected[2])


def test_a_damaged_state_is_refused() -> None:
    saved = _core.BiasTracker().state()
    with pytest.raises(ValueError, match="damaged"):
        _core.BiasTracker().restore(saved[:-1] + bytes([saved[-1] ^ 1]))
