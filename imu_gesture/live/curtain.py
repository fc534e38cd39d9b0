"""Greys a window, and says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from imu_gesture.live import theme
from imu_gesture.live.theme import Sizes

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_THICKNESS = 0.8
_WIDTH = 0.8


class Curtain:
    """Drawn in front of everything in given axes, as long as there is something to say."""

    def __init__(self, axes: Axes, sizes: Sizes, colour: str = theme.WRONG) -> None:
        from matplotlib.patches import Rectangle

        self._figure, self._size = theme.figure_of(axes), sizes.large
        self._cloth = Rectangle((0, 0), 1, 1, facecolor=theme.EMPTY, alpha=_THICKNESS)
        axes.add_patch(self._cloth)
        self._text = axes.text(
            0.5, 0.5, "", size=sizes.large, color=colour, ha="center", va="center"
        )
        self._text.set_fontweight("bold")
        self._text.set_bbox({"facecolor": theme.PAPER, "edgecolor": colour, "pad": sizes.large})
        self.update("")

    @property
    def artists(self) -> list[Artist]:
        """What changes."""
        return [self._cloth, self._text]

    @property
    def says(self) -> str:
        """Why it is drawn; empty while it is not."""
        return self._text.get_text()

    def update(self, text: str) -> None:
        """Draw it with this text; open it where there is none."""
        self._cloth.set_visible(bool(text))
        self._text.set_text(theme.wrapped(text, self._figure, _WIDTH, self._size))
