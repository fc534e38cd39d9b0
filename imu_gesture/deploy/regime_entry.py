"""When the board classifies a window, in the manifest: at every hop, or once after each motion."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, PositiveFloat, model_validator

from imu_gesture import _core
from imu_gesture.deploy.learning_entry import by_name

RegimeName = Literal["continuous", "triggered"]
_MOTION = by_name(_core.MotionParams())


class RegimeEntry(BaseModel):
    """See `schedule.h`. `motion`: parameters of the core by name, units in the names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: RegimeName = "continuous"
    motion: dict[str, PositiveFloat] = {}

    @model_validator(mode="after")
    def _check(self) -> Self:
        wanted = set(_MOTION) if self.name == "triggered" else set()
        if odd := wanted ^ set(self.motion):
            raise ValueError(f"{self.name}: a motion has, or has not, {', '.join(sorted(odd))}")
        return self

    @classmethod
    def of(cls, motion: _core.MotionParams | None) -> Self:
        """The entry that records what triggers, if anything does."""
        return cls() if motion is None else cls(name="triggered", motion=by_name(motion))

    @property
    def params(self) -> _core.MotionParams | None:
        """The core's parameters; None: there is a window at every hop."""
        return _core.MotionParams(**self.motion) if self.motion else None
