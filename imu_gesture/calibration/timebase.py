"""How fast a board really measures, and what it costs to believe its nominal rate."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from imu_gesture import _core
from imu_gesture.calibration.affine import Float64Array, seconds
from imu_gesture.calibration.rotation import cumulative_rotations, increments_rad
from imu_gesture.errors import CalibrationError
from imu_gesture.samples import Samples

_FEWEST = 50


@dataclass(frozen=True)
class TimeBase:
    """The measured rate.

    Attributes:
        rate_sd_hz: its standard deviation.
        stated_hz: what the board claims; None where it claims nothing.
        jitter_us: standard deviation of the times from an even grid, drift of the clock included.
        lost: samples missing by number.
    """

    rate_hz: float
    rate_sd_hz: float
    stated_hz: float | None
    jitter_us: float
    lost: int

    @property
    def error(self) -> float | None:
        """By how much the stated rate is off, relative; positive where the board is slower."""
        return None if self.stated_hz is None else self.stated_hz / self.rate_hz - 1

    @property
    def turn_reads_deg(self) -> float | None:
        """What a full turn would read at the stated rate."""
        return None if self.stated_hz is None else 360 * self.rate_hz / self.stated_hz


def measure_time_base(samples: Samples, stated_hz: float | None = None) -> TimeBase:
    """A line through device times against sample numbers.

    Raises:
        CalibrationError: too few samples, or times or numbers that do not advance.
    """
    number = (samples.sequence - samples.sequence[:1]).astype(np.float64)
    if len(samples) < _FEWEST or np.any(np.diff(number) <= 0) or samples.duration_s <= 0:
        raise CalibrationError(
            f"time base: {len(samples)} samples in order of number and time, {_FEWEST} are "
            "needed; record for longer, on one connection"
        )
    time_s = seconds(samples.device_time_us, int(samples.device_time_us[0]))
    (period_s, start_s), covariance = np.polyfit(number, time_s, 1, cov=True)
    off_s = time_s - (start_s + period_s * number)
    rate_hz = 1 / float(period_s)
    return TimeBase(
        rate_hz=rate_hz,
        rate_sd_hz=float(np.sqrt(covariance[0, 0])) * rate_hz**2,
        stated_hz=stated_hz,
        jitter_us=float(off_s.std()) * 1e6,
        lost=int(number[-1]) + 1 - len(samples),
    )


def at_stated_rate(samples: Samples, rate_hz: float) -> Samples:
    """The samples as one sees them who counts them and believes the rate: for comparison."""
    number = np.arange(len(samples), dtype=np.float64)
    return replace(samples, device_time_us=np.rint(number * 1e6 / rate_hz).astype(np.int64))


def resample(samples: Samples, rate_hz: float) -> Samples:
    """Samples at an even rate by device time, through the core's resampler.

    Each is the mean over its period. Gaps are not bridged: the sequence jumps there.
    """
    params = _core.ConditionerParams(round(1e6 / rate_hz), 6)
    rows, times_us, runs, _ = _core.condition(
        params, samples.device_time_us, samples.acc_g, samples.gyr_or_zero_dps
    )
    skipped = np.concatenate([[0], np.diff(times_us)]) // params.period_us
    sequence = np.cumsum(np.where(np.diff(runs, prepend=runs[:1]) > 0, np.maximum(skipped, 2), 1))
    return replace(
        samples,
        device_time_us=times_us,
        acc_g=np.ascontiguousarray(rows[:, :3]),
        gyr_dps=None if samples.gyr_dps is None else np.ascontiguousarray(rows[:, 3:]),
        sequence=sequence.astype(np.int64) - 1,
    )


def orientation_cost_deg(samples: Samples, rate_hz: float) -> Float64Array:
    """(n,) degrees between attitudes integrated by device time, and at a believed rate.

    Readings should have their offset taken out; nothing but the gyroscope is used.
    """
    attitudes = [
        cumulative_rotations(
            increments_rad(
                seconds(part.device_time_us, int(part.device_time_us[0])),
                part.gyr_or_zero_dps.astype(np.float64),
            )
        )
        for part in (samples, at_stated_rate(samples, rate_hz))
    ]
    cost: Float64Array = np.degrees((attitudes[0].inv() * attitudes[1]).magnitude())
    return cost
