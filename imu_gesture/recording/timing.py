"""Is every sample there, once, in order, and at its time?

Times come from the device's clock, or were made from a rate: then they say nothing about the
clock, and only missing numbers tell of missing samples. Between isolated segments that an importer
put behind each other nothing is known, and nothing is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from imu_gesture import _core
from imu_gesture.recording.importers.times import PAUSE_US
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.samples import Samples

_ORDINARY = 0.5  # steps within half a period of the usual one tell the rate and the jitter


@dataclass(frozen=True, eq=False)
class Timing:
    """Steps from each sample to the next.

    Attributes:
        time_s: (n,) seconds since the first sample.
        step_us: (n - 1,) int64, by the times.
        numbers: (n - 1,) int64, by the sequence; at least 1.
        measured: whether the device measured the times.
        stated_rate_hz: what the device claims, if anything.
    """

    time_s: NDArray[np.float64]
    step_us: NDArray[np.int64]
    numbers: NDArray[np.int64]
    measured: bool
    stated_rate_hz: float | None

    @cached_property
    def period_us(self) -> float:
        """Mean time from one number to the next over the ordinary steps; 0 where there is none."""
        numbers = self.numbers[self._ordinary]
        return float(self.step_us[self._ordinary].sum() / numbers.sum()) if len(numbers) else 0.0

    @property
    def rate_hz(self) -> float:
        """Samples per second where none is lost; 0 where there is no time."""
        return 1e6 / self.period_us if self.period_us else 0.0

    @cached_property
    def excess_us(self) -> NDArray[np.float64]:
        """(n - 1,) how much longer each step is than its numbers account for."""
        return self.step_us - self.numbers * self.period_us

    @property
    def jitter_us(self) -> float | None:
        """Standard deviation of the ordinary steps; None where times were made from a rate."""
        if not self.measured or not self.period_us:
            return None
        return float(self.excess_us[self._ordinary].std())

    @cached_property
    def gaps(self) -> NDArray[np.bool_]:
        """(n - 1,) steps that the core does not bridge."""
        return self.step_us > _core.DEFAULT_MAX_GAP_US

    @property
    def longest_gap_s(self) -> float:
        """The longest of the gaps; 0 where there is none."""
        return float(self.step_us[self.gaps].max(initial=0)) * 1e-6

    @cached_property
    def lost(self) -> NDArray[np.int64]:
        """(n - 1,) samples missing by number; those between isolated segments are not lost."""
        lost: NDArray[np.int64] = np.where(self.excess_us < PAUSE_US / 2, self.numbers - 1, 0)
        return lost

    @cached_property
    def late(self) -> NDArray[np.bool_]:
        """(n - 1,) steps too long for their numbers, and yet bridged: unseen by the numbering."""
        too_long = self.excess_us > _ORDINARY * self.period_us
        late: NDArray[np.bool_] = too_long & ~self.gaps & bool(self.period_us) & self.measured
        return late

    @cached_property
    def silent(self) -> NDArray[np.bool_]:
        """(n - 1,) gaps of the device's clock that missing numbers do not explain.

        The pause that importers put between isolated segments is none.
        """
        unexplained = self.gaps & (self.excess_us > _core.DEFAULT_MAX_GAP_US)
        silent: NDArray[np.bool_] = unexplained & (self.step_us != PAUSE_US) & self.measured
        return silent

    @cached_property
    def duplicate(self) -> NDArray[np.bool_]:
        """(n - 1,) steps to a sample at the same time."""
        duplicate: NDArray[np.bool_] = self.step_us == 0
        return duplicate

    @cached_property
    def backward(self) -> NDArray[np.bool_]:
        """(n - 1,) steps to a sample that is earlier than one before it."""
        newest_s = np.maximum.accumulate(self.time_s)[:-1]
        backward: NDArray[np.bool_] = self.time_s[1:] < newest_s
        return backward

    @property
    def clock_error_ppm(self) -> float | None:
        """Measured against stated rate, by the device's clock; None where either is unknown."""
        if not self.measured or not self.period_us or not self.stated_rate_hz:
            return None
        return (self.rate_hz / self.stated_rate_hz - 1) * 1e6

    @cached_property
    def _ordinary(self) -> NDArray[np.bool_]:
        per_number_us = self.step_us / self.numbers
        forward = per_number_us[per_number_us > 0]
        usual_us = float(np.median(forward)) if len(forward) else 0.0
        ordinary: NDArray[np.bool_] = np.abs(per_number_us - usual_us) < _ORDINARY * usual_us
        return ordinary

    def first_s(self, steps: NDArray[np.bool_]) -> float:
        """Where the first of some steps begins."""
        return float(self.time_s[np.argmax(steps)])


def timing(samples: Samples, info: RecordingInfo, origin_us: int | None = None) -> Timing:
    """The steps of a recording, or of a part of one that began at `origin_us`."""
    times_us = samples.device_time_us
    first_us = times_us[:1] if origin_us is None else origin_us
    return Timing(
        time_s=(times_us - first_us).astype(np.float64) * 1e-6,
        step_us=np.diff(times_us),
        numbers=np.maximum(np.diff(samples.sequence), 1),
        measured=info.time_source == "device",
        stated_rate_hz=info.stated_rate_hz,
    )


def mag_timing(samples: Samples, time: Timing) -> Timing:
    """The steps of the magnetometer, beside those of the inertial `samples`; it has no numbers."""
    times_us = samples.mag_time_us
    ahead_us = times_us - samples.device_time_us[0] if len(samples) else times_us - times_us[:1]
    first_s = float(time.time_s[0]) if len(samples) else 0.0
    return Timing(
        time_s=first_s + ahead_us.astype(np.float64) * 1e-6,
        step_us=np.diff(times_us),
        numbers=np.ones(max(0, len(times_us) - 1), np.int64),
        measured=time.measured,
        stated_rate_hz=None,
    )
