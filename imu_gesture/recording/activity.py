"""Where in a stretch of samples the hand was moving."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from imu_gesture.recording.onset import DPS_PER_G
from imu_gesture.samples import Float32Array, Samples

_SMOOTH_S = 0.1
_ACTIVE_SHARE = 0.15  # of the greatest vigour
_LEAD_S = 0.1
_STILL_G = 0.25  # a resting hand's tremor stays below, in g or the turn that counts as much


def active_part(samples: Samples) -> tuple[int, int]:
    """Device times in µs between which the motion stands out, with a short lead on either side.

    The whole stretch when nothing stands out.
    """
    times_us, vigour = samples.device_time_us, _vigour(samples)
    active = np.flatnonzero(vigour >= _ACTIVE_SHARE * vigour.max())
    lead_us = round(_LEAD_S * 1e6)
    start_us = max(int(times_us[active[0]]) - lead_us, int(times_us[0]))
    end_us = min(int(times_us[active[-1]]) + lead_us, int(times_us[-1]))
    return start_us, end_us


def stands_still(samples: Samples) -> bool:
    """Whether a hand that held the board was at rest all the time."""
    return bool(_vigour(samples).max() < _STILL_G)


def _vigour(samples: Samples) -> NDArray[np.floating]:
    """(n,) how far the readings are from their median, smoothed; in g, see `DPS_PER_G`."""
    rate_hz = 1e6 / max(1.0, float(np.median(np.diff(samples.device_time_us))))
    acc = _from_median(samples.acc_g)
    gyr = _from_median(samples.gyr_or_zero_dps)
    size = max(1, round(_SMOOTH_S * rate_hz))
    vigour: NDArray[np.floating] = uniform_filter1d(acc + gyr / DPS_PER_G, size)
    return vigour


def _from_median(values: Float32Array) -> NDArray[np.floating]:
    distance: NDArray[np.floating] = np.linalg.norm(values - np.median(values, axis=0), axis=1)
    return distance
