"""Facts in two columns, name and value, and some advice below them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from imu_gesture.live import theme
from imu_gesture.live.theme import Sizes

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

Row = tuple[str, str]


class FactPanel:
    """In given axes, from the top: a title, so many rows, and what is left for advice.

    Args:
        values_x: where values begin, as a share of the width.
    """

    def __init__(self, axes: Axes, title: str, rows: int, values_x: float, sizes: Sizes) -> None:
        self._axes, self._figure, self._sizes = axes, theme.figure_of(axes), sizes
        line = sizes.small * theme.LINE * 1.1 * self._figure.dpi / 72 / axes.bbox.height
        heading = axes.text(0, 1, title, size=sizes.normal, color=theme.INK, va="top")
        heading.set_fontweight("bold")
        first = 1 - line * 1.35
        self._rows = [
            (
                axes.text(0, first - row * line, "", size=sizes.small, color=theme.FAINT, va="top"),
                axes.text(values_x, first - row * line, "", size=sizes.small, va="top"),
            )
            for row in range(rows)
        ]
        self._advice_y = first - rows * line - 0.2 * line
        self._advice = axes.text(
            0, self._advice_y, "", size=sizes.small, va="top", linespacing=theme.LINE
        )

    @property
    def artists(self) -> list[Artist]:
        """What changes."""
        return [*(text for row in self._rows for text in row), self._advice]

    @property
    def rows(self) -> list[Row]:
        """What it says now."""
        return [(name.get_text(), value.get_text()) for name, value in self._rows]

    @property
    def advice(self) -> str:
        """The advice in one line."""
        return " ".join(self._advice.get_text().split())

    def update(self, rows: Sequence[Row], advice: str = "", good: bool = True) -> None:
        """Say this; rows beyond those there are, are left out."""
        said = [*rows, *([("", "")] * len(self._rows))]
        for texts, row in zip(self._rows, said[: len(self._rows)], strict=True):
            for text, words in zip(texts, row, strict=True):
                text.set_text(words)
        box = self._axes.get_position()
        room = (box.width, max(0.0, self._advice_y) * box.height)
        lines, size = theme.fitted(advice, self._figure, room, [self._sizes.small])
        self._advice.set_text(lines)
        self._advice.set_fontsize(size)
        self._advice.set_color(theme.DONE if good else theme.WRONG)
