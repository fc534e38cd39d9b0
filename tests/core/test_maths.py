"""`trigonometry.h` and `low_pass.h` against double precision."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import butter, lfilter, lfilter_zi

from imu_gesture import _core

Float32Array = NDArray[np.float32]
Float64Array = NDArray[np.float64]

TURN = np.linspace(-2 * np.pi, 2 * np.pi, 200_001).astype(np.float32)
FAR = np.random.default_rng(0).uniform(-1000, 1000, 100_000).astype(np.float32)


@pytest.mark.parametrize(("angles", "bound"), [(TURN, 1.2e-7), (FAR, 1.5e-7)], ids=["turn", "far"])
def test_sine_and_cosine_are_within_their_bound(angles: Float32Array, bound: float) -> None:
    sine, cosine = _core.sine_cosine(angles)
    exact = angles.astype(np.float64)
    assert np.abs(sine - np.sin(exact)).max() < bound
    assert np.abs(cosine - np.cos(exact)).max() < bound


@pytest.mark.parametrize("scale", [1e-18, 1e-6, 1.0, 1e6, 1e18])
def test_arc_tangent_is_within_its_bound_at_any_scale(scale: float) -> None:
    angles = np.linspace(-np.pi, np.pi, 100_001)
    y = (scale * np.sin(angles)).astype(np.float32)
    x = (scale * np.cos(angles)).astype(np.float32)
    exact = np.arctan2(y.astype(np.float64), x.astype(np.float64))
    assert np.abs(_core.arc_tangent(y, x) - exact).max() < 3.5e-7


def test_arc_tangent_on_the_axes() -> None:
    y = np.array([0, 0, 1, -1, 0], np.float32)
    x = np.array([0, 1, 0, 0, -1], np.float32)
    found = _core.arc_tangent(y, x)
    assert np.allclose(found, np.array([0, 0, np.pi / 2, -np.pi / 2, np.pi]), atol=1e-7)


def coefficients(tau_s: float, rate_hz: float) -> tuple[list[float], Float64Array]:
    """Butterworth's, the newest input taken for the whole step: one zero at half the rate."""
    (gain, _, _), a = butter(2, 1 / (np.sqrt(2) * np.pi * tau_s), fs=rate_hz)
    return [2 * gain, 2 * gain, 0.0], a


def wander(n: int) -> Float64Array:
    """Three random walks within one unit."""
    walk = np.cumsum(np.random.default_rng(3).normal(size=(n, 3)), axis=0)
    limited: Float64Array = walk / np.abs(walk).max()
    return limited


def direct_form(values: NDArray[np.floating], tau_s: float, rate_hz: float) -> Float64Array:
    """SciPy's, in the precision of `values`, started from the mean of the first time constant."""
    b, a = coefficients(tau_s, rate_hz)
    first = int(np.ceil(tau_s * rate_hz))
    state = lfilter_zi(b, a)[:, None] * values[:first].mean(axis=0)
    kind = values.dtype
    rest, _ = lfilter(
        np.array(b, kind), a.astype(kind), values[first:], axis=0, zi=state.astype(kind)
    )
    start = np.cumsum(values[:first], axis=0) / np.arange(1, first + 1)[:, None]
    return np.concatenate([start, rest])


@pytest.mark.parametrize(
    ("name", "tau_s", "rate_hz", "bound"),
    [
        ("rest detection", 0.5, 118.7, 3e-5),
        ("vertical", 3.0, 118.7, 3e-5),
        ("thousands of samples a time constant", 3.0, 952.3, 3e-5),
    ],
)
def test_the_low_pass_is_butterworths(
    name: str, tau_s: float, rate_hz: float, bound: float
) -> None:
    values = wander(round(10 * tau_s * rate_hz))
    steps = np.full(len(values), 1 / rate_hz, np.float32)
    found = _core.low_pass(values.astype(np.float32), steps, tau_s)
    assert np.abs(found - direct_form(values, tau_s, rate_hz)).max() < bound, name


def test_the_usual_form_would_not_do_in_single_precision() -> None:
    values = wander(28_560)
    exact = direct_form(values, 3.0, 952.3)
    usual = direct_form(values.astype(np.float32), 3.0, 952.3)
    assert np.abs(usual - exact).max() > 0.01


def test_the_low_pass_follows_time_and_not_samples() -> None:
    rng = np.random.default_rng(4)
    steps_s = rng.uniform(0.002, 0.02, 4000)
    time_s = np.cumsum(steps_s)
    even_s = np.arange(0.0, time_s[-1], 0.002)

    def signal(at_s: NDArray[np.float64]) -> Float32Array:
        wave = 1 + np.sin(at_s) + 0.3 * np.sin(7 * at_s)
        return np.tile(wave[:, None], 3).astype(np.float32)

    jittered = _core.low_pass(signal(time_s), steps_s.astype(np.float32), 0.5)[:, 0]
    even = _core.low_pass(signal(even_s), np.full(len(even_s), 0.002, np.float32), 0.5)[:, 0]
    late = time_s > 5
    assert np.abs(jittered - np.interp(time_s, even_s, even))[late].max() < 0.01


def test_the_low_pass_lets_rare_samples_through() -> None:
    values = np.random.default_rng(5).normal(size=(20, 3)).astype(np.float32)
    found = _core.low_pass(values, np.full(20, 0.1, np.float32), 0.01)
    assert np.array_equal(found[2:], values[2:])


def test_a_constant_stays_what_it_is() -> None:
    values = np.tile(np.array([1, -30, 0.123], np.float32), (5000, 1))
    found = _core.low_pass(values, np.full(5000, 0.0084, np.float32), 3.0)
    assert np.array_equal(found, values)
