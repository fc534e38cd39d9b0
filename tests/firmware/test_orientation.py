"""The orientation as the board's compiler builds it: after every sample, the state the host has."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imu_gesture import _core
from tests.core.trajectories import Course, Trajectory, record
from tests.firmware.compilers import HERE, Target

_TIMEOUT_S = 60
_RECORD = np.dtype([("time", "<u4"), ("imu", "<f4", 6), ("has_mag", "<u4"), ("mag", "<f4", 3)])


def records(trajectory: Trajectory) -> NDArray[np.void]:
    """As `orientation.cpp` reads them: magnetic readings beside inertial ones of their time."""
    times_us, acc_g, gyr_dps, mag_us, mag_ut = trajectory.columns()
    found = np.zeros(len(times_us), _RECORD)
    found["time"] = times_us % 2**32
    found["imu"] = np.hstack([acc_g, gyr_dps])
    at = np.searchsorted(times_us, mag_us)
    inside = at < len(times_us)
    found["has_mag"][at[inside]] = 1
    found["mag"][at[inside]] = mag_ut[inside]
    return found


def states_of_the_binding(samples: NDArray[np.void]) -> bytes:
    orientation = _core.Orientation()
    states = []
    for i in range(len(samples)):
        one = samples[i : i + 1]
        time_us = one["time"].astype(np.int64)
        imu = np.ascontiguousarray(one["imu"])
        new = np.flatnonzero(one["has_mag"])
        mag = np.ascontiguousarray(one["mag"][new])
        orientation.run(time_us, imu[:, :3].copy(), imu[:, 3:].copy(), time_us[new], mag)
        states.append(orientation.state())
    return b"".join(states)


def test_same_states_as_the_binding(target: Target, tmp_path: Path) -> None:
    course = Course(seed=11, before_s=1.5, moving_s=8.0, after_s=2.5)
    trajectory = record(course).with_bias(np.array([30.0, -20.0, 10.0]))
    time_s = trajectory.device_time_us * 1e-6
    samples = records(trajectory.keep((time_s < 6.0) | (time_s > 6.5)))
    (tmp_path / "samples.bin").write_bytes(samples.tobytes())
    command = target.build(HERE / "orientation.cpp", tmp_path)
    subprocess.run(command, cwd=tmp_path, check=True, timeout=_TIMEOUT_S)
    expected = states_of_the_binding(samples)
    assert len(samples) > 1000
    assert (tmp_path / "states.bin").read_bytes() == expected
