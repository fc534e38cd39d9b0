"""How windows and figures look: colours that everybody tells apart, sizes for two metres.

Colours are those of Okabe and Ito (2008, https://jfly.uni-koeln.de/color/). Nothing is told by
colour alone: there is always a word, a mark or a place as well.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"

PAPER, INK, FAINT, EMPTY = "#FFFFFF", "#1A1A1A", "#6E6E6E", "#E4E4E4"
DONE, NOW, WRONG = GREEN, BLUE, VERMILION
AXIS_COLOURS = {"x": VERMILION, "y": GREEN, "z": BLUE}

TICK, CROSS, ARROW, RING = "✔", "✘", "▶", "○"

LINE = 1.35  # from line to line, relative to the size of letters

_ASPECT = 1.6  # of width to height: a narrower window has smaller letters
_POINTS_PER_INCH = 72
_LETTER = 0.56  # mean width of a letter of the font, relative to its size


class Sizes(NamedTuple):
    """Letters in points. Those of `huge` are 5 % of a window's height: read from two metres."""

    huge: float
    large: float
    normal: float
    small: float


def figure_of(axes: Axes) -> Figure:
    """The figure that axes belong to."""
    return cast("Figure", axes.get_figure(root=True))


def sizes_for(figure: Figure) -> Sizes:
    """Letters that go with the figure's present size."""
    height = min(figure.bbox.height, figure.bbox.width / _ASPECT)
    point = height / figure.dpi * _POINTS_PER_INCH / 100
    return Sizes(huge=5.0 * point, large=3.7 * point, normal=2.7 * point, small=2.1 * point)


def shortened(text: str, width: float, size: float) -> str:
    """As many letters of a size as fit into a width in points, the last a mark that some lack."""
    letters = max(2, int(width / (size * _LETTER)))
    return text if len(text) <= letters else f"{text[: letters - 1]}\N{HORIZONTAL ELLIPSIS}"


def wrapped(text: str, figure: Figure, share: float, size: float) -> str:
    """Each line of a text wrapped so that letters of a size fit into a share of the width."""
    width = share * figure.bbox.width / figure.dpi * _POINTS_PER_INCH
    letters = max(10, int(width / (size * _LETTER)))
    return "\n".join(
        textwrap.fill(line, letters, break_on_hyphens=False) for line in text.split("\n")
    )


def fitted(
    text: str, figure: Figure, room: tuple[float, float], sizes: Sequence[float]
) -> tuple[str, float]:
    """A text wrapped into a room, and the first of the sizes that it fits with, or the last.

    room: width and height, as shares of the figure's.
    """
    width, height = room
    for size in sizes:
        lines = wrapped(text, figure, width, size)
        tall = (lines.count("\n") + 1) * size * LINE * figure.dpi / _POINTS_PER_INCH
        if tall <= height * figure.bbox.height:
            break
    return lines, size
