"""From which score on a class is reported: the run's, and this window's where they were moved."""

from __future__ import annotations

from collections.abc import Sequence

from imu_gesture import _core


class Thresholds:
    """Levels (probability * SCORE_LEVELS) in the order of the classes; `_core.NEVER` is never."""

    def __init__(self, of_run: Sequence[int]) -> None:
        self.of_run = tuple(of_run)
        self.levels = self.of_run

    @property
    def moved(self) -> bool:
        """Whether any is this window's own."""
        return self.levels != self.of_run

    def share(self, place: int) -> float | None:
        """As a probability; None for a class that is never reported."""
        level = self.levels[place]
        return None if level >= _core.NEVER else level / _core.SCORE_LEVELS

    def move(self, place: int, share: float) -> None:
        """To a probability; a class that is never reported stays so."""
        if self.levels[place] < _core.NEVER:
            level = min(max(round(share * _core.SCORE_LEVELS), 1), _core.SCORE_LEVELS - 1)
            self.levels = (*self.levels[:place], level, *self.levels[place + 1 :])

    def undo(self) -> None:
        """Back to the run's."""
        self.levels = self.of_run

    def keep(self) -> None:
        """They are the run's now."""
        self.of_run = self.levels
