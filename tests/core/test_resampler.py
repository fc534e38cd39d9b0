"""`conditioner.h` and `resampler.h`: the mean over a period of the lines between samples."""

import numpy as np
import pytest
from numpy.typing import NDArray

from imu_gesture import _core

PERIOD_US = 20_000


def condition(
    times_us: NDArray[np.int64], values: NDArray[np.float32], period_us: int = PERIOD_US
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int32], int]:
    return _core.condition(
        _core.ConditionerParams(period_us), times_us, values[:, :3].copy(), values[:, 3:].copy()
    )


def mean_over_periods(
    times_us: NDArray[np.int64], values: NDArray[np.float32], period_us: int
) -> NDArray[np.float64]:
    """The same by numpy in double precision: differences of the running integral."""
    exact = values.astype(np.float64)
    steps = np.diff(times_us)[:, None]
    area = np.concatenate([np.zeros((1, 6)), np.cumsum((exact[1:] + exact[:-1]) / 2 * steps, 0)])
    edges = np.arange(times_us[0], times_us[-1] + 1, period_us)
    before = np.clip(np.searchsorted(times_us, edges, side="right") - 1, 0, len(times_us) - 2)
    inside = (edges - times_us[before])[:, None]
    slope = (exact[before + 1] - exact[before]) / steps[before]
    integral = area[before] + exact[before] * inside + slope * inside**2 / 2
    return np.diff(integral, axis=0) / period_us


@pytest.mark.parametrize("rate_hz", [20.0, 49.0, 50.0, 99.8, 119.0, 952.0])
def test_equals_the_integral_at_any_rate(rate_hz: float) -> None:
    rng = np.random.default_rng(int(rate_hz))
    jitter_us = rng.integers(-300, 300, 400)
    times_us = np.rint(np.arange(400) * 1e6 / rate_hz).astype(np.int64) + jitter_us + 5000
    values = rng.normal(size=(400, 6)).astype(np.float32)
    rows, end_us, run, ignored = condition(times_us, values)
    expected = mean_over_periods(times_us, values, PERIOD_US)
    assert np.allclose(rows, expected, atol=2e-6)
    assert np.array_equal(end_us, times_us[0] + PERIOD_US * np.arange(1, len(rows) + 1))
    assert run.max() == 0
    assert ignored == 0


def test_a_constant_stays_what_it_is() -> None:
    times_us = np.arange(200, dtype=np.int64) * 8403
    values = np.tile(np.array([0, 0, 1, 10, -20, 30], np.float32), (200, 1))
    rows, _, _, _ = condition(times_us, values)
    assert np.allclose(rows, values[0], rtol=1e-6)


def test_the_clock_may_wrap() -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(size=(100, 6)).astype(np.float32)
    early = np.arange(100, dtype=np.int64) * 8403
    late = early + 2**32 - 300_000
    rows, end_us, run, _ = condition(early, values)
    wrapped_rows, wrapped_end_us, wrapped_run, _ = condition(late, values)
    assert np.array_equal(rows, wrapped_rows)
    assert np.array_equal(wrapped_end_us - end_us, np.full(len(rows), 2**32 - 300_000))
    assert np.array_equal(run, wrapped_run)


def test_a_gap_starts_a_new_run_and_nothing_is_interpolated() -> None:
    first = np.arange(30, dtype=np.int64) * 10_000
    second = first + 2_000_000
    values = np.zeros((60, 6), np.float32)
    values[30:] = 1
    rows, end_us, run, _ = condition(np.concatenate([first, second]), values)
    assert np.array_equal(np.unique(run), [0, 1])
    assert set(np.unique(rows)) == {0.0, 1.0}
    assert end_us[run == 1][0] == 2_000_000 + PERIOD_US


@pytest.mark.parametrize("step_us", [0, -1, -5000])
def test_a_sample_whose_time_does_not_advance_is_ignored_and_counted(step_us: int) -> None:
    times_us = np.arange(50, dtype=np.int64) * 10_000
    values = np.random.default_rng(4).normal(size=(50, 6)).astype(np.float32)
    with_extra = np.insert(times_us, 26, times_us[25] + step_us)
    rows, _, _, _ = condition(times_us, values)
    again, _, _, ignored = condition(with_extra, np.insert(values, 26, 99.0, axis=0))
    assert ignored == 1
    assert np.array_equal(rows, again)


def test_calibration_comes_before_resampling() -> None:
    times_us = np.arange(50, dtype=np.int64) * 10_000
    values = np.random.default_rng(5).normal(size=(50, 6)).astype(np.float32)
    acc = _core.AffineParams(2 * np.eye(3, dtype=np.float32), np.full(3, 0.5, np.float32))
    params = _core.ConditionerParams(
        PERIOD_US, calibration=_core.CalibrationParams(acc, _core.AffineParams())
    )
    rows, _, _, _ = _core.condition(params, times_us, values[:, :3].copy(), values[:, 3:].copy())
    corrected = values.copy()
    corrected[:, :3] = _core.apply_affine(acc, values[:, :3].copy())
    expected, _, _, _ = condition(times_us, corrected)
    assert np.array_equal(rows, expected)


def test_accelerometer_alone_has_three_channels() -> None:
    times_us = np.arange(50, dtype=np.int64) * 10_000
    acc = np.random.default_rng(6).normal(size=(50, 3)).astype(np.float32)
    rows, _, _, _ = _core.condition(
        _core.ConditionerParams(PERIOD_US, channels=3), times_us, acc, np.zeros_like(acc)
    )
    assert rows.shape[1] == 3


def test_no_samples_give_no_rows() -> None:
    rows, end_us, run, ignored = condition(np.zeros(0, np.int64), np.zeros((0, 6), np.float32))
    assert rows.shape == (0, 6)
    assert len(end_us) == len(run) == ignored == 0


def test_bad_parameters_are_refused() -> None:
    with pytest.raises(ValueError, match="period_us"):
        _core.ConditionerParams(0)
    with pytest.raises(ValueError, match="channels"):
        _core.ConditionerParams(PERIOD_US, channels=9)
    with pytest.raises(ValueError, match=r"\(n, 3\)"):
        condition(np.zeros(5, np.int64), np.zeros((4, 6), np.float32))
