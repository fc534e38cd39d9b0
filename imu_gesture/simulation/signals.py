"""What ideal sensors would read: the input of the error models, from a motion or a recording."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu_gesture.simulation.motion import Float64Array, Motion

_FINE_RATE_HZ = 400.0
# Central Europe (WMM 2025): 20 µT to the north, 45 µT down. The world's x points east, z up.
FIELD_UT = (0.0, 20.0, -45.0)


@dataclass(frozen=True, eq=False)
class IdealSignals:
    """Readings without any error, in the board's frame.

    As in every strapdown computation, an inertial reading is the mean over the step before its
    time; the field is that of the time itself.

    Attributes:
        time_s: (n,) rising.
        acc_g: (n, 3) specific force.
        gyr_dps: (n, 3).
        mag_ut: (n, 3).
    """

    time_s: Float64Array
    acc_g: Float64Array
    gyr_dps: Float64Array
    mag_ut: Float64Array

    @property
    def duration_s(self) -> float:
        """Time from the first to the last reading."""
        return float(self.time_s[-1] - self.time_s[0])


def interpolated(
    time_s: Float64Array, values: Float64Array, at_time_s: Float64Array
) -> Float64Array:
    """Columns of `values` (n, 3) at other times, linearly; held at the ends."""
    return np.stack([np.interp(at_time_s, time_s, column) for column in values.T], axis=1)


def averaged(
    time_s: Float64Array, values: Float64Array, at_time_s: Float64Array, period_s: float
) -> Float64Array:
    """Columns of `values` (n, 3), each the mean over the period before `at_time_s`.

    So do chips decimate: what is faster than their rate does not fold into what they read.
    """
    steps = np.diff(time_s)[:, None] * values[1:]
    integral = np.concatenate([np.zeros((1, 3)), np.cumsum(steps, axis=0)])
    ends = np.clip([at_time_s, at_time_s - period_s], time_s[0], time_s[-1])
    length_s = np.maximum(ends[0] - ends[1], 1e-9)[:, None]
    after, before = (interpolated(time_s, integral, end) for end in ends)
    mean: Float64Array = (after - before) / length_s
    return np.where(length_s > 1e-3 * period_s, mean, values[:1])


def ideal_signals(
    motion: Motion, field_ut: tuple[float, float, float] = FIELD_UT, rate_hz: float = _FINE_RATE_HZ
) -> IdealSignals:
    """A motion in a uniform magnetic field, given in the world's frame."""
    time_s: Float64Array = np.arange(int(motion.duration_s * rate_hz)) / rate_hz
    middle_s = np.maximum(time_s - 0.5 / rate_hz, 0.0)
    return IdealSignals(
        time_s=time_s,
        acc_g=motion.specific_force_g(middle_s),
        gyr_dps=motion.angular_rate_dps(middle_s),
        mag_ut=motion.attitude(time_s).inv().apply(np.array(field_ut)),
    )
