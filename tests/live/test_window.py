"""The window itself, on a real display: it draws, obeys keys, takes any size, and ends cleanly."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from matplotlib.figure import Figure
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from imu_gesture.live import theme
from imu_gesture.live.layers import Artists, Redraw
from imu_gesture.live.window import Key, Window
from tests.live.on_screen import (
    Script,
    axes_named,
    frames,
    part_of,
    picture,
    play,
    press,
    until,
)
from tests.screen import Screen, share_of


class Bars:
    """One bar that moves with every frame, and one that is set."""

    title = "imu-gesture test"

    def __init__(self) -> None:
        self.built: list[tuple[float, float]] = []
        self.height = 0.0
        self.set_to = 0.25
        self.redraw = Redraw.MOVING
        self.broken = False

    def build(self, figure: Figure, bottom: float) -> Artists:
        self.built.append((figure.bbox.width, figure.bbox.height))
        axes = figure.add_axes((0.0, bottom, 1.0, 1.0 - bottom), label="bars")
        axes.set_axis_off()
        axes.set_xlim(0, 2)
        axes.set_ylim(0, 1)
        (self._moving,) = axes.bar([0.5], [0.0], width=1.0, color=theme.BLUE)
        (self._settled,) = axes.bar([1.5], [0.0], width=1.0, color=theme.GREEN)
        return Artists([self._settled], [self._moving])

    def update(self) -> Redraw:
        if self.broken:
            raise ValueError("broken view")
        self._moving.set_height(self.height)
        self._settled.set_height(self.set_to)
        return self.redraw


def shares(window: Window) -> tuple[float, float]:
    """How much of the axes is blue (moving) and green (settled)."""
    bars = part_of(picture(window), window, axes_named(window, "bars"))
    return share_of(bars, theme.BLUE), share_of(bars, theme.GREEN)


def test_each_layer_is_drawn_when_it_is_said_to_have_changed(screen: Screen) -> None:
    view = Bars()
    window = Window(view)

    def script() -> Script:
        yield from frames(window, 3)
        assert shares(window) == pytest.approx((0, 0.125), abs=0.01)
        view.height, view.set_to = 0.5, 0.75
        yield from frames(window, 2)
        assert shares(window) == pytest.approx((0.25, 0.125), abs=0.01)  # only what moves
        view.redraw = Redraw.SETTLED
        yield from frames(window, 2)
        assert shares(window) == pytest.approx((0.25, 0.375), abs=0.01)
        view.redraw, view.height = Redraw.NOTHING, 1.0
        yield from frames(window, 2)
        assert shares(window) == pytest.approx((0.25, 0.375), abs=0.01)
        view.redraw, view.height = Redraw.MOVING, 0.0
        yield from frames(window, 2)
        assert shares(window) == pytest.approx((0, 0.375), abs=0.01)  # nothing is left behind
        on_screen = share_of(screen.pixels(), theme.GREEN) * screen.pixels().shape[0]
        in_canvas = share_of(picture(window), theme.GREEN) * picture(window).shape[0]
        assert on_screen * screen.pixels().shape[1] == pytest.approx(
            in_canvas * picture(window).shape[1], rel=0.01
        )

    play(window, script())


@pytest.mark.parametrize("size", [(640, 400), (600, 900), (1500, 500)])
@pytest.mark.usefixtures("screen")
def test_a_new_size_is_laid_out_anew(size: tuple[int, int]) -> None:
    view = Bars()
    view.height = 0.5
    window = Window(view)

    def script() -> Script:
        yield from frames(window, 2)
        window.resize(*size)
        yield from until(lambda: view.built[-1] == size)
        yield from frames(window, 2)
        assert picture(window).shape[:2] == size[::-1]
        assert shares(window) == pytest.approx((0.25, 0.125), abs=0.02)

    play(window, script())
    assert len(view.built) == 2


@pytest.mark.parametrize("key", [Qt.Key.Key_Q, Qt.Key.Key_Escape], ids=["q", "Esc"])
@pytest.mark.usefixtures("screen")
def test_keys_that_close_it(key: Qt.Key) -> None:
    window = Window(Bars())

    def script() -> Script:
        yield from frames(window, 2)
        press(window, key)
        yield from frames(window, 100)
        pytest.fail("the window is still there")

    play(window, script())
    assert 2 <= len(window.frame_starts_s) < 100


@pytest.mark.usefixtures("screen")
def test_own_keys_are_shown_and_obeyed_and_others_do_nothing() -> None:
    pressed: list[str] = []
    keys = [Key(name, f"does {name}", partial(pressed.append, name)) for name in "ab"]
    window = Window(Bars(), keys, closes="leave")
    (shown,) = (text.get_text() for text in axes_named(window, "keys").texts)

    def script() -> Script:
        yield from frames(window, 2)
        for key in (Qt.Key.Key_A, Qt.Key.Key_S, Qt.Key.Key_L, Qt.Key.Key_G, Qt.Key.Key_B):
            press(window, key)

    play(window, script())
    assert pressed == ["a", "b"]
    assert [part.split() for part in shown.split("      ")] == [
        ["[q]", "leave"],
        ["[a]", "does", "a"],
        ["[b]", "does", "b"],
        ["[f]", "full", "screen"],
    ]


@pytest.mark.usefixtures("screen")
def test_f_asks_for_the_full_screen_and_gives_it_back() -> None:
    window = Window(Bars())
    asked: list[bool] = []  # a window manager, which there is none of here, would obey

    def script() -> Script:
        for _ in range(2):
            yield from frames(window, 2)
            press(window, Qt.Key.Key_F)
            (top,) = (widget for widget in QApplication.topLevelWidgets() if widget.isVisible())
            asked.append(top.isFullScreen())

    play(window, script())
    assert asked == [True, False]


def broken_view(view: Bars, _: Window) -> None:
    view.broken = True


def broken_key(_: Bars, window: Window) -> None:
    press(window, Qt.Key.Key_X)


@pytest.mark.parametrize("break_it", [broken_view, broken_key])
@pytest.mark.usefixtures("screen")
def test_an_error_closes_it_and_is_raised(break_it: Callable[[Bars, Window], None]) -> None:
    def complain() -> None:
        raise ValueError("broken key")

    view = Bars()
    window = Window(view, [Key("x", "breaks", complain)])

    def script() -> Script:
        yield from frames(window, 2)
        break_it(view, window)
        yield from frames(window, 100)
        pytest.fail("the window is still there")

    with pytest.raises(ValueError, match="broken"):
        play(window, script())


@pytest.mark.usefixtures("screen")
def test_it_draws_often_enough() -> None:
    view = Bars()
    window = Window(view)

    def script() -> Script:
        for frame in range(60):
            view.height = frame % 10 / 10
            yield from frames(window, 1)

    play(window, script())
    assert 1 / np.median(np.diff(window.frame_starts_s)) >= 30


@pytest.mark.usefixtures("screen")
def test_it_takes_no_references_from_python() -> None:
    """PySide6 6.12.0 does, with Python 3.11: some minutes later there is no None left."""
    window = Window(Bars())
    counts: list[int] = []

    def script() -> Script:
        for _ in range(3):
            yield from frames(window, 40)
            counts.append(sys.getrefcount(None))

    play(window, script())
    assert max(counts) - min(counts) < 20
