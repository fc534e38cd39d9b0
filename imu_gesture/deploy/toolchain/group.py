"""A program and all that it starts: they end together.

arduino-cli starts discoveries, compilers and bossac; where only it is ended, they go on, and bossac
holds the port.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

_GRACE_S = 5.0


@contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[str]]:
    """Start a program whose two outputs can be read.

    Whatever breaks off what is done with it, a Ctrl-C too, ends it with all that it has started.
    """
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=dict(environment),
        start_new_session=sys.platform != "win32",
        creationflags=_FLAGS,
    )
    try:
        yield child
    except BaseException:
        end(child)
        raise


if sys.platform == "win32":
    _FLAGS = subprocess.CREATE_NEW_PROCESS_GROUP  # a Ctrl-C is ours to pass on

    def end(child: subprocess.Popen[str]) -> None:
        """End a program and what it has started, which is found by way of it."""
        subprocess.run(
            ["taskkill", "/T", "/F", "/PID", str(child.pid)], capture_output=True, check=False
        )
        child.wait()

else:
    _FLAGS = 0

    def end(child: subprocess.Popen[str]) -> None:
        """End a program and what it has started: politely, and after five seconds without."""
        try:
            _send(child, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                child.wait(_GRACE_S)
        finally:  # also when Ctrl-C is pressed once more
            _send(child, signal.SIGKILL)
            child.wait()

    def _send(child: subprocess.Popen[str], number: int) -> None:
        with suppress(ProcessLookupError, PermissionError):  # as an empty group is told (macOS)
            os.killpg(child.pid, number)
