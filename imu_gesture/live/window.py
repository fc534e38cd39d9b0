"""A window: opened, drawn many times a second, driven by keys, closed cleanly."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, cast

from imu_gesture.live import theme
from imu_gesture.live.display import check_display
from imu_gesture.live.layers import Artists, Layers, Redraw

if TYPE_CHECKING:
    from matplotlib.backend_bases import Event, KeyEvent, MouseEvent
    from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
    from matplotlib.figure import Figure

FRAME_MS = 20
_SIZE_INCHES = (12.8, 8.0)
_DPI = 100
_KEYS_HEIGHT = 0.06  # of the window: its lowest part shows the keys
_CALM_FRAMES = 3  # a new size is laid out once the mouse has rested for so long
_REMEMBERED_FRAMES = 10_000


class View(Protocol):
    """What a window shows."""

    @property
    def title(self) -> str:
        """Of the window."""
        ...

    def build(self, figure: Figure, bottom: float) -> Artists:
        """Lay everything out for the figure's present size, above `bottom` (share of its height).

        The figure is empty. Artists that change later are returned, and belong to axes.
        """
        ...

    def update(self) -> Redraw:
        """Bring the artists up to date; says what must be drawn."""
        ...


@dataclass(frozen=True)
class Key:
    """A key as the window shows it, what it does, and the names by which matplotlib knows it.

    One that says nothing of what it does is not shown.
    """

    shown: str
    does: str
    act: Callable[[], None]
    names: tuple[str, ...] = ()

    @property
    def all_names(self) -> frozenset[str]:
        """Every name of the key, in small letters."""
        return frozenset({self.shown, *self.names})


class Window:
    """One view in a window of its own; for the main thread.

    Args:
        view: what it shows.
        keys: beside those that every window has: q or Esc to close, f for the full screen.
        closes: what closing means here, in a word.

    Attributes:
        frame_starts_s, frame_costs_s: when the newest frames began, and what each took.

    Raises:
        WindowError: no window can be opened here.
    """

    def __init__(self, view: View, keys: Sequence[Key] = (), closes: str = "stop") -> None:
        check_display()
        self.view = view
        self._keys = (
            Key("q", closes, self.close, ("escape", "ctrl+w", "cmd+w")),
            *keys,
            Key("f", "full screen", self._toggle_full_screen, ("f11",)),
        )
        self.frame_starts_s: deque[float] = deque(maxlen=_REMEMBERED_FRAMES)
        self.frame_costs_s: deque[float] = deque(maxlen=_REMEMBERED_FRAMES)
        self._error: Exception | None = None
        self._resized = 0
        self._closed = False
        self._manager = _open_manager(view.title)
        self.canvas = cast("FigureCanvasQTAgg", self._manager.canvas)
        self.figure = self.canvas.figure
        self.canvas.mpl_connect("key_press_event", self._on_key)
        self.canvas.mpl_connect("resize_event", self._on_resize)
        self.canvas.mpl_connect("close_event", self._on_close)
        self._layers = self._lay_out()

    def run(self) -> None:
        """Show the window until it is closed.

        Raises:
            KeyboardInterrupt: Ctrl-C in the terminal.
            Exception: whatever a view or a key raised.
        """
        timer = self.canvas.new_timer(interval=FRAME_MS)
        timer.add_callback(self._frame)
        self._manager.show()
        timer.start()
        try:
            type(self._manager).start_main_loop()
        finally:
            timer.stop()
            self.close()
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        """Close it; `run` returns."""
        if not self._closed:
            self._manager.window.close()

    def resize(self, width: int, height: int) -> None:
        """Give it another size, in pixels."""
        self._manager.resize(width, height)

    def follow_mouse(self, act: Callable[[MouseEvent], None]) -> None:
        """Have something done whenever the mouse moves, or a button of it goes down or up."""

        def guarded(event: MouseEvent) -> None:
            self._guard(partial(act, event))

        self.canvas.mpl_connect("button_press_event", guarded)
        self.canvas.mpl_connect("motion_notify_event", guarded)
        self.canvas.mpl_connect("button_release_event", guarded)

    def _frame(self) -> None:
        started_s = time.perf_counter()
        self._guard(self._draw)
        self.frame_starts_s.append(started_s)
        self.frame_costs_s.append(time.perf_counter() - started_s)

    def _guard(self, act: Callable[[], None]) -> None:
        """An error must not end in Qt, which would go on: `run` raises it."""
        try:
            act()
        except Exception as error:
            self._error = error
            self.close()

    def _draw(self) -> None:
        what = self.view.update()
        if self._resized:
            self._resized -= 1
            if not self._resized:
                self._layers.close()
                self._layers = self._lay_out()
                what = Redraw.ALL
        self._layers.draw(what)

    def _size(self) -> tuple[float, float]:
        return self.figure.bbox.width, self.figure.bbox.height

    def _lay_out(self) -> Layers:
        self._laid_out = self._size()
        self.figure.clear()
        self._show_keys()
        artists = self.view.build(self.figure, _KEYS_HEIGHT)
        self.view.update()
        return Layers(self.canvas, artists)

    def _show_keys(self) -> None:
        axes = self.figure.add_axes((0.0, 0.0, 1.0, _KEYS_HEIGHT), label="keys")
        axes.set_axis_off()
        size = theme.sizes_for(self.figure).normal
        text = "      ".join(f"[{key.shown}]  {key.does}" for key in self._keys if key.does)
        axes.text(0.03, 0.5, text, color=theme.FAINT, size=size, va="center")

    def _on_key(self, event: Event) -> None:
        name = (cast("KeyEvent", event).key or "").lower()
        for key in self._keys:
            if name in key.all_names:
                self._guard(key.act)

    def _on_resize(self, _: Event) -> None:
        self._resized = _CALM_FRAMES if self._size() != self._laid_out else 0

    def _on_close(self, _: Event) -> None:
        self._closed = True

    def _toggle_full_screen(self) -> None:
        self._manager.full_screen_toggle()


def _open_manager(title: str) -> Any:
    """A Qt window around a new figure, without matplotlib's own toolbar and keys."""
    import matplotlib as mpl
    import PySide6.QtCore  # noqa: F401 - so that matplotlib takes this one where there are several
    from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=_SIZE_INCHES, dpi=_DPI, facecolor=theme.PAPER)
    with mpl.rc_context({"toolbar": "None"}):
        manager = FigureCanvasQTAgg.new_manager(figure, 1)
    if manager.key_press_handler_id is not None:
        manager.canvas.mpl_disconnect(manager.key_press_handler_id)
    manager.set_window_title(title)
    return manager
