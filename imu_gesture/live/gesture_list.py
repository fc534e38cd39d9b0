"""The gestures reported last, those that board and host report alike as one."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import Literal

from imu_gesture.live.recogniser import Recognition

_MOST = 24
_APART_US = 300_000  # less than any gesture takes

By = Literal["board", "host", "both", "window"]


@dataclass(frozen=True)
class ShownGesture:
    """One gesture.

    Attributes:
        score: a probability; the board's where both have one.
        by: who reported it; the window by thresholds of its own.
        latency_s: from the end of the window that decided to its arrival here; None where the
            board's clock is not known.
    """

    device_time_us: int
    label: str
    score: float
    by: By
    latency_s: float | None = None


class GestureList:
    """The newest last. Both see the same samples, and decide at most a few windows apart."""

    def __init__(self) -> None:
        self._shown: deque[ShownGesture] = deque(maxlen=_MOST)

    @property
    def shown(self) -> tuple[ShownGesture, ...]:
        """All that are kept."""
        return tuple(self._shown)

    def add(self, found: Recognition, latency_s: float | None = None) -> None:
        """One more report, which may be the other's of a gesture that is there already."""
        new = ShownGesture(found.device_time_us, found.label, found.score, found.by, latency_s)
        for place, old in enumerate(self._shown):
            near = abs(old.device_time_us - new.device_time_us) <= _APART_US
            if near and old.label == new.label and {old.by, new.by} == {"board", "host"}:
                boards = old if old.by == "board" else new
                self._shown[place] = replace(boards, by="both")
                return
        self._shown.append(new)

    def add_own(self, found: ShownGesture) -> None:
        """One that the window reports by thresholds of its own."""
        self._shown.append(found)
