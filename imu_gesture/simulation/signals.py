"""What ideal sensors would read: the input of the error models, from a motion or a recording."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu_gesture.simulation.motion import KEYFRAME_RATE_HZ, Float64Array, Motion

_RATE_HZ = 8 * KEYFRAME_RATE_HZ
# Central Europe (WMM 2025): 20 µT to the north, 45 µT down. The world's x points east, z up.
FIELD_UT = (0.0, 20.0, -45.0)


@dataclass(frozen=True, eq=False)
class IdealSignals:
    """Readings without any error in the board's frame, one for each step of time.

    As in every strapdown computation, an inertial reading is the mean over its step; the field is
    that at the step's end.

    Attributes:
        rate_hz: steps in a second.
        acc_g: (n, 3) specific force.
        gyr_dps: (n, 3).
        mag_ut: (n, 3).
    """

    rate_hz: float
    acc_g: Float64Array
    gyr_dps: Float64Array
    mag_ut: Float64Array

    def __len__(self) -> int:
        return len(self.acc_g)

    @property
    def duration_s(self) -> float:
        """Of all steps together."""
        return len(self) / self.rate_hz

    def steps(self, part: slice) -> IdealSignals:
        """Some of the steps."""
        return IdealSignals(self.rate_hz, self.acc_g[part], self.gyr_dps[part], self.mag_ut[part])


def ideal_signals(motion: Motion) -> IdealSignals:
    """A motion in the field of `FIELD_UT`."""
    ends_s: Float64Array = np.arange(1, round(motion.duration_s * _RATE_HZ) + 1) / _RATE_HZ
    middles_s = ends_s - 0.5 / _RATE_HZ
    return IdealSignals(
        rate_hz=_RATE_HZ,
        acc_g=motion.specific_force_g(middles_s),
        gyr_dps=motion.angular_rate_dps(middles_s),
        mag_ut=motion.attitude(ends_s).inv().apply(np.array(FIELD_UT)),
    )
