"""What is to be recorded, and what was."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from imu_gesture.errors import InputError
from imu_gesture.labels import Label, is_background


@dataclass(frozen=True)
class CapturePlan:
    """What to record: repeats of `seconds` each, or for background one stretch of `seconds`.

    `hands_free`: the person performs when they like, and each repeat is found by its motion.
    """

    label: str
    repeats: int = 10
    seconds: float = 2.0
    participant: str = "unknown"
    session: str = "1"
    hands_free: bool = False

    @property
    def is_background(self) -> bool:
        """Whether everything recorded is background."""
        return is_background(self.label)

    def check(self) -> None:
        """Raises InputError: the gesture's name cannot be one in a label track."""
        if self.label != self.label.strip() or not self.label.isprintable() or not self.label:
            raise InputError(f"{self.label!r}: the name of a gesture is one line of visible text")


@dataclass(frozen=True)
class CaptureReport:
    """What was recorded.

    Attributes:
        damaged: packets or lines that could not be read.
        warnings: what the person was told of this recording.
        ended_early: the person, or what was played back, ended it before the plan was done.
    """

    path: Path
    samples: int
    labels: tuple[Label, ...]
    lost: int
    damaged: int
    warnings: tuple[str, ...] = ()
    ended_early: bool = False
