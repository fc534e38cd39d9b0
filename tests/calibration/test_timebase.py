"""The measured rate, and what a wrong one costs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from imu_gesture.calibration.timebase import (
    at_stated_rate,
    measure_time_base,
    orientation_cost_deg,
    resample,
)
from imu_gesture.errors import CalibrationError
from imu_gesture.samples import Samples
from imu_gesture.simulation.chips import LSM9DS1_BOARD
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.errors import Family
from tests.calibration.session import danced, part, session
from tests.make import noise


@pytest.mark.parametrize("rate_hz", [113.0, 119.0, 124.9])
def test_the_rate_is_measured(rate_hz: float) -> None:
    base = measure_time_base(noise(1000, rate_hz=rate_hz), stated_hz=119.0)
    assert base.rate_hz == pytest.approx(rate_hz, abs=4 * base.rate_sd_hz + 1e-6)
    assert base.error == pytest.approx(119.0 / rate_hz - 1, abs=1e-5)
    assert base.turn_reads_deg == pytest.approx(360 * rate_hz / 119.0, abs=1e-3)
    assert base.lost == 0
    assert base.jitter_us < 1


def test_lost_samples_do_not_bend_it() -> None:
    samples = noise(2000, rate_hz=113.0)
    kept = np.flatnonzero(np.random.default_rng(0).random(2000) > 0.2)
    base = measure_time_base(samples.rows(kept))
    assert base.rate_hz == pytest.approx(113.0, abs=1e-3)
    assert base.lost == kept[-1] - kept[0] + 1 - len(kept)
    assert base.error is None
    assert base.turn_reads_deg is None


@pytest.mark.parametrize(
    "samples",
    [
        noise(10),
        replace(noise(100), sequence=np.zeros(100, np.int64)),
        replace(noise(100), device_time_us=np.zeros(100, np.int64)),
    ],
    ids=["few", "numbers stand still", "time stands still"],
)
def test_no_rate_without_time(samples: Samples) -> None:
    with pytest.raises(CalibrationError, match="time base"):
        measure_time_base(samples)


def test_a_rate_error_costs_its_share_of_every_turn() -> None:
    """A full turn about one axis at 4 % too high a rate ends 14 degrees short."""
    n = 400
    still = noise(n, rate_hz=100.0)
    turning = replace(still, gyr_dps=np.tile(np.array([0, 0, 90], np.float32), (n, 1)))
    cost = orientation_cost_deg(turning, 104.0)
    assert cost[-1] == pytest.approx(90 * (n - 1) / 100 * (1 - 100 / 104), rel=1e-3)
    assert orientation_cost_deg(turning, 100.0).max() < 0.01


def test_the_effect_on_a_real_movement_grows_with_the_error() -> None:
    samples = part(Device(LSM9DS1_BOARD, 0, frozenset({Family.RATE})).measure(danced(0)), 102.0)
    base = measure_time_base(samples, LSM9DS1_BOARD.rate_hz)
    right = orientation_cost_deg(samples, base.rate_hz).max()
    costs = [orientation_cost_deg(samples, base.rate_hz * k).mean() for k in (1.01, 1.02, 1.05)]
    assert right < 0.1
    assert costs == sorted(costs)
    assert costs[0] > 1


def test_counting_samples_hides_the_rate() -> None:
    counted = at_stated_rate(session(0), 119.0)
    assert measure_time_base(counted).rate_hz == pytest.approx(119.0, abs=1e-3)


def test_resampled_samples_are_even_and_gaps_stay() -> None:
    samples = noise(1200, rate_hz=113.0)
    holed = samples.rows(np.r_[0:400, 460:1200])
    even = resample(holed, 100.0)
    steps = np.diff(even.device_time_us)
    assert set(np.unique(steps[steps < 50_000])) == {10_000}
    (hole,) = np.flatnonzero(steps > 50_000)
    assert even.sequence[hole + 1] - even.sequence[hole] > 1
    assert np.all(np.diff(even.sequence) >= 1)
    assert even.sequence[0] == 0


def test_a_slow_signal_survives_resampling() -> None:
    samples = noise(1200, rate_hz=113.0)
    time_s = samples.device_time_us * 1e-6
    wave = np.stack([np.sin(2 * np.pi * 0.5 * time_s)] * 3, axis=1)
    even = resample(replace(samples, acc_g=wave.astype(np.float32)), 100.0)
    expected = np.sin(2 * np.pi * 0.5 * (even.device_time_us * 1e-6 - 0.005))
    assert np.abs(even.acc_g[:, 0] - expected).max() < 0.01
