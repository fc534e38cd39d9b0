"""Nine-axis recordings of a hand with a known attitude: rest, motion, rest."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.spatial.transform import Rotation

from imu_gesture import _core
from imu_gesture.simulation.motion import KEYFRAME_RATE_HZ, Motion, motion_through

FloatArray = NDArray[np.float64]

FIELD_UT = np.array([0.0, 19.0, -45.0])  # middle Europe; east, north, up


@dataclass(frozen=True)
class Course:
    """What the hand does; `turning_dps` and `pushing_g` are standard deviations."""

    seed: int = 0
    before_s: float = 3.0
    moving_s: float = 30.0
    after_s: float = 3.0
    turning_dps: float = 120.0
    pushing_g: float = 0.15
    rate_hz: float = 119.0
    mag_rate_hz: float = 20.0


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Samples and truth. Attitudes: (n, 4) unit quaternions w, x, y, z, board to east-north-up."""

    device_time_us: NDArray[np.int64]
    acc_g: FloatArray
    gyr_dps: FloatArray
    mag_time_us: NDArray[np.int64]
    mag_ut: FloatArray
    attitude: FloatArray
    moving: NDArray[np.bool_]

    def with_bias(self, bias_dps: FloatArray | float) -> Trajectory:
        """The same with an offset of the gyroscope: one, (3,) or (n, 3)."""
        return replace(self, gyr_dps=self.gyr_dps + bias_dps)

    def keep(self, chosen: NDArray[np.bool_]) -> Trajectory:
        """The inertial samples that are `chosen`."""
        return replace(
            self,
            device_time_us=self.device_time_us[chosen],
            acc_g=self.acc_g[chosen],
            gyr_dps=self.gyr_dps[chosen],
            attitude=self.attitude[chosen],
            moving=self.moving[chosen],
        )

    def imu(self) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
        """Times, acc_g and gyr_dps as `Orientation.run` wants them."""
        return self.device_time_us, single(self.acc_g), single(self.gyr_dps)

    def columns(
        self,
    ) -> tuple[
        NDArray[np.int64],
        NDArray[np.float32],
        NDArray[np.float32],
        NDArray[np.int64],
        NDArray[np.float32],
    ]:
        """The same with the magnetometer's times and readings."""
        return *self.imu(), self.mag_time_us, single(self.mag_ut)


def single(values: FloatArray) -> NDArray[np.float32]:
    """In single precision, contiguous."""
    return np.ascontiguousarray(values, np.float32)


def _smooth(share: FloatArray) -> FloatArray:
    """From 0 to 1 without a jump in speed or acceleration."""
    step: FloatArray = share**3 * (10 - 15 * share + 6 * share**2)
    return step


def perform(course: Course) -> Motion:
    """A hand that rests, turns and pushes at random, and rests."""
    rng = np.random.default_rng(course.seed)
    n = round((course.before_s + course.moving_s + course.after_s) * KEYFRAME_RATE_HZ) + 1
    time_s = np.arange(n) / KEYFRAME_RATE_HZ
    fade_s = np.minimum(time_s - course.before_s, course.before_s + course.moving_s - time_s)
    fade = _smooth(np.clip(fade_s, 0, 1))[:, None]
    rate = gaussian_filter1d(rng.normal(size=(n, 3)), 0.15 * KEYFRAME_RATE_HZ, axis=0)
    rate *= np.radians(course.turning_dps) / rate.std() * fade
    attitude = [Rotation.from_rotvec(rng.normal(size=3))]
    for step in rate[1:] / KEYFRAME_RATE_HZ:
        attitude.append(attitude[-1] * Rotation.from_rotvec(step))
    vectors = np.array([a.as_rotvec() for a in attitude])
    sway = gaussian_filter1d(rng.normal(size=(n, 3)), 0.2 * KEYFRAME_RATE_HZ, axis=0)
    acceleration = np.gradient(np.gradient(sway, 1 / KEYFRAME_RATE_HZ, axis=0), axis=0)
    acceleration *= KEYFRAME_RATE_HZ
    position_m = sway * course.pushing_g * 9.81 / acceleration.std() * fade
    return motion_through(position_m, vectors, [])


def _instants(duration_s: float, rate_hz: float) -> FloatArray:
    return np.arange(int(duration_s * rate_hz), dtype=np.float64) / rate_hz


def record(course: Course) -> Trajectory:
    """What sensors without offset, with the noise of an LSM9DS1, make of it."""
    motion = perform(course)
    rng = np.random.default_rng(course.seed + 1000)
    time_s = _instants(motion.duration_s, course.rate_hz)
    mag_s = _instants(motion.duration_s, course.mag_rate_hz)
    n = len(time_s)
    truth = motion.attitude(time_s)
    mag_ut = motion.attitude(mag_s).inv().apply(FIELD_UT)
    end_s = course.before_s + course.moving_s
    return Trajectory(
        device_time_us=np.rint(time_s * 1e6).astype(np.int64),
        acc_g=motion.specific_force_g(time_s) + rng.normal(size=(n, 3)) * 0.004,
        gyr_dps=motion.angular_rate_dps(time_s) + rng.normal(size=(n, 3)) * 0.12,
        mag_time_us=np.rint(mag_s * 1e6).astype(np.int64),
        mag_ut=mag_ut + rng.normal(size=mag_ut.shape) * 0.4,
        attitude=truth.as_quat(scalar_first=True),
        moving=(time_s > course.before_s) & (time_s < end_s),
    )


def _rotation(attitude: NDArray[np.floating]) -> Rotation:
    return Rotation.from_quat(attitude, scalar_first=True)


def total_deg(found: NDArray[np.floating], truth: FloatArray) -> float:
    """Root of the mean squared angle between attitudes (n, 4)."""
    angle = (_rotation(found) * _rotation(truth).inv()).magnitude()
    return float(np.degrees(np.sqrt(np.mean(angle**2))))


def inclination_deg(found: NDArray[np.floating], truth: FloatArray) -> float:
    """The same for the vertical alone."""
    up = np.array([0.0, 0.0, 1.0])
    cosine = np.sum(_rotation(found).inv().apply(up) * _rotation(truth).inv().apply(up), axis=1)
    return float(np.degrees(np.sqrt(np.mean(np.arccos(np.clip(cosine, -1, 1)) ** 2))))


def estimate(trajectory: Trajectory) -> tuple[_core.Orientation, NDArray[np.float32]]:
    """The estimator after the whole trajectory, and its nine-axis attitudes."""
    orientation = _core.Orientation()
    return orientation, orientation.run(*trajectory.columns())[1]
