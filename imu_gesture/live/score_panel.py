"""The score of each class as a bar, with the threshold from which on it is reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from imu_gesture.live import theme
from imu_gesture.live.score_book import ShownScores
from imu_gesture.live.theme import Sizes
from imu_gesture.live.thresholds import Thresholds

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle
    from matplotlib.text import Text

_NAMES_X, _FIGURES_X = -0.74, 1.03  # of names and figures; bars go from 0 to 1
_RIGHT = 1.38
_HEIGHT, _HOST_HEIGHT = 0.7, 0.16  # of a row
_NEAR = 0.06  # so close to a threshold it is taken hold of
_ROWS = 5  # with fewer classes than this, bars become no thicker


class ScorePanel:
    """A row for each class, in given axes."""

    def __init__(self, axes: Axes, names: tuple[str, ...], sizes: Sizes) -> None:
        rows = max(len(names), _ROWS)
        axes.set_axis_off()
        axes.set_xlim(_NAMES_X, _RIGHT)
        axes.set_ylim(rows, 0)
        self.axes = axes
        size = min(sizes.large, sizes.large * 8 / rows)
        self._rows = [_row(axes, place, name, size) for place, name in enumerate(names)]

    @property
    def artists(self) -> list[Artist]:
        """What changes with every window."""
        bars = [artist for row in self._rows for artist in row.moving]
        return [*bars, *(row.threshold for row in self._rows)]  # in front of the bars

    @property
    def figures(self) -> list[str]:
        """What stands beside the bars."""
        return [row.figure.get_text() for row in self._rows]

    @property
    def widths(self) -> list[float]:
        """Of the bars."""
        return [row.bar.get_width() for row in self._rows]

    def update(self, scores: ShownScores, thresholds: Thresholds) -> None:
        """Show these. Where only the host has scores, they are the bars."""
        bars = scores.board or scores.host
        for place, row in enumerate(self._rows):
            share = bars[place] if bars else 0.0
            host = scores.host[place] if scores.board and scores.host else 0.0
            row.show(share, host, thresholds.share(place), place in scores.differs)

    def show_thresholds(self, thresholds: Thresholds) -> None:
        """Draw them where they are now; those that were moved in another colour, with a ring."""
        for place, row in enumerate(self._rows):
            share = thresholds.share(place)
            moved = thresholds.levels[place] != thresholds.of_run[place]
            row.threshold.set_xdata([] if share is None else [share, share])
            row.threshold.set_ydata([] if share is None else [place + 0.06, place + 0.88])
            row.threshold.set_color(theme.PURPLE if moved else theme.INK)
            row.threshold.set_marker("o" if moved else "v")

    def place_near(self, x: float, y: float, thresholds: Thresholds) -> int | None:
        """The class whose threshold is at this place of the axes."""
        place = int(y) if y >= 0 else -1
        share = thresholds.share(place) if 0 <= place < len(self._rows) else None
        return place if share is not None and abs(x - share) <= _NEAR else None


class _Row:
    """One class's artists."""

    def __init__(self, bar: Rectangle, host: Rectangle, figure: Text, threshold: Line2D) -> None:
        self.bar, self.host, self.figure, self.threshold = bar, host, figure, threshold

    @property
    def moving(self) -> list[Artist]:
        return [self.bar, self.host, self.figure]

    def show(self, share: float, host: float, threshold: float | None, differs: bool) -> None:
        reached = threshold is not None and share >= threshold
        self.bar.set_width(share)
        self.bar.set_facecolor(theme.DONE if reached else theme.SKY)
        self.host.set_width(host)
        mark = " \N{NOT EQUAL TO}" if differs else f" {theme.TICK}" if reached else ""
        self.figure.set_text(f"{share:.0%}{mark}")
        self.figure.set_color(theme.WRONG if differs else theme.INK)


def _row(axes: Axes, place: int, name: str, size: float) -> _Row:
    from matplotlib.patches import Rectangle

    top, middle = place + (1 - _HEIGHT) / 2, place + 0.5
    axes.add_patch(Rectangle((0, top), 1, _HEIGHT, facecolor=theme.EMPTY))
    bar = Rectangle((0, top), 0, _HEIGHT, facecolor=theme.SKY)
    host = Rectangle((0, middle - _HOST_HEIGHT / 2), 0, _HOST_HEIGHT, facecolor=theme.INK)
    for patch in (bar, host):
        axes.add_patch(patch)
    points = axes.bbox.width / theme.figure_of(axes).dpi * 72
    room = points * -_NAMES_X / (_RIGHT - _NAMES_X)
    axes.text(
        _NAMES_X, middle, theme.shortened(name, room, size), size=size, color=theme.INK, va="center"
    )
    figure = axes.text(_FIGURES_X, middle, "", size=size, color=theme.INK, va="center")
    (threshold,) = axes.plot([], [], color=theme.INK, linewidth=2.5, marker="v", markersize=9)
    threshold.set_markevery([0])
    return _Row(bar, host, figure, threshold)
