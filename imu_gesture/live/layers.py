"""Blitting in three layers, so that each frame draws only what moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.backend_bases import Event
    from matplotlib.backends.backend_agg import FigureCanvasAgg


class Redraw(Enum):
    """What has changed since the last frame: each includes those before it."""

    NOTHING = auto()
    MOVING = auto()
    SETTLED = auto()
    ALL = auto()


@dataclass(frozen=True)
class Artists:
    """What is drawn over the ground of axes and labels.

    Attributes:
        settled: changes now and then.
        moving: changes with every frame; drawn above the others.
    """

    settled: Sequence[Artist] = ()
    moving: Sequence[Artist] = field(default_factory=list)


class Panel(Protocol):
    """A part of a window."""

    @property
    def artists(self) -> Sequence[Artist]:
        """Those of its artists that change."""
        ...


class Layers:
    """One figure's ground, the settled above it, and the moving above both."""

    def __init__(self, canvas: FigureCanvasAgg, artists: Artists) -> None:
        self._canvas: Any = canvas  # its package has no types for what blitting needs
        self._artists = artists
        self._ground: Any = None
        self._middle: Any = None
        for artist in (*artists.settled, *artists.moving):
            artist.set_animated(True)
        self._drawn = canvas.mpl_connect("draw_event", self._on_draw)

    def close(self) -> None:
        """Draw no more."""
        self._canvas.mpl_disconnect(self._drawn)

    def draw(self, what: Redraw) -> None:
        """Bring the screen up to date."""
        if what is Redraw.ALL or self._middle is None:
            self._canvas.draw()
            return
        if what is Redraw.NOTHING:
            return
        if what is Redraw.SETTLED:
            self._settle()
        else:
            self._canvas.restore_region(self._middle)
        self._draw_moving()
        self._canvas.blit(self._canvas.figure.bbox)

    def _on_draw(self, _: Event) -> None:
        """Everything was drawn anew, by us, by a new size or by another window moved away."""
        if self._canvas.is_saving():
            return
        self._ground = self._canvas.copy_from_bbox(self._canvas.figure.bbox)
        self._settle()
        self._draw_moving()

    def _settle(self) -> None:
        self._canvas.restore_region(self._ground)
        for artist in self._artists.settled:
            self._canvas.figure.draw_artist(artist)
        self._middle = self._canvas.copy_from_bbox(self._canvas.figure.bbox)

    def _draw_moving(self) -> None:
        for artist in self._artists.moving:
            self._canvas.figure.draw_artist(artist)
