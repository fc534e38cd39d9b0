"""The board as it is held, drawn as a solid: x to its USB socket, z out of its components."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from imu_gesture.live import theme
from imu_gesture.live.theme import AXIS_COLOURS, Sizes

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_BOARD = ((-1.0, 1.0), (-0.4, 0.4), (-0.06, 0.06))  # 45 mm x 18 mm, thicker than it is
_SOCKET = ((0.8, 1.12), (-0.17, 0.17), (0.06, 0.2))
_METAL = "#B0B0B0"
_ARROWS = (1.35, 0.8, 0.7)
_ROOM = 1.5
_FAINT = 0.25
_ADVICE = "lay it down once"  # until the gyroscope's offset is known, turns are not
# Seen from behind, a little from the left and from above: rows are right, up and away.
_AZIMUTH, _ELEVATION = np.radians(25.0), np.radians(28.0)

_Float64Array = NDArray[np.float64]
_Colour = tuple[float, float, float]


class BoardPanel:
    """A solid in given axes."""

    def __init__(self, axes: Axes, sizes: Sizes) -> None:
        from matplotlib.collections import PolyCollection

        axes.set_axis_off()
        axes.set_aspect("equal")
        axes.set_xlim(-_ROOM, _ROOM)
        axes.set_ylim(-_ROOM, _ROOM)
        self._faces = PolyCollection([], edgecolors=theme.INK, linewidths=0.8)
        axes.add_collection(self._faces)
        self._arrows = [
            axes.plot([], [], color=colour, linewidth=2.5)[0] for colour in AXIS_COLOURS.values()
        ]
        self._letters = [
            axes.text(0, 0, name, size=sizes.normal, color=colour, ha="center", va="center")
            for name, colour in AXIS_COLOURS.items()
        ]
        for letter in self._letters:
            letter.set_fontweight("bold")
        self._advice = axes.text(
            0, -_ROOM, _ADVICE, size=sizes.small, color=theme.WRONG, ha="center", va="bottom"
        )

    @property
    def artists(self) -> list[Artist]:
        """What moves."""
        return [*self._arrows, self._faces, *self._letters, self._advice]

    @property
    def ends(self) -> list[tuple[float, float]]:
        """Where on the screen the letters x, y and z are, to the right and upwards."""
        return [letter.get_position() for letter in self._letters]

    def update(self, rotation: _Float64Array, known: bool = True) -> None:
        """Show it turned so: (3, 3) from the board's frame to one with z up.

        While it is not `known` it is faint, and says what to do.
        """
        self._faces.set_alpha(1.0 if known else _FAINT)
        self._advice.set_visible(not known)
        seen = _camera() @ rotation
        faces = sorted(_visible(seen), key=lambda face: -face[0])
        self._faces.set_verts([corners for _, corners, _ in faces])
        self._faces.set_facecolor([colour for _, _, colour in faces])
        for column, (arrow, letter) in enumerate(zip(self._arrows, self._letters, strict=True)):
            x, y, _ = (seen[:, column] * _ARROWS[column]).tolist()
            arrow.set_data([0, x], [0, y])
            letter.set_position((1.12 * x, 1.12 * y))


def _camera() -> _Float64Array:
    a, e = _AZIMUTH, _ELEVATION
    away = np.array([np.cos(a) * np.cos(e), -np.sin(a) * np.cos(e), -np.sin(e)])
    right = np.array([-np.sin(a), -np.cos(a), 0.0])
    return np.stack([right, np.cross(right, away), away])


def _visible(seen: _Float64Array) -> list[tuple[float, _Float64Array, _Colour]]:
    """Of each face that looks this way: how far away it is, corners (4, 2), colour."""
    from matplotlib.colors import to_rgb

    found = []
    for box, top, side in ((_BOARD, theme.BLUE, theme.BLUE), (_SOCKET, _METAL, _METAL)):
        for axis, end in product(range(3), range(2)):
            normal = seen[:, axis] * (1 if end else -1)
            if normal[2] >= 0:
                continue
            corners = _corners(box, axis, end) @ seen.T
            light = 0.55 + 0.45 * max(0.0, float(normal @ (-0.3, 0.75, -0.6)))
            colour = top if (axis, end) == (2, 1) else theme.INK if axis == 2 else side
            red, green, blue = (min(1.0, light * part) for part in to_rgb(colour))
            found.append((float(corners[:, 2].mean()), corners[:, :2], (red, green, blue)))
    return found


def _corners(box: tuple[tuple[float, float], ...], axis: int, end: int) -> _Float64Array:
    """(4, 3) of one face, round about."""
    first, second = (other for other in range(3) if other != axis)
    corners = np.empty((4, 3))
    corners[:, axis] = box[axis][end]
    corners[:, first] = [box[first][i] for i in (0, 1, 1, 0)]
    corners[:, second] = [box[second][i] for i in (0, 0, 1, 1)]
    return corners
