"""Where in a stretch of samples the hand was moving."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import uniform_filter1d

from imu_gesture.samples import Samples

_SMOOTH_S = 0.1
_ACTIVE_SHARE = 0.15  # of the greatest vigour
_LEAD_S = 0.1
_DPS_PER_G = 200.0  # a turn of so many deg/s counts as much as 1 g of acceleration


def active_part(samples: Samples) -> tuple[int, int]:
    """Device times in µs between which the motion stands out, with a short lead on either side.

    The whole stretch when nothing stands out.
    """
    times_us = samples.device_time_us
    rate_hz = 1e6 / max(1.0, float(np.median(np.diff(times_us))))
    acc = np.linalg.norm(samples.acc_g - np.median(samples.acc_g, axis=0), axis=1)
    gyr_dps = samples.gyr_or_zero_dps
    gyr = np.linalg.norm(gyr_dps - np.median(gyr_dps, axis=0), axis=1)
    vigour = uniform_filter1d(acc + gyr / _DPS_PER_G, max(1, round(_SMOOTH_S * rate_hz)))
    active = np.flatnonzero(vigour >= _ACTIVE_SHARE * vigour.max())
    lead_us = round(_LEAD_S * 1e6)
    start_us = max(int(times_us[active[0]]) - lead_us, int(times_us[0]))
    end_us = min(int(times_us[active[-1]]) + lead_us, int(times_us[-1]))
    return start_us, end_us
