"""`Samples`: shapes are checked where they are made, parts join to the whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from imu_gesture.errors import RecordingError
from imu_gesture.samples import Samples, concatenate
from tests import make


def nine_axes(n: int) -> Samples:
    magnetometer = np.random.default_rng(4).normal(size=(n // 3, 3))
    return replace(
        make.noise(n), mag_time_us=make.times(n // 3, 40), mag_ut=magnetometer.astype(np.float32)
    )


@pytest.mark.parametrize(
    ("field", "shape"),
    [
        ("acc_g", (9, 3)),
        ("acc_g", (10, 2)),
        ("acc_g", (30,)),
        ("gyr_dps", (11, 3)),
        ("gyr_dps", (10, 4)),
        ("sequence", (9,)),
        ("sequence", (10, 1)),
        ("mag_ut", (10, 3)),
    ],
)
def test_a_column_of_another_shape_is_refused_by_name(field: str, shape: tuple[int, ...]) -> None:
    changes: dict[str, Any] = {field: np.zeros(shape, np.float32)}
    with pytest.raises(RecordingError, match=f"{field} has shape .*, expected"):
        replace(make.noise(10), **changes)


@pytest.mark.parametrize(("n", "duration_s"), [(0, 0.0), (1, 0.0), (2, 0.01), (301, 3.0)])
def test_length_and_duration(n: int, duration_s: float) -> None:
    samples = make.noise(n, rate_hz=100)
    assert len(samples) == n
    assert samples.duration_s == pytest.approx(duration_s)


def test_a_missing_gyroscope_reads_as_zeros() -> None:
    without = replace(make.noise(10), gyr_dps=None)
    assert np.array_equal(without.gyr_or_zero_dps, np.zeros((10, 3), np.float32))
    assert without.gyr_or_zero_dps.dtype == np.float32
    assert np.array_equal(make.noise(10).gyr_or_zero_dps, make.noise(10).gyr_dps)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "index", [slice(3, 7), np.array([6, 2, 2]), np.arange(12) % 3 == 0], ids=["slice", "at", "mask"]
)
def test_rows_take_every_inertial_column_and_leave_the_magnetometer(index: Any) -> None:
    samples = nine_axes(12)
    rows = samples.rows(index)
    assert np.array_equal(rows.device_time_us, samples.device_time_us[index])
    assert np.array_equal(rows.acc_g, samples.acc_g[index])
    assert np.array_equal(rows.gyr_or_zero_dps, samples.gyr_or_zero_dps[index])
    assert np.array_equal(rows.sequence, samples.sequence[index])
    assert np.array_equal(rows.mag_ut, samples.mag_ut)
    assert replace(samples, gyr_dps=None).rows(index).gyr_dps is None


def test_parts_join_to_the_whole() -> None:
    whole = nine_axes(30)
    first = replace(
        whole.rows(slice(0, 12)), mag_time_us=whole.mag_time_us[:4], mag_ut=whole.mag_ut[:4]
    )
    rest = replace(
        whole.rows(slice(12, 30)), mag_time_us=whole.mag_time_us[4:], mag_ut=whole.mag_ut[4:]
    )
    joined = concatenate([first, rest])
    for name in ("device_time_us", "acc_g", "gyr_dps", "sequence", "mag_time_us", "mag_ut"):
        assert np.array_equal(getattr(joined, name), getattr(whole, name)), name


def test_parts_without_gyroscope_join_without() -> None:
    part = replace(make.noise(5), gyr_dps=None)
    assert concatenate([part, part]).gyr_dps is None


def test_parts_with_and_without_gyroscope_are_kept_apart() -> None:
    with pytest.raises(RecordingError, match="some have none; keep them apart"):
        concatenate([make.noise(5), replace(make.noise(5), gyr_dps=None)])


def test_no_parts_are_no_samples() -> None:
    with pytest.raises(RecordingError, match="is the board streaming"):
        concatenate([])
