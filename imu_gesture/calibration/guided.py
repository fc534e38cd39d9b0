"""Guides a person through a calibration: samples in, the next instruction out.

No input or output and no clock: time is that of the samples. Each stage ends by its stop rule; a
stage that does not come to its end ends the calibration, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from imu_gesture.calibration import stages
from imu_gesture.calibration.fit import Occasion, fit_profile
from imu_gesture.calibration.profile import Profile
from imu_gesture.calibration.seen import Residuals, Seen
from imu_gesture.calibration.session import Session, StageReport
from imu_gesture.device import DeviceInfo
from imu_gesture.errors import CalibrationError
from imu_gesture.samples import Samples, concatenate


class Stage(StrEnum):
    """Where the calibration is."""

    STILL = "still"
    FACES = "faces"
    TURNS = "turns"
    EIGHT = "figure-eight"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True)
class GuidedParams:
    """How long things take.

    Attributes:
        look_s: samples are looked at so often.
        patience_s: longest time for one stage.
        magnetometer: calibrate it, where there is one.
    """

    look_s: float = 0.5
    patience_s: float = 180.0
    magnetometer: bool = True


@dataclass(frozen=True)
class Guidance:
    """What to tell the person now.

    Attributes:
        instruction: what to do.
        detail: how far it is, such as "3 of 6 faces".
        progress: of this stage, 0 to 1.
        profile: the result, once `stage` is DONE.
        problem: why not, once it is REFUSED.
        seen, residuals: for drawing; they stay when a stage or the whole is over.
    """

    stage: Stage
    instruction: str
    detail: str = ""
    progress: float = 0.0
    profile: Profile | None = field(default=None, repr=False)
    problem: str = ""
    seen: Seen = field(default_factory=Seen)
    residuals: Residuals = field(default_factory=Residuals)


_LOOKS = {
    Stage.STILL: stages.look_still,
    Stage.FACES: stages.look_faces,
    Stage.TURNS: stages.look_turns,
    Stage.EIGHT: stages.look_eight,
}
_NEXT = {Stage.STILL: Stage.FACES, Stage.FACES: Stage.TURNS, Stage.TURNS: Stage.EIGHT}


class GuidedCalibration:
    """One calibration of one board, from its first sample on."""

    def __init__(
        self, device: DeviceInfo, occasion: Occasion, params: GuidedParams | None = None
    ) -> None:
        self._device = device
        self._occasion = occasion
        self._params = params or GuidedParams()
        self._session = Session(board=device.board)
        self._stage = Stage.STILL
        self._early: list[Samples] = []
        self._looked_us = 0
        self._guidance = Guidance(Stage.STILL, stages.STILL_TEXT)

    def feed(self, samples: Samples) -> Guidance:
        """Take the next samples; returns what to do now. After the end, the end is repeated."""
        if self._stage in (Stage.DONE, Stage.REFUSED):
            return self._guidance
        self._early.append(samples)
        if not len(samples):  # of the magnetometer alone, which go with the next inertial ones
            return self._guidance
        self._session.append(concatenate(self._early))
        self._early.clear()
        since_s = (self._session.now_us - self._looked_us) * 1e-6
        if since_s >= self._params.look_s or self._session.looks == 0:
            self._looked_us = self._session.now_us
            try:
                self._look()
            except CalibrationError as error:
                self._refuse(str(error))
        return self._guidance

    def _look(self) -> None:
        report = _LOOKS[self._stage](self._session)
        self._session.report = report
        self._session.looks += 1
        if report.done:
            self._advance(report)
        elif self._session.stage_s > self._params.patience_s:
            self._refuse(report.problem or f"{self._stage}: {report.detail}")
        else:
            first = stages.FIRST_TEXT[self._stage.value]
            self._say(report.instruction or first, report.detail, report.progress)

    def _advance(self, report: StageReport) -> None:
        following = _NEXT.get(self._stage)
        wanted = self._params.magnetometer and self._session.has_magnetometer
        if following is None or (following is Stage.EIGHT and not wanted):
            self._finish(report)
            return
        self._stage = following
        self._session.begin_stage()
        self._say(stages.FIRST_TEXT[following.value], report.detail)

    def _finish(self, report: StageReport) -> None:
        samples = self._session.samples
        if not self._params.magnetometer:
            samples = self._session.without_magnetometer()
        eight_us = self._session.stage_start_us if self._stage is Stage.EIGHT else None
        profile = fit_profile(samples, self._device, self._occasion, field_from_us=eight_us)
        self._stage = Stage.DONE
        self._say("done", report.detail, 1.0)
        self._guidance = replace(self._guidance, profile=profile)

    def _say(self, instruction: str, detail: str = "", progress: float = 0.0) -> None:
        found = self._session
        self._guidance = Guidance(
            self._stage, instruction, detail, progress, seen=found.seen, residuals=found.residuals
        )

    def _refuse(self, problem: str) -> None:
        self._stage = Stage.REFUSED
        self._say("calibrate again")
        self._guidance = replace(self._guidance, problem=problem)
