"""Signals that end a program are held back while something must be done as a whole."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
_ENDING = [number for number in signal.Signals if number.name in _NAMES]

_Handler = Callable[[int, FrameType | None], Any] | int | None


class _Guard:
    """Takes the signals over, and passes them on as soon as nobody holds them back."""

    def __init__(self) -> None:
        self.watching = False
        self.holding = 0
        self.came: list[int] = []

    def take_over(self) -> list[tuple[signal.Signals, _Handler]]:
        """Install; returns the handlers before."""
        self.watching = True
        before: list[tuple[signal.Signals, _Handler]] = [
            (number, signal.getsignal(number)) for number in _ENDING
        ]
        for number, handler in before:
            signal.signal(number, lambda *at, then=handler: self._on_signal(then, *at))
        return before

    def give_back(self, before: list[tuple[signal.Signals, _Handler]]) -> None:
        """Install the handlers before."""
        self.watching = False
        for number, handler in before:
            signal.signal(number, signal.SIG_DFL if handler is None else handler)

    def _on_signal(self, then: _Handler, number: int, frame: FrameType | None) -> None:
        if self.holding:
            self.came.append(number)
        elif callable(then):
            then(number, frame)
        elif then == signal.SIG_DFL:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)

    def release(self) -> None:
        """Raise what has come meanwhile."""
        if self.came and not self.holding:
            number, self.came = self.came[0], []
            signal.raise_signal(number)


_guard = _Guard()


@contextmanager
def watched() -> Iterator[None]:
    """Make `uninterrupted` cheap in here, where it is entered for every event."""
    if _guard.watching or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = _guard.take_over()
    try:
        yield
    finally:
        _guard.give_back(before)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C and its like back: a chunk written by half would spoil the whole file."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals only ever interrupt the main thread
        return
    with watched():
        _guard.holding += 1
        try:
            yield
        finally:
            _guard.holding -= 1
            _guard.release()
