"""What a guided calibration remembers from stage to stage."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from imu_gesture.calibration.axes import AxisCheck
from imu_gesture.calibration.fit import with_axes
from imu_gesture.calibration.gyroscope import GyroscopeFit
from imu_gesture.calibration.seen import Residuals, Seen, gravity_off_g
from imu_gesture.calibration.stills import Still, find_stills
from imu_gesture.samples import Samples, concatenate


@dataclass(frozen=True)
class StageReport:
    """What a look at the samples found.

    Attributes:
        instruction: what to do instead of the stage's first text.
        problem: the reason, where the stage is not done.
    """

    done: bool
    detail: str = ""
    progress: float = 0.0
    instruction: str = ""
    problem: str = ""


class Session:
    """All samples so far, and what earlier stages found."""

    def __init__(self, board: str = "") -> None:
        self.board = board
        self.looks = 0
        self.stage_start_us = 0
        self.gyroscope: GyroscopeFit | None = None
        self.check: AxisCheck | None = None
        self.report = StageReport(False)
        self.seen = Seen()
        self.residuals = Residuals()
        self._rests = 0
        self._parts: list[Samples] = []

    def append(self, samples: Samples) -> None:
        """Take the next samples."""
        if not self._parts:
            self.stage_start_us = int(samples.device_time_us[0])
        self._parts.append(samples)

    @property
    def samples(self) -> Samples:
        """All samples so far. There must be some."""
        if len(self._parts) > 1:
            self._parts = [concatenate(self._parts)]
        return self._parts[0]

    @property
    def now_us(self) -> int:
        """Device time of the newest sample."""
        return int(self._parts[-1].device_time_us[-1])

    @property
    def stage_s(self) -> float:
        """How long this stage has been going on."""
        return (self.now_us - self.stage_start_us) * 1e-6

    def stills(self, samples: Samples) -> list[Still] | None:
        """All rests; None where there is no new one since the last call in this stage."""
        found = find_stills(samples)
        if len(found) == self._rests:
            return None
        self._rests = len(found)
        if found:
            self.note_rests(found)
        return found

    def note_rests(self, found: list[Still]) -> None:
        """What rests tell without a fit."""
        x, y, z = found[-1].gyr_dps.tolist()
        size = gravity_off_g(np.array([still.acc_g for still in found]))
        self.residuals = replace(self.residuals, gyr_offset_dps=(x, y, z), gravity_off_g=size)

    def forget_before(self, time_us: int) -> None:
        """The calibration begins at that device time: the board was on its way to the table."""
        samples = self.samples
        late = samples.mag_time_us >= time_us
        rows = samples.rows(samples.device_time_us >= time_us)
        mag_time_us, mag_ut = samples.mag_time_us[late], samples.mag_ut[late]
        self._parts = [replace(rows, mag_time_us=mag_time_us, mag_ut=mag_ut)]

    @property
    def has_magnetometer(self) -> bool:
        """Whether the field was read at all."""
        return len(self.samples.mag_ut) > 0

    def begin_stage(self) -> None:
        """The next stage begins now."""
        self.stage_start_us = self.now_us
        self._rests = 0

    def without_magnetometer(self) -> Samples:
        """All samples, without the field."""
        return replace(
            self.samples, mag_time_us=np.zeros(0, np.int64), mag_ut=np.zeros((0, 3), np.float32)
        )

    def with_axes(self) -> Samples:
        """All samples, axes put right as `check` says."""
        return with_axes(self.samples, self.check) if self.check else self.samples
