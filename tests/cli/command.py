"""The command line as users start it: a process of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROGRAM = shutil.which("imu-gesture", path=str(Path(sys.executable).parent)) or "imu-gesture"
TIMEOUT_S = 60.0


@dataclass(frozen=True)
class Done:
    """What a command left: exit code, standard output and error stream."""

    code: int
    out: str
    err: str

    @property
    def problem(self) -> str:
        """The one line of a command that failed as it should."""
        (line,) = self.err.splitlines()
        assert line.startswith("error: ")
        assert self.code == 1
        return line


@contextmanager
def started(*arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    """`imu-gesture` while it runs; it does not outlive the test."""
    process = subprocess.Popen(
        [PROGRAM, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def finish(process: subprocess.Popen[str], timeout_s: float = TIMEOUT_S) -> Done:
    """Wait for it, and take what it still has to say."""
    out, err = process.communicate(timeout=timeout_s)
    return Done(process.returncode, out, err)


def run(*arguments: str | Path, timeout_s: float = TIMEOUT_S) -> Done:
    """Run `imu-gesture` to its end."""
    with started(*arguments) as process:
        return finish(process, timeout_s)
