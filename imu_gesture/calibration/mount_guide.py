"""Guides a person through the two poses that tell how a board sits on the body.

No input or output and no clock: time is that of the samples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu_gesture import _core
from imu_gesture.calibration.mount import Float64Array, MountParams, apart_deg, pose_g
from imu_gesture.errors import CalibrationError
from imu_gesture.samples import Samples, concatenate

POSES = ("arm hanging down", "arm stretched forward")


@dataclass(frozen=True)
class MountGuideParams:
    """How long things take.

    Attributes:
        hold_s: of calm that make a pose.
        patience_s: longest time for both.
    """

    hold_s: float = 1.5
    patience_s: float = 60.0


class MountGuide:
    """One person, two poses, from the first sample on."""

    def __init__(
        self,
        calibration: _core.CalibrationParams | None = None,
        mount: MountParams | None = None,
        params: MountGuideParams | None = None,
    ) -> None:
        self._calibration = calibration or _core.CalibrationParams()
        self._params = params or MountGuideParams()
        self._mount = mount or MountParams(rest_s=0.9 * self._params.hold_s)
        self._recent: Samples | None = None
        self._start_us: int | None = None
        self._found: list[Float64Array] = []

    @property
    def poses_g(self) -> Float64Array | None:
        """(2, 3) mean acceleration in each pose, once both are known."""
        return np.array(self._found) if len(self._found) == len(POSES) else None

    @property
    def instruction(self) -> str:
        """What to do now."""
        number = min(len(self._found), len(POSES) - 1)
        return f"pose {number + 1} of {len(POSES)}: {POSES[number]}; hold it for two seconds"

    def feed(self, samples: Samples) -> None:
        """Take the next samples.

        Raises:
            CalibrationError: the time for it is over; says what is missing.
        """
        if not len(samples) or self.poses_g is not None:
            return
        now_us = int(samples.device_time_us[-1])
        self._start_us = now_us if self._start_us is None else self._start_us
        if now_us - self._start_us > self._params.patience_s * 1e6:
            raise CalibrationError(
                f"after {self._params.patience_s:g} s still at {self.instruction!r}; the poses "
                f"must differ by {self._mount.apart_deg:g} degrees, and each be held calmly"
            )
        self._remember(samples, now_us)
        self._look()

    def _remember(self, samples: Samples, now_us: int) -> None:
        joined = samples if self._recent is None else concatenate([self._recent, samples])
        since_us = now_us - round(self._params.hold_s * 1e6)
        self._recent = joined.rows(joined.device_time_us >= since_us)

    def _look(self) -> None:
        recent = self._recent
        if recent is None or recent.duration_s < 0.95 * self._params.hold_s:
            return
        try:
            pose = pose_g(self._calibrated(recent), self._mount)
        except CalibrationError:
            return  # not calm yet
        if all(apart_deg(pose, known) >= self._mount.apart_deg for known in self._found):
            self._found.append(pose)
            self._recent = None

    def _calibrated(self, samples: Samples) -> Samples:
        gyr_dps = samples.gyr_dps
        if gyr_dps is not None:
            gyr_dps = _core.apply_affine(self._calibration.gyr, gyr_dps)
        return Samples(
            samples.device_time_us,
            _core.apply_affine(self._calibration.acc, samples.acc_g),
            gyr_dps,
            samples.sequence,
        )
