"""Keys without Enter, while something goes on; the terminal is restored whatever happens."""

from __future__ import annotations

import _thread
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from imu_gesture.recording.capture import Key

_POLL_S = 0.1
_END = "q"


class Keyboard:
    """Keys that were pressed; `q` is as good as Ctrl-C, and is not kept."""

    def __init__(self) -> None:
        self._keys: queue.SimpleQueue[str] = queue.SimpleQueue()

    def press(self, characters: str) -> None:
        """Called by the thread that reads the terminal."""
        for character in characters.lower():
            if character == _END:
                _thread.interrupt_main()
            else:
                self._keys.put(character)

    def pressed(self) -> Key | None:
        """The oldest key that means something."""
        while not self._keys.empty():
            match self._keys.get():
                case "r":
                    return "retake"
                case "p":
                    return "pause"
        return None


@contextmanager
def keyboard() -> Iterator[Keyboard | None]:
    """Listen to keys in a thread; None where standard input is no terminal, or not ours."""
    if not sys.stdin.isatty() or threading.current_thread() is not threading.main_thread():
        yield None
        return
    keys, ending = Keyboard(), threading.Event()
    with _single_keys() as read:
        if read is None:
            yield None
            return
        thread = threading.Thread(target=_listen, args=(read, keys, ending), daemon=True)
        thread.start()
        try:
            yield keys
        finally:
            ending.set()
            thread.join()


def _listen(read: Callable[[], str | None], keys: Keyboard, ending: threading.Event) -> None:
    while not ending.is_set():
        characters = read()
        if characters is None:
            return
        keys.press(characters)


@contextmanager
def ending_on_termination() -> Iterator[None]:
    """Let `kill` and a closed terminal end a program by way of its `finally`s."""
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, _: FrameType | None) -> None:
        sys.exit(128 + number)  # as shells report it

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


if sys.platform == "win32":
    import msvcrt
    import time

    @contextmanager
    def _single_keys() -> Iterator[Callable[[], str | None] | None]:
        yield _read_keys

    def _read_keys() -> str:
        if not msvcrt.kbhit():
            time.sleep(_POLL_S)
            return ""
        return msvcrt.getwch()

else:
    import select
    import termios
    import tty

    @contextmanager
    def _single_keys() -> Iterator[Callable[[], str | None] | None]:
        """No echo, no waiting for Enter; Ctrl-C stays a signal."""
        terminal = sys.stdin.fileno()
        if os.tcgetpgrp(terminal) != os.getpgrp():  # in the background: another program's keys
            yield None
            return
        before = termios.tcgetattr(terminal)
        # A shell that was let in by Ctrl-Z leaves the terminal as it wants it.
        on_return = signal.signal(signal.SIGCONT, lambda *_: tty.setcbreak(terminal))
        try:
            tty.setcbreak(terminal)
            yield lambda: _read_keys(terminal)
        finally:
            signal.signal(signal.SIGCONT, on_return)
            termios.tcsetattr(terminal, termios.TCSAFLUSH, before)

    def _read_keys(terminal: int) -> str | None:
        """What was typed; None at the end of it."""
        ready, _, _ = select.select([terminal], [], [], _POLL_S)
        if not ready:
            return ""
        try:
            typed = os.read(terminal, 64)
        except OSError:  # the terminal was closed
            return None
        return typed.decode("ascii", "ignore") if typed else None
