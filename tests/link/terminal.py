"""A board on a real serial device: the other end of a pseudo-terminal."""

from __future__ import annotations

import os
import select
import sys
import time
from types import TracebackType
from typing import Self

if sys.platform != "win32":
    import termios

_WAIT_S = 10.0
_SETTLE_S = 0.1  # what comes while a port is opened is thrown away


class Terminal:
    """`port` is what a program opens; this end is the board's."""

    def __init__(self) -> None:
        self._board, self._host = os.openpty()
        self.port = os.ttyname(self._host)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.vanish()
        os.close(self._host)

    def hear(self, timeout_s: float = _WAIT_S) -> bytes:
        """What the host has written; waits for the first of it."""
        ready, _, _ = select.select([self._board], [], [], timeout_s)
        return os.read(self._board, 1000) if ready else b""

    def wait_for_host(self) -> None:
        """Wait until a program has opened the port: then its speed is set."""
        end_s = time.monotonic() + _WAIT_S
        while termios.tcgetattr(self._host)[5] != termios.B115200 and time.monotonic() < end_s:
            time.sleep(0.01)
        time.sleep(_SETTLE_S)

    def say(self, text: bytes) -> None:
        """Print; returns when the host has taken all that the terminal does not hold."""
        while text:
            text = text[os.write(self._board, text) :]

    def vanish(self) -> None:
        """The cable is pulled."""
        if self._board >= 0:
            os.close(self._board)
            self._board = -1
