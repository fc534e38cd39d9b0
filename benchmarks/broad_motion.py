"""BROAD trials as the motion of simulated devices, and the error of the orientation they give."""

from __future__ import annotations

import numpy as np
from broad import Errors, Float64Array, Trial, errors

from imu_gesture import _core
from imu_gesture.samples import Samples
from imu_gesture.simulation.signals import IdealSignals


def ideal_of(trial: Trial) -> IdealSignals:
    """What perfect sensors at the trial's place read, from the time of its first sample on."""
    return IdealSignals(trial.rate_hz, trial.acc_g[1:], trial.gyr_dps[1:], trial.mag_ut[1:])


def orientation(samples: Samples) -> Float64Array:
    """(n, 4) attitudes, scalar first, as the core estimates them with its defaults."""
    _, attitude, *_ = _core.Orientation(_core.OrientationParams()).run(
        samples.device_time_us,
        samples.acc_g,
        samples.gyr_or_zero_dps,
        samples.mag_time_us,
        samples.mag_ut,
    )
    return attitude.astype(np.float64)


def errors_of(trial: Trial, samples: Samples, attitudes: Float64Array) -> Errors:
    """Compare with the reference at the time nearest to each sample's."""
    time_s = (samples.device_time_us - samples.device_time_us[0]) * 1e-6
    at = np.clip(np.rint(time_s * trial.rate_hz).astype(np.int64), 0, len(trial) - 1)
    return errors(attitudes, trial.take(at))
