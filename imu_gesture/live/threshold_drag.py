"""Thresholds taken hold of with the mouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from imu_gesture.live.score_panel import ScorePanel
from imu_gesture.live.thresholds import Thresholds

if TYPE_CHECKING:
    from matplotlib.backend_bases import MouseEvent


class ThresholdDrag:
    """Moves the threshold that was pressed upon, until the button is released.

    Args:
        panel: the present one; a new size of the window makes another.
    """

    def __init__(self, panel: Callable[[], ScorePanel], thresholds: Thresholds) -> None:
        self._panel, self._thresholds = panel, thresholds
        self._held: int | None = None

    def follow(self, event: MouseEvent) -> None:
        """What the mouse did."""
        panel = self._panel()
        x, y = panel.axes.transData.inverted().transform((event.x, event.y)).tolist()
        if event.name == "button_press_event":
            self._held = panel.place_near(x, y, self._thresholds)
        elif event.name == "button_release_event":
            self._held = None
        elif self._held is not None:
            self._thresholds.move(self._held, x)
