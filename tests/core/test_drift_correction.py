"""`drift_correction.h`: what rests teach, and the whole chain."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation, Slerp

from imu_gesture import _core
from imu_gesture.simulation.motion import KEYFRAME_RATE_HZ, motion_through
from tests.core.test_mag_calibrator import HARD_UT, SOFT
from tests.core.trajectories import (
    Course,
    FloatArray,
    inclination_deg,
    record,
    single,
    total_deg,
)

RATE_HZ = 119.0
OFFSET_G = np.array([0.05, -0.07, 0.09])
SCALE = np.array([1.02, 0.985, 1.01])
SLOPE_DPS_PER_C = np.array([0.05, -0.03, 0.02])


@dataclass(frozen=True, eq=False)
class Poses:
    """A board that is laid down in one pose after the other, two seconds each."""

    device_time_us: NDArray[np.int64]
    acc_g: FloatArray
    gyr_dps: FloatArray
    attitude: FloatArray


def lay_down(poses: list[Rotation], seed: int = 0) -> Poses:
    """True readings with the noise of an LSM9DS1; a second of turning between two poses."""
    hold, turn = 2.0, 1.0
    starts = np.arange(len(poses)) * (hold + turn)
    at_s = np.stack([starts, starts + hold], axis=1).ravel()
    slerp = Slerp(at_s, Rotation.concatenate([pose for pose in poses for _ in range(2)]))
    key_s = np.arange(0.0, at_s[-1], 1 / KEYFRAME_RATE_HZ)
    vectors = slerp(key_s).as_rotvec()
    motion = motion_through(np.zeros_like(vectors), vectors, [])
    n = int(motion.duration_s * RATE_HZ)
    time_s = np.arange(n, dtype=np.float64) / RATE_HZ
    rng = np.random.default_rng(seed)
    return Poses(
        np.rint(time_s * 1e6).astype(np.int64),
        motion.specific_force_g(time_s) + rng.normal(size=(n, 3)) * 0.004,
        motion.angular_rate_dps(time_s) + rng.normal(size=(n, 3)) * 0.12,
        motion.attitude(time_s).as_quat(scalar_first=True),
    )


def spread_poses(n: int, seed: int) -> list[Rotation]:
    return list(Rotation.random(n, random_state=seed))


def flat_poses(n: int) -> list[Rotation]:
    """Turned about the vertical only."""
    return [Rotation.from_rotvec([0, 0, 0.9 * i]) for i in range(n)]


@pytest.mark.parametrize("seed", range(4))
def test_rest_poses_refine_the_accelerometer(seed: int) -> None:
    path = lay_down(spread_poses(16, seed), seed)
    measured = path.acc_g / SCALE + OFFSET_G
    drift = _core.DriftCorrection()
    corrected, _, six, *_ = drift.run(path.device_time_us, single(measured), single(path.gyr_dps))
    assert drift.accelerometer_good
    assert np.abs(drift.accelerometer.offset - OFFSET_G).max() < 0.012
    assert np.abs(np.diag(drift.accelerometer.matrix) - SCALE).max() < 0.012
    late = slice(-200, None)
    assert np.abs(corrected[late] - path.acc_g[late]).mean() < 0.01
    refined_deg = inclination_deg(six[late], path.attitude[late])
    assert refined_deg < 0.7
    plain, *_ = _core.Orientation().run(path.device_time_us, single(measured), single(path.gyr_dps))
    assert inclination_deg(plain[late], path.attitude[late]) > 2 * refined_deg


@pytest.mark.parametrize(
    ("name", "poses"),
    [
        ("flat on the table", flat_poses(16)),
        ("the same pose", [Rotation.identity()] * 16),
        ("four poses", spread_poses(4, 0)),
    ],
)
def test_too_few_poses_correct_what_they_show_and_no_more(name: str, poses: list[Rotation]) -> None:
    path = lay_down(poses)
    measured = single(path.acc_g / SCALE + OFFSET_G)
    drift = _core.DriftCorrection()
    corrected, *_ = drift.run(path.device_time_us, measured, single(path.gyr_dps))
    assert not drift.accelerometer_good, name
    late = slice(-60, None)
    true_g, raw_g, found_g = (v[late].mean(axis=0) for v in (path.acc_g, measured, corrected))
    assert abs(np.linalg.norm(found_g) - 1) < 0.01
    assert np.linalg.norm(found_g - true_g) < np.linalg.norm(raw_g - true_g)


def warming_up(end_c: float, seed: int = 0) -> tuple[Poses, FloatArray]:
    """On a table for two minutes, from 20 °C to `end_c`; the temperature beside each sample."""
    path = lay_down([Rotation.identity()] * 40, seed)
    share = path.device_time_us / path.device_time_us[-1]
    temperature_c = 20 + (end_c - 20) * (1 - np.exp(-3 * share)) / (1 - np.exp(-3.0))
    path.gyr_dps[:] += 30.0 + (temperature_c - 20)[:, None] * SLOPE_DPS_PER_C
    return path, np.asarray(temperature_c)


def test_the_slope_with_temperature_is_learned_while_the_board_warms_up() -> None:
    path, temperature_c = warming_up(35.0)
    drift = _core.DriftCorrection()
    _, gyr_dps, *_ = drift.run(
        path.device_time_us,
        single(path.acc_g),
        single(path.gyr_dps),
        temperature_c=single(temperature_c),
    )
    assert drift.slope_good
    assert np.abs(drift.slope_dps_per_c - SLOPE_DPS_PER_C).max() < 0.01
    assert np.abs(gyr_dps[-500:].mean(axis=0)).max() < 0.05


def test_a_temperature_that_is_no_number_is_ignored() -> None:
    path, temperature_c = warming_up(35.0)
    temperature_c[::7] = np.nan
    drift = _core.DriftCorrection()
    _, gyr_dps, *_ = drift.run(
        path.device_time_us,
        single(path.acc_g),
        single(path.gyr_dps),
        temperature_c=single(temperature_c),
    )
    assert np.abs(gyr_dps[-500:].mean(axis=0)).max() < 0.05


@pytest.mark.parametrize("end_c", [20.0, 21.5])
def test_a_temperature_that_hardly_changes_teaches_no_slope(end_c: float) -> None:
    path, temperature_c = warming_up(end_c)
    drift = _core.DriftCorrection()
    drift.run(
        path.device_time_us,
        single(path.acc_g),
        single(path.gyr_dps),
        temperature_c=single(temperature_c),
    )
    assert not drift.slope_good


def test_the_slope_holds_the_offset_while_a_moving_board_warms_up() -> None:
    path, temperature_c = warming_up(35.0)
    moving = record(Course(seed=5, before_s=3.0, moving_s=60.0, after_s=0.0))
    later_c = np.linspace(35.0, 45.0, len(moving.moving))
    drift_dps = 30.0 + (later_c - 20)[:, None] * SLOPE_DPS_PER_C
    later_us = moving.device_time_us + path.device_time_us[-1] + 50_000
    residuals = []
    for known in (True, False):
        drift = _core.DriftCorrection()
        first_c = single(temperature_c) if known else None
        drift.run(
            path.device_time_us, single(path.acc_g), single(path.gyr_dps), temperature_c=first_c
        )
        _, gyr_dps, *_ = drift.run(
            later_us,
            single(moving.acc_g),
            single(moving.gyr_dps + drift_dps),
            temperature_c=single(later_c) if known else None,
        )
        residuals.append(np.abs((gyr_dps - moving.gyr_dps)[-100:].mean(axis=0)).max())
    assert residuals[0] < 0.1
    assert residuals[1] > 2 * residuals[0]


def test_iron_found_on_the_way_gives_north() -> None:
    trajectory = record(Course(seed=6, moving_s=90.0, after_s=5.0))
    times_us, acc_g, gyr_dps, mag_us, mag_ut = trajectory.columns()
    raw_ut = single(mag_ut @ SOFT.T + HARD_UT)
    drift = _core.DriftCorrection()
    *_, nine, _ = drift.run(times_us, acc_g, gyr_dps + np.float32(20), mag_us, raw_ut)
    late = trajectory.moving & (times_us > 50_000_000)
    assert drift.magnetometer_known
    assert total_deg(nine[late], trajectory.attitude[late]) < 2.0
    _, plain, *_ = _core.Orientation().run(times_us, acc_g, gyr_dps, mag_us, raw_ut)
    assert total_deg(plain[late], trajectory.attitude[late]) > 20


@pytest.mark.parametrize("cut", [1, 120, 400, 3000])
def test_a_run_cut_in_two_has_the_same_bits(cut: int) -> None:
    path, temperature_c = warming_up(35.0)
    times_us, gyr_dps, celsius = path.device_time_us, single(path.gyr_dps), single(temperature_c)
    acc_g = single(path.acc_g / SCALE + OFFSET_G)

    def run(drift: _core.DriftCorrection, part: slice) -> list[NDArray[np.float32]]:
        found = drift.run(times_us[part], acc_g[part], gyr_dps[part], temperature_c=celsius[part])
        return list(found[:4])

    whole, first, second = (_core.DriftCorrection() for _ in range(3))
    expected = run(whole, slice(None))
    run(first, slice(cut))
    second.restore(first.state())
    for now, ever in zip(run(second, slice(cut, None)), expected, strict=True):
        assert now.tobytes() == ever[cut:].tobytes()
    assert second.state() == whole.state()
