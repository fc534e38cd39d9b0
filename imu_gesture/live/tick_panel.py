"""Things to be ticked off, as boxes in a grid: faces that were up, axes that were turned about."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from imu_gesture.live import theme
from imu_gesture.live.theme import Sizes

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.patches import Rectangle
    from matplotlib.text import Text

_INSET = 0.05


class TickPanel:
    """Boxes with names, in rows, in given axes."""

    def __init__(self, axes: Axes, title: str, rows: list[list[str]], sizes: Sizes) -> None:
        axes.set_axis_off()
        axes.set_xlim(0, max(len(row) for row in rows))
        axes.set_ylim(len(rows), 0)
        axes.set_title(title, loc="left", size=sizes.normal, color=theme.INK, pad=4)
        self._boxes = {
            name: _box(axes, (column, row), sizes)
            for row, names in enumerate(rows)
            for column, name in enumerate(names)
        }
        self.update(frozenset())

    @property
    def artists(self) -> list[Artist]:
        """What changes."""
        return [artist for box in self._boxes.values() for artist in box]

    @property
    def texts(self) -> dict[str, str]:
        """What each box says."""
        return {name: text.get_text() for name, (_, text) in self._boxes.items()}

    def update(self, ticked: AbstractSet[str]) -> None:
        """Tick these."""
        for name, (rectangle, text) in self._boxes.items():
            done = name in ticked
            rectangle.set_facecolor(theme.DONE if done else theme.EMPTY)
            text.set_color(theme.PAPER if done else theme.INK)
            text.set_text(f"{name} {theme.TICK}" if done else name)


def _box(axes: Axes, at: tuple[int, int], sizes: Sizes) -> tuple[Rectangle, Text]:
    from matplotlib.patches import Rectangle

    column, row = at
    size = 1 - 2 * _INSET
    rectangle = Rectangle((column + _INSET, row + _INSET), size, size)
    axes.add_patch(rectangle)
    text = axes.text(column + 0.5, row + 0.5, "", size=sizes.normal, ha="center", va="center")
    return rectangle, text
