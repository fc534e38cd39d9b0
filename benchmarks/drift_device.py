"""Devices that drift: errors by level, family and seed, and what each arm corrects of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from drift_streams import RATE_HZ, Float64Array, Stream
from scipy.spatial.transform import Rotation

from imu_gesture import _core
from imu_gesture.calibration.mount import align_mount, mounted, pose_g
from imu_gesture.samples import Int64Array, Samples

_DAY_0_REST = 0.1  # share of an offset that has changed since day 0
_DAY_0_ACC_G, _DAY_0_SCALE = 0.005, 0.003  # what day 0 left
_POSE_DEG = 2.0  # by which a pose is held otherwise than in training, about each axis
_TREMOR_G, _TREMOR_DPS = 0.02, 5.0
_POSES = np.array([[0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])


@dataclass(frozen=True)
class Level:
    """Limits of a device's errors, in g, deg/s and shares; see docs of the simulator."""

    name: str
    gyr_dps: float = 0.0
    acc_g: float = 0.0
    gyr_dps_per_k: float = 0.0
    acc_g_per_k: float = 0.0
    scale: float = 0.0
    gyr_noise_dps: float = 0.07
    acc_noise_g: float = 0.0016


def _times(level: Level, factor: float, name: str) -> Level:
    return replace(
        level,
        name=name,
        gyr_dps=factor * level.gyr_dps,
        acc_g=factor * level.acc_g,
        gyr_dps_per_k=factor * level.gyr_dps_per_k,
        acc_g_per_k=factor * level.acc_g_per_k,
        scale=factor * level.scale,
    )


CLEAN = Level("none")
_BMI270 = Level("BMI270 spec", 0.5, 0.02, 0.015, 0.00025, 0.02)
_LSM9DS1 = Level("LSM9DS1 spec", 30.0, 0.09, 0.05, 0.0005, 0.03, 0.15, 0.002)
LEVELS = (
    _BMI270,
    replace(_BMI270, name="BMI270 seen", gyr_dps=3.0),
    _times(_LSM9DS1, 0.5, "LSM9DS1 half"),
    _LSM9DS1,
    _times(_LSM9DS1, 1.5, "extreme"),
)


class Arm(StrEnum):
    """What is corrected."""

    OFF = "off"
    DAY_0 = "day 0"  # what a calibration at day 0 knows
    ONLINE = "online"  # the offset as the core tracks it; device time; two poses for the mount
    BOTH = "both"


@dataclass(frozen=True, eq=False)
class Device:
    """raw = fault @ mount @ ((1 + scale) true) + offset(t) + noise.

    Attributes:
        rate: relative error of its rate; lost: share of its samples.
        drift_gyr_dps, drift_acc_g: (3,) by which offsets rise while it warms up, over `tau_s`.
        axes_acc, axes_gyr: (3, 3) what a library makes of axes and scales.
    """

    level: Level
    seed: int
    offset_gyr_dps: Float64Array = field(default_factory=lambda: np.zeros(3))
    offset_acc_g: Float64Array = field(default_factory=lambda: np.zeros(3))
    drift_gyr_dps: Float64Array = field(default_factory=lambda: np.zeros(3))
    drift_acc_g: Float64Array = field(default_factory=lambda: np.zeros(3))
    tau_s: float = 300.0
    scale_gyr: Float64Array = field(default_factory=lambda: np.zeros(3))
    scale_acc: Float64Array = field(default_factory=lambda: np.zeros(3))
    mount: Rotation = field(default_factory=Rotation.identity)
    axes_acc: Float64Array = field(default_factory=lambda: np.eye(3))
    axes_gyr: Float64Array = field(default_factory=lambda: np.eye(3))
    rate: float = 0.0
    lost: float = 0.0


@dataclass(frozen=True, eq=False)
class Taken:
    """What a device recorded: true times (n,) beside samples with the times that the arm knows."""

    time_s: Float64Array
    samples: Samples


def biased(level: Level, seed: int) -> Device:
    """Constant offsets of both sensors."""
    rng = np.random.default_rng((seed, 1))
    gyr_dps, acc_g = rng.uniform(-1, 1, (2, 3)) * [[level.gyr_dps], [level.acc_g]]
    return Device(level, seed, offset_gyr_dps=gyr_dps, offset_acc_g=acc_g)


def warming(level: Level, seed: int) -> Device:
    """Offsets that come with warming up by 5 to 20 K; none at power-up."""
    rng = np.random.default_rng((seed, 2))
    slopes = rng.uniform(-1, 1, (2, 3)) * [[level.gyr_dps_per_k], [level.acc_g_per_k]]
    gyr_dps, acc_g = slopes * rng.uniform(5, 20)
    tau_s = rng.uniform(300, 600)
    return Device(level, seed, drift_gyr_dps=gyr_dps, drift_acc_g=acc_g, tau_s=tau_s)


def misscaled(level: Level, seed: int) -> Device:
    """Wrong sensitivities, axis by axis."""
    gyr, acc = np.random.default_rng((seed, 3)).uniform(-level.scale, level.scale, (2, 3))
    return Device(level, seed, scale_gyr=gyr, scale_acc=acc)


def remounted(angle_deg: float, seed: int) -> Device:
    """Turned by an angle about a random axis."""
    axis = np.random.default_rng((seed, 4)).normal(size=3)
    turn = Rotation.from_rotvec(np.radians(angle_deg) * axis / np.linalg.norm(axis))
    return Device(CLEAN, seed, mount=turn)


def record(device: Device, stream: Stream, device_times: bool) -> Taken:
    """A stream as the device reads it, from power-up on.

    With `device_times` each sample has its own; without, a sketch counts the samples it got and
    believes the nominal rate.
    """
    rng = np.random.default_rng((device.seed, 5))
    rate_hz = RATE_HZ * (1 + device.rate)
    time_s = np.arange(int(len(stream.acc_g) * (1 + device.rate))) / rate_hz
    time_s = time_s[rng.random(len(time_s)) >= device.lost]
    acc_g, gyr_dps = (_at(stream, v, time_s) for v in (stream.acc_g, stream.gyr_dps))
    warmth = -np.expm1(-time_s / device.tau_s)[:, None]
    acc_g = _turned(device, acc_g * (1 + device.scale_acc), device.axes_acc)
    gyr_dps = _turned(device, gyr_dps * (1 + device.scale_gyr), device.axes_gyr)
    acc_g += device.offset_acc_g + warmth * device.drift_acc_g
    gyr_dps += device.offset_gyr_dps + warmth * device.drift_gyr_dps
    acc_g += rng.normal(0, device.level.acc_noise_g, acc_g.shape)
    gyr_dps += rng.normal(0, device.level.gyr_noise_dps, gyr_dps.shape)
    known_s = time_s if device_times else np.arange(len(time_s)) / RATE_HZ
    return Taken(time_s, samples_of(_us(known_s), acc_g, gyr_dps))


def samples_of(time_us: Int64Array, acc_g: Float64Array, gyr_dps: Float64Array) -> Samples:
    """In single precision."""
    return Samples(
        time_us,
        np.ascontiguousarray(acc_g, np.float32),
        np.ascontiguousarray(gyr_dps, np.float32),
        np.arange(len(time_us)),
    )


def day_0(device: Device) -> _core.CalibrationParams:
    """What a calibration at day 0 knows: offsets but for a tenth, scales but for 0.3 %, axes."""
    rng = np.random.default_rng((device.seed, 6))
    since = 1 - _DAY_0_REST * rng.uniform(-1, 1, (2, 3))
    acc_g = device.offset_acc_g * since[0] + rng.normal(0, _DAY_0_ACC_G, 3)
    gyr_dps = device.offset_gyr_dps * since[1]
    left = 1 + rng.normal(0, _DAY_0_SCALE, (2, 3))
    return _core.CalibrationParams(
        _affine(np.diag(left[0] / (1 + device.scale_acc)) @ np.linalg.inv(device.axes_acc), acc_g),
        _affine(
            np.diag(left[1] / (1 + device.scale_gyr)) @ np.linalg.inv(device.axes_gyr), gyr_dps
        ),
    )


def two_poses(device: Device) -> _core.CalibrationParams:
    """Alignment from two poses of a trembling arm, a few degrees beside those of training."""
    rng = np.random.default_rng((device.seed, 7))
    missed = Rotation.from_rotvec(np.radians(rng.normal(0, _POSE_DEG, (2, 3))))
    held = device.mount.apply(missed.apply(_POSES))
    now = np.array([pose_g(_trembling(pose, rng)) for pose in held])
    return mounted(_core.CalibrationParams(), align_mount(_POSES, now))


def _trembling(up: Float64Array, rng: np.random.Generator) -> Samples:
    n = round(2 * RATE_HZ)
    acc_g = up + rng.normal(0, _TREMOR_G, (n, 3))
    gyr_dps = rng.normal(0, _TREMOR_DPS, (n, 3))
    return samples_of(_us(np.arange(n) / RATE_HZ), acc_g, gyr_dps)


def _turned(device: Device, true: Float64Array, axes: Float64Array) -> Float64Array:
    turned: Float64Array = true @ device.mount.as_matrix().T @ axes.T
    return turned


def _at(stream: Stream, values: Float64Array, time_s: Float64Array) -> Float64Array:
    return np.stack([np.interp(time_s, stream.time_s, column) for column in values.T], axis=1)


def _us(time_s: Float64Array) -> Int64Array:
    return np.rint(time_s * 1e6).astype(np.int64)


def _affine(matrix: Float64Array, offset: Float64Array) -> _core.AffineParams:
    return _core.AffineParams(np.ascontiguousarray(matrix, np.float32), offset.astype(np.float32))
