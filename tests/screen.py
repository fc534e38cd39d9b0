"""A display of our own, for tests that open windows: Xvfb, its keys, and what is really on it."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 1600, 1000
_PATIENCE_S = 30.0
_HEADER = 25  # 32-bit words of an XWD file that matter, high byte first

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Screen:
    """A running X server; `display` is its name, `memory` the file that it draws in."""

    display: str
    memory: Path

    def pixels(self) -> Pixels:
        """(height, width, 3) red, green, blue of what a person would see now."""
        content = self.memory.read_bytes()
        header = np.frombuffer(content, ">u4", _HEADER).astype(int).tolist()
        size, width, height, bytes_per_line, colours = (header[i] for i in (0, 4, 5, 12, 19))
        rows = np.frombuffer(content, np.uint8, bytes_per_line * height, size + 12 * colours)
        return rows.reshape(height, -1, 4)[:, :width, 2::-1].copy()

    def press(self, key: str, window_name: str) -> None:
        """A key of the keyboard, in the window of that name once it is there."""
        found = self._xdotool("search", "--sync", "--onlyvisible", "--name", window_name)
        self._xdotool("windowfocus", "--sync", found.split()[-1], "key", key)

    def _xdotool(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words],
            env={"DISPLAY": self.display},
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=True,
        )
        return done.stdout


def missing_programs() -> list[str]:
    """Of those that a screen needs."""
    return [name for name in ("Xvfb", "xdotool") if shutil.which(name) is None]


@contextmanager
def started_screen(folder: Path) -> Iterator[Screen]:
    """Start it on a free display, end it afterwards; `folder` is its own."""
    options = f"-screen 0 {WIDTH}x{HEIGHT}x24 -nolisten tcp -noreset -displayfd 1 -fbdir".split()
    with subprocess.Popen(
        ["Xvfb", *options, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
        assert server.stdout is not None
        try:
            number = server.stdout.readline().decode().strip()
            assert number, "Xvfb did not start"
            yield Screen(f":{number}", folder / "Xvfb_screen0")
        finally:
            server.terminate()


def wait_until(true: Callable[[], bool], what: str) -> None:
    """Look every now and then."""
    end_s = time.monotonic() + _PATIENCE_S
    while not true():
        assert time.monotonic() < end_s, f"waited {_PATIENCE_S:.0f} s for {what}"
        time.sleep(0.05)


def share_of(pixels: Pixels, colour: str) -> float:
    """How much of a picture (h, w, 3) has exactly this colour, such as "#0072B2"."""
    wanted = np.frombuffer(bytes.fromhex(colour.removeprefix("#")), np.uint8)
    return float((pixels == wanted).all(axis=-1).mean())
