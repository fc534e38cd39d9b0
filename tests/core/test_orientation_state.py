"""What is remembered: saved and resumed with the same bits, and what a gap does to it."""

import numpy as np
import pytest

from imu_gesture import _core
from tests.core.trajectories import Course, estimate, inclination_deg, record, total_deg

BIAS_DPS = np.array([30.0, -12.0, 7.0])


@pytest.mark.parametrize("cut", [1, 2, 50, 100, 357, 800, 2000])
def test_a_run_cut_in_two_has_the_same_bits(cut: int) -> None:
    trajectory = record(Course(seed=1, moving_s=15.0)).with_bias(BIAS_DPS)
    times_us, acc_g, gyr_dps, mag_us, mag_ut = trajectory.columns()
    whole = _core.Orientation()
    expected = whole.run(times_us, acc_g, gyr_dps, mag_us, mag_ut)
    first, second = _core.Orientation(), _core.Orientation()
    early = mag_us <= times_us[cut - 1]
    first.run(times_us[:cut], acc_g[:cut], gyr_dps[:cut], mag_us[early], mag_ut[early])
    second.restore(first.state())
    found = second.run(times_us[cut:], acc_g[cut:], gyr_dps[cut:], mag_us[~early], mag_ut[~early])
    for name, now, ever in zip("qnbsrd", found, expected, strict=True):
        assert np.asarray(now).tobytes() == np.asarray(ever)[cut:].tobytes(), name
    assert second.state() == whole.state()


def test_damaged_or_foreign_bytes_are_refused_and_change_nothing() -> None:
    orientation, _ = estimate(record(Course(moving_s=2.0)))
    saved = orientation.state()
    flipped = bytes([saved[0], saved[1], saved[2] ^ 1, *saved[3:]])
    newer = bytes([saved[0] + 1, *saved[1:]])
    for bad in (b"", saved[:-1], saved + b"\0", flipped, newer):
        with pytest.raises(ValueError, match="start with a new estimator"):
            orientation.restore(bad)
        assert orientation.state() == saved


def test_a_gap_keeps_the_offset_and_starts_the_rest() -> None:
    trajectory = record(Course(seed=2, moving_s=20.0)).with_bias(BIAS_DPS)
    time_s = trajectory.device_time_us * 1e-6
    kept = trajectory.keep((time_s < 10.0) | (time_s > 11.0))
    six, _, bias_dps, sigma_dps, rest, _ = _core.Orientation().run(*kept.columns())
    after = int(np.searchsorted(kept.device_time_us, 11_000_000))
    assert np.abs(bias_dps[after : after + 200] - BIAS_DPS).max() < 0.3
    assert sigma_dps[after] >= sigma_dps[after - 1]
    assert not rest[after : after + 100].any()
    settled = slice(after + 500, after + 1000)
    assert inclination_deg(six[settled], kept.attitude[settled]) < 1.5
    assert estimate(kept)[0].gaps == 1


def test_a_board_that_was_turned_in_the_gap_is_levelled_at_once() -> None:
    first = record(Course(seed=3, before_s=4.0, moving_s=0.0, after_s=0.0))
    second = record(Course(seed=4, before_s=4.0, moving_s=0.0, after_s=0.0))
    orientation = _core.Orientation()
    orientation.run(*first.imu())
    times_us, acc_g, gyr_dps = second.imu()
    six, *_ = orientation.run(times_us + 5_000_000, acc_g, gyr_dps)
    assert inclination_deg(six[20:], second.attitude[20:]) < 1.0
    assert orientation.rest_seen


@pytest.mark.parametrize("value", [np.nan, np.inf, -1e20])
def test_readings_that_are_no_readings_are_ignored_and_counted(value: float) -> None:
    times_us, acc_g, gyr_dps, mag_us, mag_ut = record(Course(moving_s=2.0)).columns()
    plain, damaged = _core.Orientation(), _core.Orientation()
    _, expected, *_ = plain.run(times_us, acc_g, gyr_dps, mag_us, mag_ut)
    acc_g, gyr_dps, mag_ut = acc_g.copy(), gyr_dps.copy(), mag_ut.copy()
    acc_g[100, 1] = gyr_dps[300, 2] = mag_ut[30, 0] = value
    _, found, *_ = damaged.run(times_us, acc_g, gyr_dps, mag_us, mag_ut)
    assert damaged.unusable == 3
    assert total_deg(found[-100:], expected[-100:].astype(np.float64)) < 1.0


@pytest.mark.parametrize("step_us", [0, -3000])
def test_a_sample_whose_time_does_not_advance_is_ignored_and_counted(step_us: int) -> None:
    times_us, acc_g, gyr_dps = record(Course(moving_s=2.0)).imu()
    plain = _core.Orientation()
    plain.run(times_us, acc_g, gyr_dps)
    extra = _core.Orientation()
    extra.run(
        np.insert(times_us, 101, times_us[100] + step_us),
        np.insert(acc_g, 101, 9.0, axis=0),
        np.insert(gyr_dps, 101, 999.0, axis=0),
    )
    assert (plain.out_of_order, extra.out_of_order) == (0, 1)
    assert np.array_equal(plain.bias_dps, extra.bias_dps)
