"""Allan deviation of noises whose figures are known, and what a length does not support."""

from __future__ import annotations

import numpy as np
import pytest

from imu_gesture.calibration.affine import Float64Array
from imu_gesture.calibration.allan import (
    NoiseFigures,
    allan_deviation,
    noise_figures,
    temperature_slope,
)
from imu_gesture.errors import CalibrationError

RATE_HZ = 50.0


def white(minutes: float, density: float = 0.01, seed: int = 0) -> Float64Array:
    """Density in unit / sqrt(Hz)."""
    rng = np.random.default_rng(seed)
    return rng.normal(0, density * np.sqrt(RATE_HZ), (int(minutes * 60 * RATE_HZ), 3))


def walk(minutes: float, per_root_s: float, seed: int = 1) -> Float64Array:
    """Random walk: deviation per_root_s * sqrt(tau / 3)."""
    rng = np.random.default_rng(seed)
    steps = rng.normal(0, per_root_s / np.sqrt(RATE_HZ), (int(minutes * 60 * RATE_HZ), 3))
    walked: Float64Array = np.cumsum(steps, axis=0)
    return walked


def plain_deviation(values: Float64Array, size: int) -> Float64Array:
    """The textbook's definition, without overlap."""
    count = len(values) // size
    means = values[: count * size].reshape(count, size, 3).mean(axis=1)
    deviation: Float64Array = np.sqrt((np.diff(means, axis=0) ** 2).mean(axis=0) / 2)
    return deviation


def figures(values: Float64Array) -> NoiseFigures:
    return noise_figures(allan_deviation(values, RATE_HZ))


def test_it_is_the_textbooks_deviation() -> None:
    values = white(5) + walk(5, 0.002)
    allan = allan_deviation(values, RATE_HZ)
    for index in (0, 5, 12, 18):
        size = round(allan.tau_s[index] * RATE_HZ)
        expected = plain_deviation(values, size)
        assert np.allclose(
            allan.deviation[index], expected, rtol=4 * allan.relative_sd[index] + 1e-9
        )


@pytest.mark.parametrize("density", [0.005, 0.05])
def test_white_noise_has_its_density(density: float) -> None:
    found = figures(white(3, density))
    assert found.density is not None
    assert np.allclose(found.density, density, rtol=0.05)
    assert found.bias_instability is None
    assert any("bias instability: 3 min of rest, 10 min are needed" in r for r in found.refusals)


def test_a_minimum_gives_the_instability() -> None:
    """White noise N and walk K: deviation^2 = N^2 / tau + K^2 tau / 3, least at sqrt(3) N / K."""
    density, per_root_s = 0.01, 0.001
    found = figures(white(30, density) + walk(30, per_root_s))
    assert found.bias_instability is not None
    assert found.bias_tau_s is not None
    least = np.sqrt(2 * density * per_root_s / np.sqrt(3))
    assert np.allclose(found.bias_instability, least / 0.664, rtol=0.3)
    assert np.allclose(np.log(found.bias_tau_s), np.log(np.sqrt(3) * 10), atol=1.0)
    assert found.refusals == ()


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (white(1), "noise density: 60 s of rest, 120 s are needed"),
        (white(11), "still falls at the longest time"),
        (walk(3, 0.1), "white noise has -0.5"),
    ],
    ids=["short", "only white", "only walking"],
)
def test_what_the_recording_does_not_support_is_refused(values: Float64Array, reason: str) -> None:
    assert any(reason in refusal for refusal in figures(values).refusals)


def test_a_handful_of_samples_is_nothing() -> None:
    with pytest.raises(CalibrationError, match="50 samples"):
        allan_deviation(white(1)[:50], RATE_HZ)


def test_the_slope_over_temperature() -> None:
    rng = np.random.default_rng(0)
    temperature_c = np.linspace(24, 38, 60)
    true = np.array([0.05, -0.01, 0.0])
    offsets = 3 + (temperature_c[:, None] - 25) * true + rng.normal(0, 0.01, (60, 3))
    slope = temperature_slope(temperature_c, offsets)
    assert np.all(np.abs(slope.per_k - true) < 4 * slope.sd_per_k)
    assert np.allclose(slope.at_25_c, 3, atol=0.02)
    assert slope.span_k == pytest.approx(14)
    with pytest.raises(CalibrationError, match=r"changed by 1\.0 K"):
        temperature_slope(np.linspace(25, 26, 60), offsets)
