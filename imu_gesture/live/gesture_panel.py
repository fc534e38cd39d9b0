"""The gesture reported last in letters for everybody, and those before it as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from imu_gesture.live import theme
from imu_gesture.live.theme import Sizes

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

Cells = tuple[str, ...]

_COLUMNS = ((0.0, "left"), (0.225, "left"), (0.59, "right"), (0.80, "right"), (0.84, "left"))
_NAME_SHARE = 0.25  # of the width that a gesture's name may take
_BOLD = 1.2  # of bold letters' width, relative to others
HEADS: Cells = ("time", "gesture", "score", "latency", "by")


class GesturePanel:
    """A table in given axes; the newest row first, in bold."""

    def __init__(self, axes: Axes, sizes: Sizes) -> None:
        height = theme.figure_of(axes).dpi / 72 / axes.bbox.height
        line = sizes.normal * theme.LINE * height
        for (x, side), head in zip(_COLUMNS, HEADS, strict=True):
            axes.text(x, 1, head, size=sizes.small, color=theme.FAINT, va="top", ha=side)
        self._name_points = _NAME_SHARE * axes.bbox.width / theme.figure_of(axes).dpi * 72
        first = 1 - sizes.small * theme.LINE * 1.2 * height
        count = max(1, int(first / line))
        self._rows = [
            [axes.text(x, first - row * line, "", va="top", ha=side) for x, side in _COLUMNS]
            for row in range(count)
        ]
        for row, texts in enumerate(self._rows):
            for text in texts:
                text.set_fontsize(sizes.normal if row == 0 else sizes.small)
                text.set_fontweight("bold" if row == 0 else "normal")

    @property
    def artists(self) -> list[Artist]:
        """What changes."""
        return [text for row in self._rows for text in row]

    @property
    def rows(self) -> list[Cells]:
        """What it says."""
        return [tuple(text.get_text() for text in row) for row in self._rows]

    def update(self, newest_first: Sequence[tuple[Cells, bool]]) -> None:
        """Show rows, as many as there is room for; those that do not count are faint."""
        nothing: tuple[Cells, bool] = (("",) * len(_COLUMNS), True)
        said = [*newest_first, *([nothing] * len(self._rows))]
        for texts, (cells, counts) in zip(self._rows, said[: len(self._rows)], strict=True):
            for text, words in zip(texts, cells, strict=True):
                size = float(text.get_fontsize()) * (_BOLD if text is self._rows[0][1] else 1)
                short = theme.shortened(words, self._name_points, size)
                text.set_text(short if text is texts[1] else words)
                text.set_color(theme.INK if counts else theme.FAINT)
