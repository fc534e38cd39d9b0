"""Trials of a simulated hand with ideal sensors, for where BROAD is not at hand."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from broad import Trial
from scipy.interpolate import interp1d

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.core.trajectories import Course, record

_RATE_HZ = 285.714
_COURSES = {
    "slow": Course(seed=0, before_s=30.0, moving_s=60.0, after_s=30.0, turning_dps=40.0),
    "fast": Course(seed=1, before_s=30.0, moving_s=60.0, after_s=30.0, turning_dps=200.0),
    "pushed": Course(seed=2, before_s=30.0, moving_s=60.0, after_s=30.0, pushing_g=0.4),
}


def simulated_trials() -> list[Trial]:
    """Slow, fast and pushed about; noise of an LSM9DS1, otherwise ideal sensors."""
    return [_trial(name, course) for name, course in _COURSES.items()]


def _trial(name: str, course: Course) -> Trial:
    trajectory = record(replace(course, rate_hz=_RATE_HZ, mag_rate_hz=_RATE_HZ))
    mag_ut = interp1d(trajectory.mag_time_us, trajectory.mag_ut, axis=0, fill_value="extrapolate")
    return Trial(
        name=name,
        rate_hz=_RATE_HZ,
        acc_g=trajectory.acc_g,
        gyr_dps=trajectory.gyr_dps,
        mag_ut=np.asarray(mag_ut(trajectory.device_time_us)),
        attitude=trajectory.attitude,
        moving=trajectory.moving,
    )
