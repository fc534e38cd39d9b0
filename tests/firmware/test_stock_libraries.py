"""What Arduino_LSM9DS1 1.1.1 and Arduino_BMI270_BMM150 1.2.3 get wrong, and the drivers do not.

Each test computes what the library would have delivered and shows that the test can tell.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.firmware.imu_bench import FIELD_UT, ImuRun, Run

TURN = {"rate_dps_x": 60.0, "rate_dps_y": -40.0, "rate_dps_z": 70.0}
FLIP_X = np.array([-1.0, 1.0, 1.0])


def residual(vectors: NDArray[np.float64], time_us: NDArray[np.int64], found: ImuRun) -> float:
    """Of dv/dt = -w x v, which holds in a right-handed frame that both sensors share; relative."""
    time_s = time_us * 1e-6
    change = (vectors[2:] - vectors[:-2]) / (time_s[2:] - time_s[:-2])[:, None]
    rate_rad = np.radians(found.gyr_dps.mean(axis=0))
    turned = np.cross(np.tile(rate_rad, (len(vectors) - 2, 1)), vectors[1:-1])
    return float(np.linalg.norm(change + turned) / np.linalg.norm(change))


def flipped(found: ImuRun) -> ImuRun:
    """As in a frame whose x points the other way: left-handed."""
    return ImuRun(
        found.said,
        found.numbers,
        found.time_us,
        found.acc_g * FLIP_X,
        found.gyr_dps * FLIP_X,
        found.mag_time_us,
        found.mag_ut,
        found.celsius,
    )


def test_gyroscope_scale_of_arduino_lsm9ds1(imu: Run) -> None:
    found = imu(board=1, seconds=0.5, rate_dps_y=1000.0)
    counts = found.gyr_dps[:, 1] / found.number("gyr_dps_per_lsb")
    assert counts.mean() * 2000 / 32768 == pytest.approx(872, abs=1)  # the library
    assert found.gyr_dps[:, 1].mean() == pytest.approx(1000, abs=0.1)


def test_magnetometer_scale_of_arduino_lsm9ds1(imu: Run) -> None:
    found = imu(board=1, seconds=1.0)
    counts = found.mag_ut[:, 2] / found.number("mag_ut_per_lsb")
    assert abs(counts.mean() * 400 / 32768 / FIELD_UT[2]) == pytest.approx(0.872, abs=0.001)
    assert np.abs(found.mag_ut - FIELD_UT).max() < 0.02


def test_left_handed_frames_of_both_libraries(imu: Run, board: int) -> None:
    found = imu(board=board, seconds=5.0, **TURN)
    after = slice(60, None)
    acc_g, time_us = found.acc_g[after], found.time_us[after]
    mirrored = flipped(found)  # Arduino_LSM9DS1 hands out raw axes, the other library imitates them
    assert residual(acc_g, time_us, found) < 0.1
    assert residual(mirrored.acc_g[after], time_us, mirrored) > 1.5
    assert residual(found.mag_ut[5:], found.mag_time_us[5:], found) < 0.15
    assert residual(found.mag_ut[5:], found.mag_time_us[5:], mirrored) > 0.5


def test_remap_of_arduino_bmi270_bmm150_has_determinant_minus_one(imu: Run) -> None:
    remap = np.array([[0, -1, 0], [-1, 0, 0], [0, 0, 1]])  # its readAcceleration
    entries = [int(entry) for entry in imu(board=2, seconds=0.1).said["map_bmi270"].split(",")]
    ours = np.array([np.sign(e) * np.eye(3)[abs(e) - 1] for e in entries])
    assert np.linalg.det(remap) == pytest.approx(-1)
    assert np.linalg.det(ours) == pytest.approx(1)
    assert np.array_equal(np.diag(FLIP_X) @ remap, ours)  # all that differs is x


def test_magnetometer_axes_that_arduino_bmi270_bmm150_leaves_as_they_are(imu: Run) -> None:
    found = imu(board=2, seconds=5.0, **TURN)
    raw = found.mag_ut[:, [1, 0, 2]]
    assert residual(found.mag_ut, found.mag_time_us, found) < 0.15
    assert residual(raw, found.mag_time_us, found) > 0.5


def test_preset_that_arduino_bmi270_bmm150_comments_out(imu: Run) -> None:
    found = imu(board=2, seconds=60.0, noisy=1, poll_us=5000.0)
    noise_ut = found.mag_ut.std(axis=0)
    assert len(found.mag_ut) > 500
    assert (noise_ut < 0.75).all()  # regular preset: 0.6 uT; with one repetition 1.8 to 2.3 uT


def test_whole_microteslas_of_arduino_bmi270_bmm150(imu: Run) -> None:
    found = imu(board=2, seconds=30.0, noisy=1, poll_us=5000.0)
    assert found.number("mag_ut_per_lsb") == 1 / 16
    assert len(np.unique(found.mag_ut[:, 0] % 1.0)) > 4


def test_rate_that_both_libraries_state_but_no_chip_keeps(imu: Run, board: int) -> None:
    found = imu(board=board, seconds=5.0, rate_error=-0.04)
    stated_hz, measured_hz = found.number("rate_hz"), found.number("measured_rate_hz")
    assert measured_hz / stated_hz == pytest.approx(0.96, rel=1e-3)


def test_samples_that_both_libraries_miss_while_a_program_is_busy(imu: Run, board: int) -> None:
    found = imu(board=board, seconds=3.0, poll_us=50_000.0)
    assert len(found.time_us) > 280  # the newest only, every 50 ms: 60
    assert np.diff(found.numbers).max() == 1
