"""A board's clock on the host's, after half an hour of probes over a bad link."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from form import Row, say

from imu_gesture.link.clock_fit import ClockEstimator
from imu_gesture.link.link import ClockProbed
from imu_gesture.simulation.delays import DelayParams, exchanges

_SECONDS = 1800
_SKEW_PPM = 50.0
_TAILS_S = (0.005, 0.03)
_UNIX_S = 1_700_000_000.0


def clock(quick: bool) -> Iterator[Row]:
    """The worst error over all of the time and all seeds."""
    seeds = 5 if quick else 50
    say(f"{seeds} clocks")
    errors_ms = [_error_ms(seed) for seed in range(seeds)]
    low_ms, high_ms = (1e3 * tail_s for tail_s in _TAILS_S)
    model = (
        f"{_SKEW_PPM:g} ppm, {_SECONDS // 60} min, a probe a second; each way exponential with a "
        f"mean of {low_ms:g} to {high_ms:g} ms on top of at least 0.3 ms out and 1 ms back, whose "
        "difference no probe can tell (0.35 ms of the error), 2 % up to 1 s late, 2 min congested; "
        f"seeds 0 to {seeds - 1}; median {np.median(errors_ms):.2f} ms"
    )
    midpoints_ms = max(_midpoint_error_ms(seed) for seed in range(seeds))
    yield Row("clock.error_ms", max(errors_ms), "ms", {"line_of_midpoints": midpoints_ms}, model)


def _probes(seed: int) -> tuple[list[ClockProbed], np.ndarray, np.ndarray]:
    """Probes, and device and host times at which they were read."""
    out_s, back_s = np.random.default_rng(seed).uniform(*_TAILS_S, 2)
    params = DelayParams(tail_out_s=float(out_s), tail_back_s=float(back_s))
    times = exchanges(params, seed, _SECONDS)
    device_us = np.rint((99.0 + times.read_s * (1 + _SKEW_PPM * 1e-6)) * 1e6)
    probes = [
        ClockProbed(int(device), _UNIX_S + sent, _UNIX_S + received)
        for device, sent, received in zip(
            device_us.tolist(), times.sent_s.tolist(), times.received_s.tolist(), strict=True
        )
    ]
    return probes, device_us, times.read_s


def _error_ms(seed: int) -> float:
    probes, device_us, host_s = _probes(seed)
    estimator = ClockEstimator()
    for probe in probes:
        estimator.add(probe)
    fit = estimator.fit()
    assert fit is not None
    expected_s = np.array([fit.host_time_s(at) for at in device_us.tolist()]) - _UNIX_S
    return float(np.abs(expected_s - host_s).max() * 1e3)


def _midpoint_error_ms(seed: int) -> float:
    """Least squares through the middle of each probe that was answered in the quickest tenth."""
    probes, device_us, host_s = _probes(seed)
    sent_s, received_s = np.array([(p.sent_s, p.received_s) for p in probes]).T - _UNIX_S
    trip_s = received_s - sent_s
    quick = trip_s <= np.quantile(trip_s, 0.1)
    line = np.polynomial.Polynomial.fit(device_us[quick], (sent_s + received_s)[quick] / 2, 1)
    return float(np.abs(line(device_us) - host_s).max() * 1e3)
