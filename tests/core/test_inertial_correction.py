"""`inertial_correction.h` in the conditioner: calibration, then what rests teach."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from imu_gesture import _core
from tests.core.test_drift_correction import OFFSET_G, SCALE, lay_down, spread_poses
from tests.core.trajectories import Course, record, single


def calibration(known: bool = True) -> _core.CalibrationParams:
    acc = _core.AffineParams(single(np.diag(SCALE)), single(OFFSET_G))
    gyr = _core.AffineParams(single(np.eye(3)), single(np.array([20.0, -10.0, 5.0])))
    return _core.CalibrationParams(acc, gyr, known)


def test_the_conditioner_does_what_the_correction_does() -> None:
    times_us, acc_g, gyr_dps = record(Course(seed=6, moving_s=4.0)).with_bias(20.0).imu()
    corrected = _core.InertialCorrection(calibration()).run(times_us, acc_g, gyr_dps)
    how = _core.ConditionerParams(
        20_000, calibration=calibration(), learning=_core.LearningParams()
    )
    found = _core.condition(how, times_us, acc_g, gyr_dps)
    plain = _core.ConditionerParams(20_000)
    assert np.array_equal(found[0], _core.condition(plain, times_us, *corrected[:2])[0])


def test_learning_wants_a_gyroscope() -> None:
    with pytest.raises(ValueError, match="no gyroscope among 3"):
        _core.ConditionerParams(20_000, 3, learning=_core.LearningParams())


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("poses", "share"), [(1, 1.02), (2, 1.0), (4, 0.7), (12, 0.01)])
def test_every_pose_brings_the_accelerometer_nearer_to_the_truth(
    poses: int, share: float, seed: int
) -> None:
    path = lay_down(spread_poses(poses, seed), seed)
    measured = single(path.acc_g / SCALE + OFFSET_G)
    correction = _core.InertialCorrection()
    acc_g, *_ = correction.run(path.device_time_us, measured, single(path.gyr_dps))
    late = slice(-60, None)
    raw_g = np.linalg.norm(measured[late].mean(axis=0) - path.acc_g[late].mean(axis=0))
    left_g = np.linalg.norm(acc_g[late].mean(axis=0) - path.acc_g[late].mean(axis=0))
    assert left_g < share * raw_g
    assert abs(np.linalg.norm(acc_g[late].mean(axis=0)) - 1) < 0.02


@pytest.mark.parametrize("known", [False, True])
def test_a_calibrated_accelerometer_is_believed(known: bool) -> None:
    """A pose that reads 1.02 g: little of it is put down to a sensor that was calibrated."""
    up = np.array([0.0, 0.0, 1.0])
    n = 600
    acc_g = single(np.tile(1.02 * up, (n, 1)))
    identity = _core.CalibrationParams(_core.AffineParams(), _core.AffineParams(), known)
    correction = _core.InertialCorrection(identity)
    correction.run(np.arange(n) * 8403, acc_g, np.zeros((n, 3), np.float32))
    before_g, scale = (0.01, 0.005) if known else (0.09, 0.03)
    assert correction.accelerometer_sigma_g == pytest.approx(before_g, rel=0.02)
    share = before_g**2 / (before_g**2 + scale**2)  # of the surprise, between offset and scale
    assert correction.accelerometer.offset[2] == pytest.approx(0.02 * share, rel=0.15)


@pytest.mark.parametrize("pose", [Rotation.identity(), Rotation.from_euler("x", 40, degrees=True)])
def test_a_perfect_sensor_stays_as_it_is(pose: Rotation) -> None:
    path = lay_down([pose] * 3)
    correction = _core.InertialCorrection()
    acc_g, *_ = correction.run(path.device_time_us, single(path.acc_g), single(path.gyr_dps))
    assert np.abs(acc_g - path.acc_g).max() < 0.002


def test_a_temperature_that_is_no_number_is_none() -> None:
    times_us, acc_g, gyr_dps = record(Course(seed=2, moving_s=3.0)).imu()
    without = _core.InertialCorrection().run(times_us, acc_g, gyr_dps)
    nothing = np.full(len(times_us), np.nan, np.float32)
    silent = _core.InertialCorrection().run(times_us, acc_g, gyr_dps, nothing)
    assert [column.tobytes() for column in without] == [column.tobytes() for column in silent]
    with pytest.raises(ValueError, match="temperature_c"):
        _core.InertialCorrection().run(times_us, acc_g, gyr_dps, nothing[1:])
