"""Drift correction as the board's compiler builds it: after every sample, the host's state."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.core.trajectories import Course, Trajectory, record
from tests.firmware.compilers import Target
from tests.firmware.drift_replay import RECORD, replay, states_of_the_binding

_INSTRUCTIONS = 22_000  # for each inertial sample


def records(trajectory: Trajectory) -> NDArray[np.void]:
    """Magnetic readings beside the inertial samples of their time."""
    times_us, acc_g, gyr_dps, mag_us, mag_ut = trajectory.columns()
    found = np.zeros(len(times_us), RECORD)
    found["time"] = times_us % 2**32
    found["imu"] = np.hstack([acc_g, gyr_dps])
    found["celsius"] = 20.0 + times_us * 1e-6
    at = np.searchsorted(times_us, mag_us)
    inside = at < len(times_us)
    found["has_mag"][at[inside]] = 1
    found["mag"][at[inside]] = mag_ut[inside]
    return found


def test_same_states_as_the_binding(target: Target, tmp_path: Path) -> None:
    course = Course(seed=11, before_s=2.5, moving_s=9.0, after_s=2.5)
    trajectory = record(course).with_bias(np.array([30.0, -20.0, 10.0]))
    time_s = trajectory.device_time_us * 1e-6
    samples = records(trajectory.keep((time_s < 6.0) | (time_s > 6.5)))
    assert len(samples) > 1000
    found = replay(target, samples, tmp_path)
    assert found.states == states_of_the_binding(samples)
    if target.runner:
        assert 100 < found.imu_instructions < found.imu_most_instructions < _INSTRUCTIONS
        assert 100 < found.mag_instructions < _INSTRUCTIONS
