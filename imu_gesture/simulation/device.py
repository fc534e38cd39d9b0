"""A seeded device: ideal signals in, `Samples` with all its errors out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from imu_gesture.samples import Float32Array, Samples
from imu_gesture.simulation.chips import Chip
from imu_gesture.simulation.errors import (
    DATASHEET,
    DeviceErrors,
    Family,
    SensorErrors,
    draw_errors,
    only,
)
from imu_gesture.simulation.faults import Fault
from imu_gesture.simulation.motion import Float64Array
from imu_gesture.simulation.signals import IdealSignals, averaged, interpolated

_COUNTS = 32768  # 16-bit readings


class Device:
    """One board of a chip's kind, from power-up on."""

    def __init__(
        self,
        chip: Chip,
        seed: int,
        families: frozenset[Family] = DATASHEET,
        faults: Sequence[Fault] = (),
    ) -> None:
        self.chip = chip
        self.errors: DeviceErrors = only(draw_errors(chip, seed), families)
        self._rate_hz = chip.rate_hz * (1 + self.errors.rate)
        self._faults = tuple(faults)
        self._noise = np.random.default_rng((seed, 21))
        self.device_id = f"virtual-{chip.board}-{seed}"

    def measure(self, ideal: IdealSignals, start_s: float = 0.0) -> Samples:
        """Readings over all of `ideal`, which begins `start_s` after power-up.

        The magnetometer has its own rate. Lost samples leave holes in the sequence.
        """
        rate_hz = self._rate_hz
        time_s = np.arange(int(ideal.duration_s * rate_hz)) / rate_hz
        mag_time_s = (
            np.arange(int(ideal.duration_s * self.chip.mag_rate_hz)) / self.chip.mag_rate_hz
        )
        kept = np.flatnonzero(self._noise.random(len(time_s)) >= self.errors.lost_share)
        acc = self._read("acc", self.errors.acc, ideal, ideal.acc_g, (time_s, start_s))
        gyr = self._read("gyr", self.errors.gyr, ideal, ideal.gyr_dps, (time_s, start_s))
        mag = self._read("mag", self.errors.mag, ideal, ideal.mag_ut, (mag_time_s, start_s))
        return Samples(
            device_time_us=_microseconds(start_s + time_s[kept]),
            acc_g=acc[kept],
            gyr_dps=gyr[kept],
            sequence=np.round(start_s * rate_hz).astype(np.int64) + kept,
            mag_time_us=_microseconds(start_s + mag_time_s),
            mag_ut=mag,
        )

    def temperature_c(self, time_s: Float64Array) -> Float64Array:
        """(n,) of the chip, at times since power-up."""
        return 25.0 + self.errors.heating(time_s)

    def _read(
        self,
        name: str,
        sensor: SensorErrors,
        ideal: IdealSignals,
        true: Float64Array,
        at: tuple[Float64Array, float],
    ) -> Float32Array:
        time_s, start_s = at
        ideal_s = ideal.time_s - ideal.time_s[0]
        if name == "mag":
            values = interpolated(ideal_s, true, time_s)
        else:
            values = averaged(ideal_s, true, time_s, 1 / self._rate_hz)
        values = values @ sensor.matrix.T + sensor.offset
        values += self.errors.heating(start_s + time_s)[:, None] * sensor.offset_per_k
        if name == "mag":
            values += self.errors.step_ut(start_s + time_s)
        values += self._noise.normal(0, 1, values.shape) * sensor.noise
        values = _rounded(values, sensor.per_lsb)
        for fault in self._faults:
            values = fault.applied(name, values)
        return values.astype(np.float32)


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


def _rounded(values: Float64Array, per_lsb: float) -> Float64Array:
    if per_lsb == 0:
        return values
    counts: Float64Array = np.clip(np.rint(values / per_lsb), -_COUNTS, _COUNTS - 1)
    return counts * per_lsb


def _microseconds(time_s: Float64Array) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.rint(time_s * 1e6).astype(np.int64)
