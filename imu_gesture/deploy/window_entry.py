"""The time base of a model's input, in the manifest."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict

from imu_gesture import _core
from imu_gesture.dataset.front_end import FrontEndName
from imu_gesture.dataset.windows import WindowSpec
from imu_gesture.deploy.regime_entry import RegimeEntry


class WindowEntry(BaseModel):
    """Rows at a rate of their own, and how many from one hop to the next."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    period_us: int
    samples: int
    hop_samples: int
    channels: int
    max_gap_us: int = _core.DEFAULT_MAX_GAP_US

    @classmethod
    def of(cls, spec: WindowSpec) -> Self:
        """That of a time base."""
        return cls(
            period_us=spec.period_us,
            samples=spec.samples,
            hop_samples=spec.hop_samples,
            channels=spec.channels,
        )

    def spec(self, front_end: FrontEndName, regime: RegimeEntry) -> WindowSpec:
        """The time base to cut recordings by."""
        return WindowSpec(
            self.period_us,
            self.samples,
            self.hop_samples,
            self.channels,
            front_end,
            regime.params,
        )
