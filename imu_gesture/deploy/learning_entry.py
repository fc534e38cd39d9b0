"""What rests correct on the board, in the manifest: parameters of the core by name."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict

from imu_gesture import _core

_Group = (
    _core.RestParams
    | _core.GyroBiasParams
    | _core.AccelerometerRefinerParams
    | _core.TemperatureParams
    | _core.MotionParams
)


class LearningEntry(BaseModel):
    """How rests correct what a calibration leaves; see `inertial_correction.h`. Units in the names.

    Attributes:
        rest, bias: when the board rests, and how the gyroscope's offset follows.
        accelerometer, temperature: what else rests teach, and when it is believed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_gap_s: float
    rest: dict[str, float]
    bias: dict[str, float]
    accelerometer: dict[str, float]
    temperature: dict[str, float]
    pose_s: float
    temperature_step_c: float

    @classmethod
    def of(cls, params: _core.LearningParams) -> Self:
        """The entry that records `params`."""
        return cls(
            max_gap_s=params.bias.max_gap_s,
            rest=by_name(params.bias.rest),
            bias=by_name(params.bias.bias),
            accelerometer=by_name(params.rest.accelerometer),
            temperature=by_name(params.rest.temperature),
            pose_s=params.rest.pose_s,
            temperature_step_c=params.rest.temperature_step_c,
        )

    @property
    def params(self) -> _core.LearningParams:
        """The core's parameters."""
        bias = _core.BiasTrackerParams(
            _core.RestParams(**self.rest), _core.GyroBiasParams(**self.bias), self.max_gap_s
        )
        rest = _core.RestLearningParams(
            pose_s=self.pose_s, temperature_step_c=self.temperature_step_c
        ).with_parts(
            _core.AccelerometerRefinerParams(**self.accelerometer),
            _core.TemperatureParams(**self.temperature),
        )
        return _core.LearningParams(bias, rest)

    def by_name(self) -> dict[str, float]:
        """Every parameter by its name within the core's `InertialParams<BiasTracker>`."""
        groups = {
            "tracker.rest": self.rest,
            "tracker.bias": self.bias,
            "rest.accelerometer": self.accelerometer,
            "rest.temperature": self.temperature,
        }
        return {
            "tracker.max_gap_s": self.max_gap_s,
            "rest.pose_s": self.pose_s,
            "rest.temperature_step_c": self.temperature_step_c,
            **{f"{group}.{k}": v for group, values in groups.items() for k, v in values.items()},
        }


def by_name(params: _Group) -> dict[str, float]:
    """Parameters of the core as plain values."""
    names = [name for name in vars(type(params)) if not name.startswith("_")]
    return {name: getattr(params, name) for name in names}
