"""Where in a stretch of samples the hand was moving."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from imu_gesture.recording.activity import active_part
from imu_gesture.samples import Samples
from tests import make


def still(n: int = 300, rate_hz: float = 119.0) -> Samples:
    samples = make.noise(n, rate_hz=rate_hz)
    rest_g = np.tile(np.array([0.1, 0.2, 0.97], np.float32), (n, 1))
    rest_dps = np.full((n, 3), 1.5, np.float32)
    return replace(samples, acc_g=rest_g, gyr_dps=rest_dps)


def moving(samples: Samples, start: int, stop: int, acc_g: float, gyr_dps: float) -> Samples:
    acc, gyr = samples.acc_g.copy(), samples.gyr_or_zero_dps.copy()
    wave = np.sin(np.arange(stop - start))
    acc[start:stop, 0] += acc_g * wave
    gyr[start:stop, 2] += gyr_dps * wave
    return replace(samples, acc_g=acc, gyr_dps=gyr)


@pytest.mark.parametrize("rate_hz", [25.0, 119.0, 400.0])
@pytest.mark.parametrize(("acc_g", "gyr_dps"), [(1.0, 0.0), (0.0, 200.0), (0.5, 100.0)])
def test_the_motion_is_found_with_a_short_lead(
    acc_g: float, gyr_dps: float, rate_hz: float
) -> None:
    samples = moving(still(300, rate_hz), 100, 200, acc_g, gyr_dps)
    start_us, end_us = active_part(samples)
    first_us, last_us = samples.device_time_us[[100, 199]].tolist()
    assert first_us - 200_000 <= start_us <= first_us
    assert last_us <= end_us <= last_us + 200_000


def test_slight_trembling_is_no_motion() -> None:
    samples = moving(moving(still(), 0, 300, 0.02, 3.0), 100, 200, 1.0, 200.0)
    start_us, end_us = active_part(samples)
    assert start_us > samples.device_time_us[70]
    assert end_us < samples.device_time_us[230]


def test_without_a_gyroscope_the_accelerometer_decides() -> None:
    samples = replace(moving(still(), 100, 200, 1.0, 0.0), gyr_dps=None)
    start_us, end_us = active_part(samples)
    assert start_us > samples.device_time_us[70]
    assert end_us < samples.device_time_us[230]


@pytest.mark.parametrize(("start", "stop"), [(0, 100), (200, 300)])
def test_motion_at_an_edge_stays_within_the_stretch(start: int, stop: int) -> None:
    samples = moving(still(), start, stop, 1.0, 200.0)
    start_us, end_us = active_part(samples)
    first_us, last_us = samples.device_time_us[[0, -1]].tolist()
    assert first_us <= start_us < end_us <= last_us
    assert (start_us == first_us) == (start == 0)
    assert (end_us == last_us) == (stop == 300)


@pytest.mark.parametrize("samples", [still(), make.noise(300)], ids=["still", "restless"])
def test_where_nothing_stands_out_the_whole_stretch_is_taken(samples: Samples) -> None:
    first_us, last_us = samples.device_time_us[[0, -1]].tolist()
    assert active_part(samples) == (first_us, last_us)


def test_times_are_those_of_the_device() -> None:
    samples = moving(still(), 100, 200, 1.0, 200.0)
    later = replace(samples, device_time_us=samples.device_time_us + 7_000_000)
    start_us, end_us = active_part(samples)
    assert active_part(later) == (start_us + 7_000_000, end_us + 7_000_000)
