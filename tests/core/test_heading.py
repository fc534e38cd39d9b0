"""`heading.h` and `magnetic_field.h`: north is found, and disturbances are seen and sat out."""

from dataclasses import replace

import numpy as np

from imu_gesture import _core
from tests.core.trajectories import Course, FloatArray, Trajectory, estimate, record, total_deg


def disturbed(
    trajectory: Trajectory, field_ut: FloatArray, start_s: float, end_s: float
) -> Trajectory:
    """With a magnet on the board for a while."""
    during = (trajectory.mag_time_us > start_s * 1e6) & (trajectory.mag_time_us < end_s * 1e6)
    return replace(trajectory, mag_ut=trajectory.mag_ut + during[:, None] * field_ut)


def test_six_axes_and_heading_make_nine() -> None:
    trajectory = record(Course(seed=1))
    six, nine, *_ = _core.Orientation().run(*trajectory.columns())
    moving = trajectory.moving
    assert total_deg(nine[moving], trajectory.attitude[moving]) < 1.5
    assert total_deg(six[moving], trajectory.attitude[moving]) > 10  # its north is arbitrary


def test_a_disturbance_is_flagged_and_does_not_turn_the_heading() -> None:
    trajectory = record(Course(seed=2, moving_s=60.0, turning_dps=150.0))
    magnet = disturbed(trajectory, np.array([80.0, -30.0, 20.0]), 40.0, 55.0)
    _, nine, _, _, _, flag = _core.Orientation().run(*magnet.columns())
    time_s = trajectory.device_time_us * 1e-6
    during = (time_s > 40.2) & (time_s < 54.8)
    trusted = (time_s > 20.0) & (time_s < 39.0)
    again = time_s > 57.0
    assert flag[during].mean() > 0.95
    assert flag[trusted].mean() < 0.05
    assert flag[again].mean() < 0.05
    assert total_deg(nine[during], trajectory.attitude[during]) < 2.5


def test_another_field_becomes_the_reference_when_it_stays() -> None:
    trajectory = record(Course(seed=3, moving_s=110.0, turning_dps=150.0))
    scaled = np.where(trajectory.mag_time_us > 40e6, 1.4, 1.0)[:, None]
    elsewhere = replace(trajectory, mag_ut=trajectory.mag_ut * scaled)
    *_, flag = _core.Orientation().run(*elsewhere.columns())
    time_s = trajectory.device_time_us * 1e-6
    assert flag[(time_s > 41) & (time_s < 55)].all()
    assert not flag[(time_s > 80) & trajectory.moving].any()


def test_without_readings_the_field_counts_as_disturbed() -> None:
    trajectory = record(Course(seed=4, moving_s=5.0))
    *_, flag = _core.Orientation().run(*trajectory.imu())
    assert flag.all()


def test_a_reading_of_nothing_is_ignored() -> None:
    trajectory = record(Course(seed=5, moving_s=5.0))
    _, plain = estimate(trajectory)
    times_us, acc_g, gyr_dps, mag_us, mag_ut = trajectory.columns()
    zero = np.insert(mag_ut, 40, 0.0, axis=0)
    later_us = np.insert(mag_us, 40, mag_us[39] + 1000)
    _, found, *_ = _core.Orientation().run(times_us, acc_g, gyr_dps, later_us, zero)
    assert np.array_equal(plain, found)
