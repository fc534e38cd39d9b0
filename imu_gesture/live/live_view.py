"""The live window's view: what the board makes of its samples, and how it is doing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from imu_gesture.device import DeviceInfo
from imu_gesture.live import live_text as words
from imu_gesture.live import theme
from imu_gesture.live.board_panel import BoardPanel
from imu_gesture.live.curtain import Curtain
from imu_gesture.live.fact_panel import FactPanel
from imu_gesture.live.gesture_panel import GesturePanel
from imu_gesture.live.layers import Artists, Panel, Redraw
from imu_gesture.live.live_feed import SENSORS, TRACE_S, LiveFeed
from imu_gesture.live.notices import Notices
from imu_gesture.live.places import blank, traces
from imu_gesture.live.score_panel import ScorePanel
from imu_gesture.live.theme import Sizes, sizes_for
from imu_gesture.live.thresholds import Thresholds

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEFT, RIGHT, MIDDLE = 0.03, 0.97, 0.47
_FIGURES, _LINK = 0.60, 0.845  # where the figures of drift and link begin


@dataclass(frozen=True)
class Shown:
    """All that the window draws.

    Attributes:
        model, run: which model it is, in words; and the name of its run.
        host_asked: whether the host recognises beside the board.
    """

    feed: LiveFeed
    notices: Notices
    thresholds: Thresholds
    names: tuple[str, ...]
    info: DeviceInfo
    model: str
    run: str
    host_asked: bool


class LiveView:
    """Draws it."""

    def __init__(self, shown: Shown, title: str) -> None:
        self.title = title
        self.shown = shown
        self._drawn: object = None

    def build(self, figure: Figure, bottom: float) -> Artists:
        """Lay everything out: recognition on the left, sensors and figures on the right."""
        self._drawn = None
        sizes, low = sizes_for(figure), bottom + 0.06
        self._build_words(blank(figure, (0.0, 0.0, 1.0, 1.0), "words"), bottom, sizes)
        self.scores = ScorePanel(
            figure.add_axes((LEFT, 0.42, 0.41, 0.40), label="scores"), self.shown.names, sizes
        )
        self.gestures = GesturePanel(
            blank(figure, (LEFT, low, 0.41, 0.365 - low), "gestures"), sizes
        )
        place = (MIDDLE + 0.05, 0.44, RIGHT - MIDDLE - 0.07, 0.50)
        self.traces = traces(figure, place, SENSORS, TRACE_S)
        self.board = BoardPanel(blank(figure, (MIDDLE - 0.02, low, 0.14, 0.26), "board"), sizes)
        drift = blank(figure, (_FIGURES, low, _LINK - _FIGURES - 0.01, 0.375 - low), "drift")
        self.drift = FactPanel(drift, "drift", words.DRIFT_ROWS, 0.40, sizes)
        link = blank(figure, (_LINK, low, RIGHT - _LINK, 0.375 - low), "link")
        self.link = FactPanel(link, "link", words.LINK_ROWS, 0.54, sizes)
        over = blank(figure, (0.0, bottom, 1.0, 1.0 - bottom), "curtain")
        self.curtain = Curtain(over, sizes)
        self.choice = Curtain(over, sizes, theme.INK)
        settled: list[Panel] = [self.gestures, self.drift, self.link]
        panels = self.traces.values()
        return Artists(
            [
                *self._words,
                *(artist for panel in settled for artist in panel.artists),
                *(artist for panel in panels for artist in panel.settled),
            ],
            [
                *self.scores.artists,
                *(artist for panel in panels for artist in panel.artists),
                *self.board.artists,
                *self.curtain.artists,  # in front of all that moves
                *self.choice.artists,
            ],
        )

    def update(self) -> Redraw:
        """Take what there is now."""
        shown, redraw = self.shown, Redraw.MOVING
        feed = shown.feed
        scores, gestures, facts, notice = feed.scores, feed.gestures, feed.facts, shown.notices.now
        self.scores.update(scores, shown.thresholds)
        self.board.update(*feed.attitude)
        counting = words.counting(gestures, shown.thresholds.moved)
        headline = words.headline(counting, feed.newest_us)
        now = (gestures, facts, notice, shown.thresholds.levels, shown.thresholds.of_run, headline)
        if now != self._drawn:
            self._drawn, redraw = now, Redraw.SETTLED
            self._settle(headline)
        for name, trace in feed.traces().items():
            if self.traces[name].update(*trace):
                redraw = Redraw.SETTLED
        return redraw

    def _settle(self, headline: str) -> None:
        """Bring up to date what changes now and then."""
        shown = self.shown
        facts, notice = shown.feed.facts, shown.notices.now
        self.headline.set_text(headline)
        moved = shown.thresholds.moved
        foot = words.thresholds_moved(shown.run) if moved else words.agreement(shown.feed.scores)
        self.agreement.set_text(foot)
        self.agreement.set_color(theme.PURPLE if moved else theme.FAINT)
        self.message.set_text(notice.message)
        self.message.set_color(theme.WRONG if notice.bad else theme.DONE)
        self.recording.set_text("\N{BLACK CIRCLE} recording" if notice.recording else "")
        self.scores.show_thresholds(shown.thresholds)
        self.gestures.update(
            [
                (words.gesture_cells(gesture, shown.host_asked), (gesture.by == "window") == moved)
                for gesture in reversed(shown.feed.gestures)
            ]
        )
        drift = facts.drift
        good = not drift.advice and drift.profile_days is not None
        self.drift.update(words.drift_rows(drift), words.drift_advice(drift), good)
        self.link.update(words.link_rows(facts.link))
        self.curtain.update(words.away(facts))
        self.choice.update(words.question(notice))

    def _build_words(self, axes: Axes, bottom: float, sizes: Sizes) -> None:
        normal, small = sizes.normal, sizes.small
        said = words.header(self.shown.info, self.shown.model)
        axes.text(LEFT, 0.985, said, size=small, color=theme.FAINT, va="top")
        self.headline = axes.text(LEFT, 0.94, "", size=sizes.huge, color=theme.INK, va="top")
        self.headline.set_fontweight("bold")
        self.recording = axes.text(
            RIGHT, 0.99, "", size=normal, color=theme.WRONG, va="top", ha="right"
        )
        self.agreement = axes.text(LEFT, 0.395, "", size=small, color=theme.FAINT, va="center")
        self.message = axes.text(LEFT, bottom + 0.025, "", size=normal, va="center")
        self._words = [self.headline, self.recording, self.agreement, self.message]
