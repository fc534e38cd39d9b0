"""The IMU drivers when things go wrong: overruns, a bus that fails, chips in a strange state."""

from __future__ import annotations

import numpy as np
import pytest

from tests.firmware.imu_bench import UP_G, Run, timing_errors_us

RATES_HZ = {1: (119.0, 238.0, 476.0, 952.0), 2: (100.0, 200.0, 400.0, 800.0)}
BUFFERED = {1: 32, 2: 157}  # samples a chip holds


@pytest.mark.parametrize("stall_s", [0.2, 1.0, 3.0])
@pytest.mark.parametrize("rate", range(4))
def test_overwritten_samples_are_counted(imu: Run, board: int, rate: int, stall_s: float) -> None:
    found = imu(
        board=board,
        rate=rate,
        seconds=6.0,
        stall_us=stall_s * 1e6,
        stall_after=2.0,
        rate_error=0.02,
        rate_dps_z=400.0,
    )
    true_hz = RATES_HZ[board][rate] * 1.02
    taken = stall_s * true_hz
    lost = found.number("lost")
    holes = np.diff(found.numbers) - 1
    assert holes.sum() == lost
    if taken < BUFFERED[board] - 2:
        assert lost == 0
        return
    # Reading what is left takes a few milliseconds more. The LSM9DS1 says that samples were lost,
    # not how many: its driver counts periods.
    assert taken - BUFFERED[board] - 1 <= lost <= taken - BUFFERED[board] + 2 + 0.015 * true_hz
    passed_s = (found.time_us[-1] - found.time_us[0]) * 1e-6
    assert found.numbers[-1] == pytest.approx(passed_s * true_hz, abs=1.5)
    assert np.count_nonzero(holes) <= 2
    assert np.diff(found.time_us).min() > 0
    errors_us = timing_errors_us(found, np.array([0.0, 0.0, 400.0]))
    assert np.abs(errors_us).max() < 2e6 / true_hz + 1000


def test_a_bus_too_slow_for_the_rate_loses_samples_but_no_count(imu: Run) -> None:
    found = imu(board=2, rate=3, seconds=5.0, byte_us=200.0, rate_dps_z=400.0)
    assert 0.3 < found.number("lost") / found.numbers[-1] < 0.7
    passed_s = (found.time_us[-1] - found.time_us[0]) * 1e-6
    assert found.numbers[-1] == pytest.approx(passed_s * 800, rel=3e-3)
    assert found.number("measured_rate_hz") == pytest.approx(800, rel=3e-3)
    assert np.diff(found.time_us).min() > 0
    errors_us = timing_errors_us(found, np.array([0.0, 0.0, 400.0]))
    assert np.abs(errors_us).max() < 50_000  # a transfer's time


def test_busy_program_loses_nothing_that_the_buffer_holds(imu: Run, board: int) -> None:
    found = imu(board=board, seconds=4.0, poll_us=200_000.0)
    assert found.number("lost") == 0
    assert (np.diff(found.numbers) == 1).all()
    assert len(found.numbers) == pytest.approx(4.0 * RATES_HZ[board][0], abs=26)


def test_no_chip_is_an_error_at_once(imu: Run) -> None:
    found = imu(board=0, seconds=0.5)
    assert found.said["problem"] == "no IMU answers on the internal I2C bus"
    assert found.number("begin_us") < 10_000
    assert len(found.time_us) == 0


def test_chips_that_lose_their_supply_are_started_anew(imu: Run, board: int) -> None:
    found = imu(board=board, rate=1, acc=2, seconds=8.0, unplugged_us=2e6, plugged_us=2.6e6)
    assert found.said["worst_problem"] == ""
    assert found.number("restarts") in (1, 2)
    assert np.abs(found.acc_g - UP_G).max() < 0.001
    gap = int(np.argmax(np.diff(found.time_us)))
    assert 600_000 < np.diff(found.time_us)[gap] < 2_500_000
    assert found.number("measured_rate_hz") == pytest.approx(RATES_HZ[board][1], rel=2e-3)
    assert found.time_us[-1] > 7_900_000


def test_chips_that_stay_away_are_reported_and_do_not_hang_the_board(imu: Run, board: int) -> None:
    found = imu(board=board, seconds=10.0, unplugged_us=2e6)
    assert found.said["problem"] == "no IMU answers on the internal I2C bus"
    assert 6 <= found.number("restarts") <= 9
    assert found.number("time_us") < 11_500_000
    assert found.time_us[-1] < 2_000_000


# What a failed transfer costs is estimated by the clock.
@pytest.mark.parametrize(("every", "miscounted"), [(11, 0.04), (50, 0.006), (333, 0.002)])
def test_a_bus_that_fails_now_and_then_gives_no_wrong_sample(
    imu: Run, board: int, every: int, miscounted: float
) -> None:
    up = {"up_g_x": 1.0, "up_g_y": 0.0, "up_g_z": 0.0}
    found = imu(board=board, seconds=10.0, fails_every=every, spin=180.0, poll_us=30_000.0, **up)
    assert len(found.acc_g) > 100
    assert np.abs(found.acc_g - [1, 0, 0]).max() < 0.001
    late_s = found.time_us * 1e-6 - found.gyr_dps[:, 0] / 180.0
    assert np.abs(late_s).max() < 1.2 / RATES_HZ[board][0]
    passed_s = (found.time_us[-1] - found.time_us[0]) * 1e-6
    expected = passed_s * RATES_HZ[board][0]
    assert found.numbers[-1] == pytest.approx(expected, abs=1 + miscounted * expected)
    assert np.diff(found.time_us).min() > 0
    assert (np.diff(found.numbers) >= 1).all()


def test_a_reset_of_the_board_leaves_no_traces(imu: Run, board: int) -> None:
    found = imu(board=board, traces=1, seconds=3.0, rate_dps_z=700.0)
    assert found.number("lost") == 0
    assert found.number("measured_rate_hz") == pytest.approx(RATES_HZ[board][0], rel=1e-3)
    assert np.abs(found.acc_g[:, 2] - UP_G[2]).max() < 0.001
    assert np.abs(found.gyr_dps - [0, 0, 700]).max() < 0.1
    assert np.linalg.norm(found.mag_ut, axis=1).std() < 0.4


def test_a_board_without_magnetometer_still_moves(imu: Run, board: int) -> None:
    found = imu(board=board, has_mag=0, seconds=1.0)
    assert (found.said["problem"], found.number("mag_rate_hz")) == ("", 0)
    assert (len(found.mag_ut), len(found.acc_g) > 90) == (0, True)


def test_overflow_of_the_magnetometer_is_no_reading(imu: Run) -> None:
    found = imu(board=2, overflows=1, seconds=1.0)
    assert (len(found.mag_ut), len(found.acc_g) > 90) == (0, True)


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"board": 1, "keeps_settings": 0}, "the IMU does not keep its settings"),
        ({"board": 2, "keeps_settings": 0}, "the IMU does not keep its settings"),
        ({"board": 2, "accepts_image": 0}, "the BMI270 does not accept its configuration image"),
    ],
    ids=["lsm9ds1-settings", "bmi270-settings", "bmi270-image"],
)
def test_a_broken_chip_says_what_is_wrong(
    imu: Run, settings: dict[str, float], problem: str
) -> None:
    found = imu(seconds=0.5, **settings)
    assert found.said["problem"] == problem
    assert len(found.acc_g) == 0
