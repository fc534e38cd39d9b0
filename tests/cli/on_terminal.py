"""The command line in a terminal of its own: what it draws, and keys that are pressed."""

from __future__ import annotations

import fcntl
import os
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.cli.command import PROGRAM, TIMEOUT_S

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class OnTerminal:
    """A process whose terminal this is: its three streams, its keys, its Ctrl-C."""

    def __init__(self, *arguments: str | Path) -> None:
        self._own, self._theirs = os.openpty()
        fcntl.ioctl(self._theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 120, 0, 0))
        self.before = self.settings()
        self.process = subprocess.Popen(
            [PROGRAM, *map(str, arguments)],
            stdin=self._theirs,
            stdout=self._theirs,
            stderr=self._theirs,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509
            env=os.environ | {"TERM": "xterm-256color"},
        )
        self._raw = ""
        self._seen_to = 0

    def settings(self) -> list[Any]:
        """How the terminal is set, as `stty -a` tells."""
        return termios.tcgetattr(self._theirs)

    def set_as_before(self) -> None:
        termios.tcsetattr(self._theirs, termios.TCSANOW, self.before)

    @property
    def drawn(self) -> str:
        """Everything so far, without colours and movements of the cursor."""
        return _CONTROL.sub("", self._raw)

    def press(self, keys: str) -> None:
        os.write(self._own, keys.encode())

    def wait_for(self, text: str) -> None:
        """Until it is drawn, after what was waited for before."""
        end_s = time.monotonic() + TIMEOUT_S
        while (at := self.drawn.find(text, self._seen_to)) < 0:
            assert time.monotonic() < end_s, f"no {text!r} in:\n{self.drawn[self._seen_to :]}"
            self._read(0.1)
        self._seen_to = at + len(text)

    def end(self) -> int:
        """Wait for it to end; its exit code."""
        end_s = time.monotonic() + TIMEOUT_S
        while self.process.poll() is None:
            assert time.monotonic() < end_s, self.drawn
            self._read(0.05)
        while self._read(0.05):
            pass
        return self.process.returncode

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._own)
        os.close(self._theirs)

    def _read(self, timeout_s: float) -> bool:
        ready, _, _ = select.select([self._own], [], [], timeout_s)
        if ready:
            self._raw += os.read(self._own, 65536).decode(errors="replace")
        return bool(ready)


@contextmanager
def on_terminal(*arguments: str | Path) -> Iterator[OnTerminal]:
    """`imu-gesture` in a terminal while it runs; it does not outlive the test."""
    terminal = OnTerminal(*arguments)
    try:
        yield terminal
    finally:
        terminal.close()
