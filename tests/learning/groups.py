"""Programs with child processes: each is a process group that is gone when the test is over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_ROOT = Path(__file__).parents[2]
PATIENCE_S = 30


@contextmanager
def group(code: str, *arguments: Path) -> Iterator[subprocess.Popen[str]]:
    """A Python that runs `code`; `sys` is imported."""
    command = [sys.executable, "-c", f"import sys\n{code}", *map(str, arguments)]
    program = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=_ROOT,
        start_new_session=True,
    )
    try:
        yield program
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(program.pid, signal.SIGKILL)
        program.communicate()


def is_gone(program: subprocess.Popen[str]) -> bool:
    """Whether no process of the group is left, at once or soon."""
    deadline_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline_s:
        try:
            os.killpg(program.pid, 0)
        except (ProcessLookupError, PermissionError):  # macOS says the second of zombies
            return True
        time.sleep(0.05)
    return False
