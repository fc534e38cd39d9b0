"""The guided calibration as a window shows it: what to do, how far it is, and what is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from imu_gesture.live import calibration_text
from imu_gesture.live.calibration_feed import SENSORS, TRACE_S, CalibrationFeed, CalibrationState
from imu_gesture.live.curtain import Curtain
from imu_gesture.live.layers import Artists, Panel, Redraw
from imu_gesture.live.places import blank, traces
from imu_gesture.live.sphere_panel import HalfSphere
from imu_gesture.live.theme import sizes_for
from imu_gesture.live.tick_panel import TickPanel
from imu_gesture.live.words_panel import LEFT, PANELS_MIDDLE, PANELS_TOP, SPLIT, WordsPanel

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

_FACES = [["x+", "x-"], ["y+", "y-"], ["z+", "z-"]]
_AXES = [["x", "y", "z"]]


class CalibrationView:
    """Draws what a feed holds."""

    def __init__(self, feed: CalibrationFeed, title: str) -> None:
        self.title = title
        self._feed = feed
        self._drawn: CalibrationState | None = None

    def build(self, figure: Figure, bottom: float) -> Artists:
        """Lay out words, traces, ticks, sphere and residuals."""
        self._drawn = None
        self.words = WordsPanel(blank(figure, (0.0, 0.0, 1.0, 1.0), "words"))
        low = bottom + 0.04
        place = (LEFT + 0.05, low, 0.36, PANELS_TOP - low)
        self.traces = traces(figure, place, SENSORS, TRACE_S)
        sizes = sizes_for(figure)
        middle, height = PANELS_MIDDLE + 0.04, PANELS_TOP - PANELS_MIDDLE - 0.04
        faces = blank(figure, (SPLIT, middle + height * 0.35, 0.13, height * 0.65), "faces")
        axes = blank(figure, (SPLIT, middle, 0.13, height * 0.19), "axes")
        self.faces = TickPanel(faces, "faces up", _FACES, sizes)
        self.axes = TickPanel(axes, "turns about", _AXES, sizes)
        self.halves = [
            HalfSphere(blank(figure, (left, middle - 0.02, 0.17, height), name), upper, sizes)
            for left, name, upper in ((0.645, "z+", True), (0.82, "z-", False))
        ]
        self.curtain = Curtain(blank(figure, (0.0, bottom, 1.0, 1.0 - bottom), "curtain"), sizes)
        panels: list[Panel] = [self.words, self.faces, self.axes, *self.halves, self.curtain]
        return Artists(
            [*self._figures(), *(artist for panel in panels for artist in panel.artists)],
            [artist for panel in self.traces.values() for artist in panel.artists],
        )

    def update(self) -> Redraw:
        """Take what the feed holds now."""
        redraw = Redraw.MOVING
        state = self._feed.state
        if state is not self._drawn:
            redraw = self._show(state)
            self._drawn = state
        for name, trace in self._feed.traces().items():
            if self.traces[name].update(*trace) and redraw is Redraw.MOVING:
                redraw = Redraw.SETTLED
        return redraw

    def _figures(self) -> list[Artist]:
        return [artist for panel in self.traces.values() for artist in panel.settled]

    def _show(self, state: CalibrationState) -> Redraw:
        seen = state.guidance.seen
        self.words.update(state)
        self.faces.update(seen.faces)
        self.axes.update(seen.axes)
        for half in self.halves:
            half.update(seen)
        self.curtain.update(calibration_text.away(state))
        was_over = self._drawn is not None and self._drawn.over
        for panel in self.traces.values():
            # The outcome takes its place, and curves move in front of the curtain.
            panel.show(axes=not state.over, curves=not state.away)
        return Redraw.ALL if state.over != was_over else Redraw.SETTLED
