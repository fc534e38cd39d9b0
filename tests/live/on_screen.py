"""Windows in the test's own process: a script goes on beside them, and presses their keys."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, cast

import numpy as np
from matplotlib.axes import Axes
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from imu_gesture.live.window import Window
from tests.screen import Pixels

_TICK_MS = 10
_PATIENCE_S = 20.0

Script = Iterator[None]
Point = tuple[float, float]


def play(window: Window, script: Script) -> None:
    """Run a window, with the script going on until it or the window ends.

    What the script asserts, it asserts here.
    """
    failures: list[BaseException] = []

    def tick() -> None:
        try:
            next(script)
        except StopIteration:
            window.close()
        except BaseException as failure:  # raised below: Qt would swallow it
            failures.append(failure)
            window.close()

    timer = window.canvas.new_timer(interval=_TICK_MS)
    timer.add_callback(tick)
    timer.start()
    try:
        window.run()
    finally:
        timer.stop()
        if failures:
            raise failures[0]


def until(true: Callable[[], bool]) -> Script:
    """Wait for something that must come."""
    end_s = time.monotonic() + _PATIENCE_S
    while not true():
        assert time.monotonic() < end_s, "it did not come"
        yield


def frames(window: Window, count: int) -> Script:
    """Wait for so many more frames."""
    at = len(window.frame_starts_s)
    yield from until(lambda: len(window.frame_starts_s) >= at + count)


def press(window: Window, key: Qt.Key) -> None:
    """A key, as Qt hears it."""
    QTest.keyClick(cast("QWidget", window.canvas), key)


def drag(window: Window, axes: Axes, start: Point, end: Point) -> None:
    """Press the mouse at one place of some axes, move it to another, and let go."""
    canvas = cast("QWidget", window.canvas)
    first, last = (_pixel(window, axes, point) for point in (start, end))
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=first)
    QTest.mouseMove(canvas, last)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=last)


def _pixel(window: Window, axes: Axes, point: Point) -> QPoint:
    x, y = axes.transData.transform(point).tolist()
    return QPoint(round(x), round(window.figure.bbox.height - y))


def picture(window: Window) -> Pixels:
    """(height, width, 3) what the window's canvas holds."""
    buffer = np.asarray(cast("Any", window.canvas).buffer_rgba(), np.uint8)
    return buffer[:, :, :3].copy()


def part_of(pixels: Pixels, window: Window, axes: Axes) -> Pixels:
    """Of a picture of a window, where some axes are."""
    x0, y0, x1, y1 = (round(edge) for edge in axes.bbox.extents)
    height = round(window.figure.bbox.height)
    return pixels[height - y1 : height - y0, x0:x1]


def axes_named(window: Window, label: str) -> Axes:
    """The axes that were made with this label."""
    (found,) = (axes for axes in window.figure.axes if axes.get_label() == label)
    return found
