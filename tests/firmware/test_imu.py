"""The IMU drivers against register-level models of their chips: rates, scales, axes, times."""

from __future__ import annotations

import numpy as np
import pytest

from tests.firmware.imu_bench import FIELD_UT, UP_G, Run, on_the_board, timing_errors_us

RATES_HZ = {1: (119.0, 238.0, 476.0, 952.0), 2: (100.0, 200.0, 400.0, 800.0)}
ACC_G = (2.0, 4.0, 8.0, 16.0)
GYR_DPS = (245.0, 500.0, 2000.0)
TURN_DPS = np.array([120.0, -80.0, 200.0])
TURN = {"rate_dps_x": 120.0, "rate_dps_y": -80.0, "rate_dps_z": 200.0}

# Directions on the board in which each sensor's axes read positive (docs/hardware.md).
SENSING = {
    "map_lsm9ds1": ((-1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "map_lsm9ds1_mag": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "map_bmi270": ((0, -1, 0), (1, 0, 0), (0, 0, 1)),
    "map_bmm150": ((0, 1, 0), (1, 0, 0), (0, 0, 1)),
}


@pytest.mark.parametrize("rate", range(4))
@pytest.mark.parametrize("error", [-0.05, 0.0, 0.04])
def test_rate_is_measured_and_no_sample_is_lost(
    imu: Run, board: int, rate: int, error: float
) -> None:
    found = imu(board=board, rate=rate, rate_error=error, seconds=6.0, poll_us=1000.0)
    true_hz = RATES_HZ[board][rate] * (1 + error)
    assert found.number("rate_hz") == RATES_HZ[board][rate]
    assert found.number("measured_rate_hz") == pytest.approx(true_hz, rel=1e-3)
    assert len(found.time_us) == pytest.approx(6.0 * true_hz, rel=1e-3, abs=2)
    assert found.number("lost") == 0
    steps_us = np.diff(found.time_us)
    assert steps_us.min() > 0
    settled = steps_us[len(steps_us) // 2 :]
    assert np.abs(settled - 1e6 / true_hz).max() < 0.1e6 / true_hz


# A rare look leaves a period's play; the BMI270 tells the age of its newest sample.
@pytest.mark.parametrize(
    ("poll_us", "worst_us"), [(500.0, (400, 300)), (1000.0, (400, 300)), (30_000.0, (4000, 400))]
)
@pytest.mark.parametrize("rate", range(4))
def test_times_are_when_samples_were_taken(
    imu: Run, board: int, rate: int, poll_us: float, worst_us: tuple[int, int]
) -> None:
    found = imu(
        board=board, rate=rate, rate_error=-0.03, seconds=8.0, poll_us=poll_us, rate_dps_z=400.0
    )
    errors_us = timing_errors_us(found, np.array([0.0, 0.0, 400.0]))
    period_us = 1e6 / RATES_HZ[board][rate]
    assert np.abs(errors_us).max() < period_us + 1000
    assert np.abs(errors_us[200:]).max() < worst_us[board - 1]
    assert np.diff(found.time_us).min() > 0
    assert found.number("lost") == 0


@pytest.mark.parametrize("acc", range(4))
@pytest.mark.parametrize("gyr", range(3))
def test_scales_are_right_in_every_range(imu: Run, board: int, acc: int, gyr: int) -> None:
    up_g, rate_dps = 0.93 * ACC_G[acc], 0.97 * GYR_DPS[gyr]
    still = {"up_g_x": 0.0, "up_g_y": 0.0, "up_g_z": up_g}
    found = imu(board=board, acc=acc, gyr=gyr, seconds=0.5, rate_dps_z=rate_dps, **still)
    assert len(found.acc_g) > 40
    per_lsb = found.number("acc_g_per_lsb"), found.number("gyr_dps_per_lsb")
    assert np.abs(found.acc_g - [0, 0, up_g]).max() <= per_lsb[0]
    assert np.abs(found.gyr_dps - [0, 0, rate_dps]).max() <= per_lsb[1] * 1.5
    assert per_lsb[0] * 32768 >= ACC_G[acc] * 0.999
    assert per_lsb[1] * 32768 >= GYR_DPS[gyr] * 0.999


@pytest.mark.parametrize("axis", range(3))
@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_out_of_range_saturates_with_its_sign(imu: Run, board: int, axis: int, sign: float) -> None:
    up = {f"up_g_{'xyz'[i]}": 30.0 * sign * (i == axis) for i in range(3)}
    turn = {f"rate_dps_{'xyz'[axis]}": 5000.0 * sign}
    found = imu(board=board, seconds=0.2, **up, **turn)
    first = found.acc_g[0, axis], found.gyr_dps[0, axis]
    assert (np.sign(first) == sign).all()
    assert found.number("gyr_dps_per_lsb") * 32767 <= abs(first[1])


def test_all_sensors_agree_on_one_right_handed_frame(imu: Run, board: int) -> None:
    found = imu(board=board, seconds=3.0, poll_us=500.0, **TURN)
    assert np.abs(found.gyr_dps - TURN_DPS).max() < 0.1
    expected_g = on_the_board(UP_G, TURN_DPS, found.time_us)[50:]
    assert np.abs(found.acc_g[50:] - expected_g).max() < 0.01
    expected_ut = on_the_board(FIELD_UT, TURN_DPS, found.mag_time_us)
    assert len(expected_ut) >= 25
    assert np.abs(found.mag_ut - expected_ut).max() < 2.0  # 5 ms between looks are 1.2 degrees


@pytest.mark.parametrize("name", SENSING)
def test_axes_are_permuted_into_a_right_handed_frame(imu: Run, name: str) -> None:
    entries = [int(entry) for entry in imu(seconds=0.1).said[name].split(",")]
    assert sorted(map(abs, entries)) == [1, 2, 3]
    mapping = np.zeros((3, 3))
    for row, entry in enumerate(entries):
        mapping[row, abs(entry) - 1] = np.sign(entry)
    board_axes = mapping @ np.array(SENSING[name])
    assert np.array_equal(board_axes, np.eye(3))
    assert np.linalg.det(mapping) * np.linalg.det(np.array(SENSING[name])) == pytest.approx(1.0)


@pytest.mark.parametrize("celsius", [-12.25, 23.0, 25.0, 41.5])
def test_die_temperature(imu: Run, board: int, celsius: float) -> None:
    found = imu(board=board, seconds=3.5, celsius=celsius)
    assert len(found.celsius) == 3
    assert np.abs(found.celsius - celsius).max() < 0.07


def test_magnetometer_comes_at_its_rate_each_reading_once(imu: Run, board: int) -> None:
    found = imu(board=board, seconds=10.0, **TURN)
    rate_hz = {1: 20.0, 2: 10.0}[board]
    assert found.number("mag_rate_hz") == rate_hz
    assert len(found.mag_time_us) == pytest.approx(10 * rate_hz, abs=3)
    assert np.abs(np.diff(found.mag_time_us)[5:] * 1e-6 * rate_hz - 1).max() < 0.15
    assert (np.abs(np.diff(found.mag_ut, axis=0)).max(axis=1) > 0).all()


def test_the_clock_may_wrap(imu: Run, board: int) -> None:
    plain = imu(board=board, seconds=3.0, rate=2)
    wrapped = imu(board=board, seconds=3.0, rate=2, clock_us=2**32 - 1_500_000)
    assert np.array_equal(plain.time_us, wrapped.time_us)
    assert np.array_equal(plain.mag_time_us, wrapped.mag_time_us)


# Nobody has published how long a sample takes from its tick of the sensor time into the FIFO. Up to
# 0.3 ms are allowed for; beyond that a sample may be taken for its neighbour.
@pytest.mark.parametrize(("delay_us", "periods"), [(0.0, 0), (250.0, 0), (600.0, 1)])
@pytest.mark.parametrize("rate", range(4))
def test_a_slow_fifo_of_the_bmi270_is_borne(
    imu: Run, rate: int, delay_us: float, periods: int
) -> None:
    found = imu(board=2, rate=rate, fifo_delay_us=delay_us, seconds=4.0, rate_dps_z=400.0)
    errors_us = timing_errors_us(found, np.array([0.0, 0.0, 400.0]))[200:]
    assert np.abs(errors_us).max() < 400 + periods * 1e6 / RATES_HZ[2][rate]
    assert found.number("lost") == 0


@pytest.mark.parametrize("hall", [6500, 6820, 7011, 7400])
def test_trim_of_the_bmm150_is_applied(imu: Run, hall: int) -> None:
    strong_ut = np.array([700.0, -650.0, 800.0])
    field = {f"field_ut_{axis}": ut for axis, ut in zip("xyz", strong_ut, strict=True)}
    found = imu(board=2, seconds=2.0, hall=hall, **field)
    assert len(found.mag_ut) > 10
    assert np.abs(found.mag_ut - strong_ut).max() < 0.45  # a raw count is 0.3 uT
