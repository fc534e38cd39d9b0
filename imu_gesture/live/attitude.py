"""How the board is held now, as its own code knows it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imu_gesture import _core
from imu_gesture.calibration.profile import Profile, apply
from imu_gesture.samples import Samples


class AttitudeTracker:
    """Follows a board under its profile; magnetic north counts where that was calibrated.

    Elsewhere the heading is counted from where the board points at the start.

    Attributes:
        rotation: (3, 3) from the board's frame to one with z up.
    """

    def __init__(self, profile: Profile | None) -> None:
        self._profile = profile
        self._uses_north = profile is not None and profile.mag is not None
        self._orientation = _core.Orientation()
        self._started = False
        self.rotation: NDArray[np.float64] = np.eye(3)

    @property
    def known(self) -> bool:
        """Whether the gyroscope's offset is: by the profile, or since the board lay still."""
        return self._profile is not None or bool(self._orientation.rest_seen)

    def push(self, samples: Samples) -> None:
        """Take samples."""
        right = apply(self._profile, samples) if self._profile else samples
        north = (right.mag_time_us, right.mag_ut) if self._uses_north else ()
        six, nine, *_ = self._orientation.run(
            right.device_time_us, right.acc_g, right.gyr_or_zero_dps, *north
        )
        if not len(samples):
            return  # of the magnetometer alone
        if not self._started:
            self._started = True
            self._orientation.zero_heading()
        self.rotation = rotation_of((nine if self._uses_north else six)[-1].astype(float))


def rotation_of(quaternion: NDArray[np.float64]) -> NDArray[np.float64]:
    """(3, 3) of a unit quaternion (w, x, y, z)."""
    w, x, y, z = quaternion.tolist()
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )
