"""Accuracy against instructions: all candidates of a search, and the best ones for their cost."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from imu_gesture.live import theme
from imu_gesture.live.display import check_packages
from imu_gesture.live.theme import sizes_for
from imu_gesture.workflow.search.searching import SearchResult
from imu_gesture.workflow.search.trials import Trial

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SIZE_INCHES, _DPI = (9.6, 6.0), 100
_MILLION = 1e6
_METADATA = {"png": {"Software": None}, "svg": {"Date": None}}


def save_pareto(result: SearchResult, path: Path) -> None:
    """Write the figure, as PNG or SVG; the same trials give the same bytes.

    Raises:
        WindowError: matplotlib is not installed.
    """
    check_packages("matplotlib")
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=_SIZE_INCHES, dpi=_DPI, facecolor=theme.PAPER, layout="constrained")
    FigureCanvasAgg(figure)
    draw_pareto(figure, result)
    ending = path.suffix.removeprefix(".").lower()
    with mpl.rc_context({"svg.hashsalt": "imu-gesture"}):
        figure.savefig(path, format=ending, metadata=_METADATA[ending])


def draw_pareto(figure: Figure, result: SearchResult) -> None:
    """Draw all candidates that were judged."""
    axes, sizes = figure.add_subplot(), sizes_for(figure)
    front = result.front
    inside = [t for t in result.trials if t.fits(result.budget) and t not in front]
    above = [t for t in result.trials if t.score and not t.fits(result.budget)]
    _marks(axes, inside, "o", theme.FAINT, "within the budget")
    _marks(axes, above, "x", theme.WRONG, "above the budget")
    if front:
        axes.step(*_places(front), where="pre", color=theme.NOW, lw=2, zorder=2)
    _marks(axes, front, "D", theme.NOW, "none is both better and cheaper")
    for trial in front:
        _name(axes, trial, f"{trial.number}", sizes.small)
    if result.default.score and result.default not in front:
        _name(axes, result.default, "default", sizes.small)
    axes.set_xlabel("million instructions a second, while the board moves", fontsize=sizes.normal)
    axes.set_ylabel("mean recall of held-out classes (%)", fontsize=sizes.normal)
    axes.tick_params(labelsize=sizes.small)
    axes.grid(color=theme.EMPTY)
    axes.set_axisbelow(True)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize=sizes.small, loc="best")
    axes.set_title(
        f"{result.folder.path.name}: {len(result.trials)} candidates; chosen by these held-out "
        "windows, so optimistic",
        fontsize=sizes.normal,
        color=theme.INK,
    )


def _places(trials: Iterable[Trial]) -> tuple[list[float], list[float]]:
    judged = [(t.cost, t.score) for t in trials if t.cost and t.score]
    return (
        [cost.instructions_per_s / _MILLION for cost, _ in judged],
        [100 * score.balanced for _, score in judged],
    )


def _marks(axes: Axes, trials: list[Trial], marker: str, colour: str, word: str) -> None:
    if trials:
        axes.scatter(*_places(trials), marker=marker, color=colour, label=word, s=36, zorder=3)


def _name(axes: Axes, trial: Trial, name: str, size: float) -> None:
    (x,), (y,) = _places([trial])
    axes.annotate(name, (x, y), xytext=(5, -5), textcoords="offset points", fontsize=size, va="top")
