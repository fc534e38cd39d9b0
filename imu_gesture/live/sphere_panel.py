"""The sphere of directions as two discs of equal area: which of its regions have been seen.

Lambert's azimuthal projection of each half: a region's area on the screen is that on the sphere.
The lower half is drawn as one sees it when the board is turned over about its x axis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from imu_gesture.calibration.seen import Seen
from imu_gesture.calibration.sphere import (
    REGIONS,
    RegionBorders,
    region_borders,
    region_directions,
)
from imu_gesture.live import theme
from imu_gesture.live.theme import Sizes

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.patches import Wedge

_HALF = REGIONS // 2
_RIM, _NAMES = 1.2, 1.12  # of the axes, and of the letters; the disc has 1


class HalfSphere:
    """One half in given axes; `upper` is that of z+."""

    def __init__(self, axes: Axes, upper: bool, sizes: Sizes) -> None:
        from matplotlib.collections import PatchCollection

        self._first = 0 if upper else _HALF
        self._upper = upper
        axes.set_axis_off()
        axes.set_aspect("equal")
        axes.set_xlim(-_RIM, _RIM)
        axes.set_ylim(-_RIM, _RIM)
        own = region_borders()[self._first : self._first + _HALF]
        self._regions = PatchCollection([_patch(borders, upper) for borders in own])
        self._regions.set_edgecolor(theme.PAPER)
        self._regions.set_linewidth(1.5)
        axes.add_collection(self._regions)
        (self._newest,) = axes.plot(
            [], [], "o", color=theme.BLACK, markersize=0.6 * sizes.normal, markeredgecolor="white"
        )
        self._places = [_flat(x, y, z, upper) for x, y, z in region_directions().tolist()]
        _name_directions(axes, upper, sizes)
        self.update(Seen())

    @property
    def artists(self) -> list[Artist]:
        """What changes."""
        return [self._regions, self._newest]

    def update(self, seen: Seen) -> None:
        """Fill the regions seen, and mark the newest reading."""
        own = range(self._first, self._first + _HALF)
        colours = [theme.BLUE if region in seen.regions else theme.EMPTY for region in own]
        self._regions.set_facecolor(colours)
        newest = seen.newest_region
        here = newest is not None and newest in own
        place = self._places[newest] if here and newest is not None else None
        self._newest.set_data(*([place[0]], [place[1]]) if place else ([], []))


def _name_directions(axes: Axes, upper: bool, sizes: Sizes) -> None:
    """Which way the board's axes point."""
    axes.set_title("z+ half" if upper else "z- half", size=sizes.normal, color=theme.FAINT, pad=2)
    for name, x, y in (("x+", _NAMES, 0), ("y+", 0, _NAMES if upper else -_NAMES)):
        axes.text(x, y, name, size=sizes.small, color=theme.FAINT, ha="center", va="center")


def _flat(x: float, y: float, z: float, upper: bool) -> tuple[float, float]:
    """Where a direction is on its disc of radius 1."""
    stretch = np.sqrt(1 - abs(z)) / max(np.hypot(x, y), 1e-9)
    return float(x * stretch), float(y * stretch) * (1 if upper else -1)


def _patch(borders: RegionBorders, upper: bool) -> Wedge:
    from matplotlib.patches import Wedge

    heights = sorted(abs(z) for z in (borders.low, borders.high))
    outer, inner = (float(np.sqrt(1 - z)) for z in heights)
    first, last = np.degrees([borders.first, borders.last])
    if not upper:
        first, last = -last, -first
    return Wedge((0, 0), outer, float(first), float(last), width=outer - inner)
