"""A seeded device: ideal signals in, `Samples` with all its errors out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from imu_gesture import _core
from imu_gesture.device import DeviceInfo
from imu_gesture.samples import Float32Array, Int64Array, Samples
from imu_gesture.simulation.chips import Chip, SensorLimits
from imu_gesture.simulation.errors import (
    DATASHEET,
    DeviceErrors,
    Family,
    SensorErrors,
    draw_errors,
    only,
)
from imu_gesture.simulation.faults import Fault, together
from imu_gesture.simulation.motion import Float64Array
from imu_gesture.simulation.sampling import Means, Moments
from imu_gesture.simulation.signals import IdealSignals

_COUNTS = 32768  # 16-bit readings
_ROOM_C = 25.0


class Device:
    """One board of a chip's kind, from power-on on; a `SensorModel`.

    `faults` are in its sketch: its readings have them, and where a scale is wrong, what it says of
    itself.
    """

    def __init__(
        self,
        chip: Chip,
        seed: int,
        families: frozenset[Family] = DATASHEET,
        faults: Sequence[Fault] = (),
    ) -> None:
        self.chip, self.seed = chip, seed
        self.errors: DeviceErrors = only(draw_errors(chip, seed), families)
        self.mag_rate_hz = chip.mag_rate_hz
        self._acc, self._gyr, self._mag = (
            _Sensor(name, errors, limits, together(faults, name), seed)
            for name, errors, limits in (
                ("acc", self.errors.acc, chip.acc),
                ("gyr", self.errors.gyr, chip.gyr),
                ("mag", self.errors.mag, chip.mag),
            )
        )
        self._rate_hz = chip.rate_hz * (1 + self.errors.rate)
        self._inertial, self._field = Means(self._rate_hz), Moments(chip.mag_rate_hz)
        self._losses = np.random.default_rng((seed, 22))
        self.info = self._described()

    def measure(self, ideal: IdealSignals) -> Samples:
        """Readings over all of `ideal`, which goes on where the last call's has ended.

        The magnetometer has its own rate. Lost samples leave holes in the sequence.
        """
        true = np.hstack([ideal.acc_g, ideal.gyr_dps])
        numbers, inertial = self._inertial.take(true, ideal.rate_hz)
        mag_numbers, field = self._field.take(ideal.mag_ut, ideal.rate_hz)
        time_s, mag_time_s = numbers / self._rate_hz, mag_numbers / self.mag_rate_hz
        warmth_k, mag_warmth_k = self.errors.heating(time_s), self.errors.heating(mag_time_s)
        acc_g = self._acc.read(inertial[:, :3], warmth_k)
        gyr_dps = self._gyr.read(inertial[:, 3:], warmth_k)
        kept = self._losses.random(len(numbers)) >= self.errors.lost_share
        return Samples(
            device_time_us=_microseconds(time_s[kept]),
            acc_g=acc_g[kept],
            gyr_dps=gyr_dps[kept],
            sequence=numbers[kept],
            mag_time_us=_microseconds(mag_time_s),
            mag_ut=self._mag.read(field, mag_warmth_k, self.errors.step_ut(mag_time_s)),
        )

    def temperature_c(self, time_s: float) -> float:
        """Of the chip, so long after power-on."""
        return _ROOM_C + float(self.errors.heating(np.array(time_s)))

    def _described(self) -> DeviceInfo:
        return DeviceInfo(
            device_id=f"virtual-{self.chip.board}-{self.seed}",
            board=self.chip.board,
            source=f"virtual board, seed {self.seed}",
            stated_rate_hz=self.chip.rate_hz,
            acc_g_per_lsb=self._acc.per_lsb,
            gyr_dps_per_lsb=self._gyr.per_lsb,
            mag_ut_per_lsb=self._mag.per_lsb,
            acc_range_g=self._acc.per_lsb * _COUNTS,
            gyr_range_dps=self._gyr.per_lsb * _COUNTS,
        )


class _Sensor:
    """One sensor and its sketch.

    Attributes:
        per_lsb: what the sketch takes one count for.
    """

    def __init__(
        self, name: str, errors: SensorErrors, limits: SensorLimits, fault: Fault, seed: int
    ) -> None:
        self._errors, self._fault = errors, fault
        self._noise = np.random.default_rng((seed, 21, *name.encode()))
        self.per_lsb = limits.per_lsb * fault.factor

    def read(
        self, true: Float64Array, warmth_k: Float64Array, iron: Float64Array | float = 0.0
    ) -> Float32Array:
        """(n, 3) readings of `true` (n, 3), so many kelvin (n,) above the room's temperature."""
        values = self._errors.distorted(true, warmth_k) + iron
        values += self._noise.standard_normal(values.shape) * self._errors.noise
        values = values @ self._fault.axes.T
        if self._errors.per_lsb == 0:
            return (values * self._fault.factor).astype(np.float32)
        counts = np.rint(values / self._errors.per_lsb).clip(-_COUNTS, _COUNTS - 1)
        return _core.counts_to_units(counts.astype(np.int16), self.per_lsb)


def held(samples: Samples) -> Samples:
    """The same board read by a sketch that asks for the field with every inertial sample.

    Each reading of the magnetometer then repeats until the next one: sample and hold.
    """
    newest = np.searchsorted(samples.mag_time_us, samples.device_time_us, side="right") - 1
    return Samples(
        samples.device_time_us,
        samples.acc_g,
        samples.gyr_dps,
        samples.sequence,
        mag_time_us=samples.device_time_us,
        mag_ut=samples.mag_ut[np.maximum(newest, 0)],
    )


def _microseconds(time_s: Float64Array) -> Int64Array:
    return np.rint(time_s * 1e6).astype(np.int64)
