"""Datasheet error models: what a real chip makes of a true motion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from imu_gesture import _core
from imu_gesture.device import DeviceInfo
from imu_gesture.samples import Float32Array, Int64Array, Samples
from imu_gesture.simulation.motion import Float64Array, Motion

_COUNTS = 32768  # 16-bit readings


class SensorModel(Protocol):
    """Sensors of one board: true motion in, samples with all their errors out."""

    info: DeviceInfo
    mag_rate_hz: float  # nominal; 0 without a magnetometer

    def measure(self, motion: Motion) -> Samples:
        """Readings over the whole motion, times going on from the last call."""
        ...

    def temperature_c(self, time_s: float) -> float:
        """Of the die, so long after power-on."""
        ...


@dataclass(frozen=True)
class ImuParams:
    """Spread of one chip's errors from device to device, and its noise.

    Offsets and scale errors are normal with a third of the datasheet's limit as deviation.
    """

    board: str
    rate_hz: float
    rate_error: float
    acc_g_per_lsb: float
    acc_offset_g: float
    acc_noise_g: float
    gyr_dps_per_lsb: float
    gyr_offset_dps: float
    gyr_noise_dps: float
    scale_error: float
    misalignment_rad: float
    mag_rate_hz: float
    mag_ut_per_lsb: float
    mag_offset_ut: float
    mag_noise_ut: float


# ST LSM9DS1 datasheet, tables 3 and 4, at ±4 g, ±2000 deg/s and ±4 gauss.
LSM9DS1 = ImuParams(
    board="nano33ble-rev1",
    rate_hz=119.0,
    rate_error=0.05,
    acc_g_per_lsb=0.000122,
    acc_offset_g=0.09,
    acc_noise_g=0.002,
    gyr_dps_per_lsb=0.07,
    gyr_offset_dps=30.0,
    gyr_noise_dps=0.15,
    scale_error=0.03,
    misalignment_rad=0.02,
    mag_rate_hz=20.0,
    mag_ut_per_lsb=0.014,
    mag_offset_ut=100.0,
    mag_noise_ut=0.35,
)
# Bosch BMI270 datasheet, tables 2 and 3, at ±4 g and ±2000 deg/s; BMM150 datasheet, table 3.
BMI270 = ImuParams(
    board="nano33ble-rev2",
    rate_hz=99.8,
    rate_error=0.02,
    acc_g_per_lsb=1 / 8192,
    acc_offset_g=0.02,
    acc_noise_g=0.0016,
    gyr_dps_per_lsb=1 / 16.384,
    gyr_offset_dps=0.5,
    gyr_noise_dps=0.07,
    scale_error=0.02,
    misalignment_rad=0.01,
    mag_rate_hz=10.0,
    mag_ut_per_lsb=1 / 16,
    mag_offset_ut=40.0,
    mag_noise_ut=0.6,
)
_ROOM_C = 24.0
_WARM_UP_K = 9.0  # of the die above the room, once the board is warm
_WARM_UP_S = 420.0


class ImuModel:
    """One seeded device of a chip's kind: constant errors drawn once, noise drawn as it goes."""

    def __init__(self, params: ImuParams, seed: int) -> None:
        rng = np.random.default_rng((seed, 2))
        self._params = params
        self._rate_hz = params.rate_hz * (1 + rng.normal(0, params.rate_error / 3))
        self._acc_offset_g = rng.normal(0, params.acc_offset_g / 3, 3)
        self._gyr_offset_dps = rng.normal(0, params.gyr_offset_dps / 3, 3)
        self._acc_matrix = self._matrix(rng)
        self._gyr_matrix = self._matrix(rng)
        self._noise = np.random.default_rng((seed, 3))
        self._taken = 0
        self._mag = _Magnetometer(params, seed)
        self.mag_rate_hz = params.mag_rate_hz
        self.info = DeviceInfo(
            device_id=f"virtual-{params.board}-{seed}",
            board=params.board,
            source=f"virtual board, seed {seed}",
            stated_rate_hz=params.rate_hz,
            acc_g_per_lsb=params.acc_g_per_lsb,
            gyr_dps_per_lsb=params.gyr_dps_per_lsb,
            mag_ut_per_lsb=params.mag_ut_per_lsb,
            acc_range_g=params.acc_g_per_lsb * _COUNTS,
            gyr_range_dps=params.gyr_dps_per_lsb * _COUNTS,
        )

    def measure(self, motion: Motion) -> Samples:
        """Readings over the whole motion, times going on from the last call."""
        time_s = np.arange(int(motion.duration_s * self._rate_hz)) / self._rate_hz
        acc_g = self._acc_offset_g + motion.specific_force_g(time_s) @ self._acc_matrix.T
        gyr_dps = self._gyr_offset_dps + motion.angular_rate_dps(time_s) @ self._gyr_matrix.T
        acc_g += self._noise.normal(0, self._params.acc_noise_g, acc_g.shape)
        gyr_dps += self._noise.normal(0, self._params.gyr_noise_dps, gyr_dps.shape)
        number = self._taken + np.arange(len(time_s), dtype=np.int64)
        started_s = self._taken / self._rate_hz
        self._taken += len(time_s)
        mag_time_us, mag_ut = self._mag.measure(motion, started_s, len(time_s) / self._rate_hz)
        return Samples(
            device_time_us=np.rint(number * (1e6 / self._rate_hz)).astype(np.int64),
            acc_g=_read(acc_g, self._params.acc_g_per_lsb),
            gyr_dps=_read(gyr_dps, self._params.gyr_dps_per_lsb),
            sequence=number,
            mag_time_us=mag_time_us,
            mag_ut=mag_ut,
        )

    def temperature_c(self, time_s: float) -> float:
        """Of the die, so long after power-on: it warms up."""
        return _ROOM_C + _WARM_UP_K * (1 - float(np.exp(-time_s / _WARM_UP_S)))

    def _matrix(self, rng: np.random.Generator) -> Float64Array:
        """Scale errors on the diagonal, misalignment beside it."""
        scale = np.diag(rng.normal(1, self._params.scale_error / 3, 3))
        skew = rng.normal(0, self._params.misalignment_rad / 3, (3, 3))
        matrix: Float64Array = scale + skew * (1 - np.eye(3))
        return matrix


class _Magnetometer:
    """At a rate of its own, behind the hard iron of its board."""

    def __init__(self, params: ImuParams, seed: int) -> None:
        rng = np.random.default_rng((seed, 5))
        self._params = params
        self._offset_ut = rng.normal(0, params.mag_offset_ut / 3, 3)
        self._rng = rng
        self._taken = 0

    def measure(
        self, motion: Motion, started_s: float, duration_s: float
    ) -> tuple[Int64Array, Float32Array]:
        """Times in µs and readings in µT of a motion that began at `started_s`."""
        rate_hz = self._params.mag_rate_hz
        count = max(0, int(np.ceil((started_s + duration_s) * rate_hz)) - self._taken)
        time_s = (self._taken + np.arange(count)) / rate_hz
        self._taken += count
        field_ut = self._offset_ut + motion.field_ut(time_s - started_s)
        field_ut += self._rng.normal(0, self._params.mag_noise_ut, field_ut.shape)
        times_us = np.rint(time_s * 1e6).astype(np.int64)
        return times_us, _read(field_ut, self._params.mag_ut_per_lsb)


def _read(values: Float64Array, per_lsb: float) -> Float32Array:
    """Round to counts and clip at 16 bits, as the chip does."""
    counts = np.clip(np.rint(values / per_lsb), -_COUNTS, _COUNTS - 1).astype(np.int16)
    return _core.counts_to_units(counts, per_lsb)
