"""Parts of a figure to put things on, in shares of its width and height."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from imu_gesture.live import theme
from imu_gesture.live.theme import sizes_for
from imu_gesture.live.trace_panel import SCALES, TracePanel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Place = tuple[float, float, float, float]  # left, bottom, width, height

_CURVES = 0.72  # of a trace's share of the height; the rest is its title


def blank(figure: Figure, place: Place, label: str) -> Axes:
    """Axes without ticks or frame; 0 to 1 either way."""
    axes = figure.add_axes(place, label=label)
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.patch.set_facecolor(theme.PAPER)
    return axes


def traces(
    figure: Figure, place: Place, sensors: Sequence[str], seconds: float
) -> dict[str, TracePanel]:
    """Of each sensor, one above the other; times below the last."""
    left, bottom, width, height = place
    sizes, each = sizes_for(figure), height / len(sensors)
    panels = {}
    for number, name in enumerate(sensors, start=1):
        y = bottom + height - number * each
        axes = figure.add_axes((left, y, width, each * _CURVES), label=name)
        panels[name] = TracePanel(axes, SCALES[name], seconds, sizes)
    panels[sensors[-1]].show_times()
    return panels
