"""Readings that are no numbers: told, and left out of everything else that is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from imu_gesture.recording.problem import Problem, found
from imu_gesture.samples import Float32Array, Samples

_FEWEST_SAMPLES = 2  # one has no time, and no dataset takes it


def finite(samples: Samples) -> Samples:
    """Those of which all readings are numbers."""
    mag = _whole(samples.mag_ut)
    inertial = samples.rows(_inertial(samples))
    return replace(inertial, mag_time_us=samples.mag_time_us[mag], mag_ut=samples.mag_ut[mag])


def damage_problems(samples: Samples) -> Iterator[Problem]:
    """Too few samples, and readings that are no numbers."""
    if len(samples) < _FEWEST_SAMPLES:
        yield found(
            "bad",
            "too short",
            f"{len(samples)} samples, too few to judge or to learn from",
            "record again",
        )
    rows, mag = _inertial(samples), _whole(samples.mag_ut)
    cure = "the file or the sensor is damaged; import or record again"
    if not rows.all():
        first_s = (samples.device_time_us[np.argmin(rows)] - samples.device_time_us[0]) * 1e-6
        yield found(
            "bad",
            "not a number",
            f"{np.sum(~rows)} of {len(rows)} samples have a reading that is no finite number",
            cure,
            float(first_s),
        )
    if not mag.all():
        yield found(
            "warning",  # models do without
            "not a number",
            f"{np.sum(~mag)} of {len(mag)} readings of the magnetometer are no finite number",
            cure,
        )


def _inertial(samples: Samples) -> NDArray[np.bool_]:
    """(n,) where all inertial readings are numbers."""
    return _whole(np.hstack([samples.acc_g, samples.gyr_or_zero_dps]))


def _whole(values: Float32Array) -> NDArray[np.bool_]:
    return np.asarray(np.isfinite(values).all(axis=1))
