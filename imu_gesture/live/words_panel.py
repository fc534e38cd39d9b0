"""The words of the calibration window, and its progress bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from imu_gesture.live import calibration_text as words
from imu_gesture.live import theme
from imu_gesture.live.calibration_feed import CalibrationState
from imu_gesture.live.theme import sizes_for

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.text import Text

LEFT, RIGHT = 0.03, 0.97
PANELS_TOP, PANELS_MIDDLE = 0.60, 0.285  # of the panels below the words
SPLIT = 0.50  # the outcome and the residuals share the width
_STAGES_Y, _HEADLINE_Y, _BAR_Y, _DETAIL_Y = 0.94, 0.905, 0.735, 0.715
_BAR_HEIGHT = 0.022
_VALUES_X = 0.20  # of the residuals' values, right of their names
_HEADLINE_ROOM, _DETAIL_ROOM = (RIGHT - LEFT, 0.165), (RIGHT - LEFT, 0.10)
_OUTCOME_ROOM = (SPLIT - LEFT - 0.03, PANELS_TOP - 0.08)


class WordsPanel:
    """Stages, what to do, how far it is, residuals and outcome, on axes as large as the window."""

    def __init__(self, axes: Axes) -> None:
        from matplotlib.patches import Rectangle

        self._axes, self._figure = axes, theme.figure_of(axes)
        self._sizes = sizes = sizes_for(self._figure)
        step = (RIGHT - LEFT) / len(words.STAGES)
        self._stages = [
            self._text(LEFT + place * step, _STAGES_Y, sizes.large, va="baseline")
            for place in range(len(words.STAGES))
        ]
        self.headline = self._text(LEFT, _HEADLINE_Y, sizes.huge, weight="bold")
        self.detail = self._text(LEFT, _DETAIL_Y, sizes.large)
        self.coverage = self._text(RIGHT, PANELS_TOP + 0.055, sizes.normal, ha="right")
        self.outcome = self._text(LEFT, PANELS_TOP, sizes.normal)
        self.rows = [
            (
                self._text(SPLIT, y, sizes.normal, color=theme.FAINT, va="baseline"),
                self._text(SPLIT + _VALUES_X, y, sizes.normal, va="baseline"),
            )
            for y in (PANELS_MIDDLE - 0.03 - 0.038 * row for row in range(words.RESIDUAL_ROWS))
        ]
        width = RIGHT - LEFT
        trough = Rectangle((LEFT, _BAR_Y), width, _BAR_HEIGHT, facecolor=theme.EMPTY)
        axes.add_patch(trough)
        self.bar = Rectangle((LEFT, _BAR_Y), 0.0, _BAR_HEIGHT, facecolor=theme.NOW)
        axes.add_patch(self.bar)

    @property
    def artists(self) -> list[Artist]:
        """What changes."""
        texts = [self.headline, self.detail, self.coverage, self.outcome]
        return [*self._stages, *texts, *(text for row in self.rows for text in row), self.bar]

    @property
    def stages(self) -> list[str]:
        """What the list of stages says."""
        return [text.get_text() for text in self._stages]

    def update(self, state: CalibrationState) -> None:
        """Say what is so now."""
        for text, (mark, colour) in zip(self._stages, words.stage_marks(state), strict=True):
            text.set_text(mark)
            text.set_color(colour)
        sizes = self._sizes
        self._fit(self.headline, words.headline(state), _HEADLINE_ROOM, [*sizes][:3])
        self._fit(self.detail, words.detail(state), _DETAIL_ROOM, [*sizes][1:])
        self._fit(self.outcome, "\n\n".join(words.outcome(state)), _OUTCOME_ROOM, [*sizes][1:])
        self.coverage.set_text(words.coverage(state))
        for texts, row in zip(
            self.rows, words.residual_rows(state.guidance.residuals), strict=True
        ):
            for text, said in zip(texts, row, strict=True):
                text.set_text(said)
        self._show_progress(state)

    def _show_progress(self, state: CalibrationState) -> None:
        self.bar.set_width((RIGHT - LEFT) * state.guidance.progress)
        done = state.guidance.profile is not None and not state.problem
        self.bar.set_facecolor(theme.DONE if done else theme.NOW)
        self.headline.set_color(theme.DONE if done else theme.WRONG if state.problem else theme.INK)

    def _fit(
        self, text: Text, said: str, room: tuple[float, float], sizes: Sequence[float]
    ) -> None:
        lines, size = theme.fitted(said, self._figure, room, sizes)
        text.set_text(lines)
        text.set_fontsize(size)

    def _text(self, x: float, y: float, size: float, color: str = theme.INK, **more: str) -> Text:
        more = {"va": "top"} | more
        return self._axes.text(x, y, "", size=size, color=color, linespacing=theme.LINE, **more)  # type: ignore[arg-type]
