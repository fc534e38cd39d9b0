"""Another program, its output passed on line by line and kept."""

from __future__ import annotations

import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, Self

from imu_gesture.deploy.toolchain.group import end, running
from imu_gesture.errors import DeploymentError

_POLL_S = 0.2
_GRACE_S = 2.0
_MINUTE_S = 60.0
# arduino-cli speaks twenty languages, and one of them is read here; nor shall it look for news.
_ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    "ARDUINO_LOCALE": "en",
    "ARDUINO_UPDATER_ENABLE_NOTIFICATION": "false",
    "NO_COLOR": "1",
}
_Stream = Literal["out", "err"]


@dataclass(frozen=True)
class Finished:
    """How a program ended, and what it said on its two outputs."""

    code: int
    out: str
    err: str

    @property
    def output(self) -> str:
        """All that it said."""
        return self.out + self.err


def run(
    command: Sequence[str],
    log: Path,
    tell: Callable[[str], None],
    minutes: float,
    meanwhile: Callable[[], None] = lambda: None,
) -> Finished:
    """Run a program to its end; a Ctrl-C, an exit or a timeout ends it with all it has started.

    Args:
        command: the program and its arguments; no shell sees them.
        log: file that gets its output, as it comes.
        tell: gets each line as it comes.
        minutes: that it may take.
        meanwhile: is called several times a second while it says nothing.

    Raises:
        DeploymentError: it took too long, or cannot be started.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    said: dict[_Stream, list[str]] = {"out": [], "err": []}
    try:
        with (
            log.open("w", encoding="utf-8") as file,
            _Outputs() as outputs,
            running(command, os.environ | _ENVIRONMENT) as child,
        ):
            end_s = time.monotonic() + minutes * _MINUTE_S
            for stream, line in outputs.lines_of(child, end_s, meanwhile):
                file.write(line)
                said[stream].append(line)
                tell(line.rstrip())
    except TimeoutError as error:
        raise DeploymentError(
            f"{Path(command[0]).name} has not ended within {minutes:g} minutes and was stopped; "
            f"try again (what it said until then: {log})"
        ) from error
    return Finished(child.returncode, "".join(said["out"]), "".join(said["err"]))


class _Outputs:
    """Two threads that read a program's two outputs."""

    def __init__(self) -> None:
        self._arrived: queue.SimpleQueue[tuple[_Stream, str | None]] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for thread in self._threads:
            thread.join(_GRACE_S)

    def lines_of(
        self, child: subprocess.Popen[str], end_s: float, meanwhile: Callable[[], None]
    ) -> Iterator[tuple[_Stream, str]]:
        """Both outputs as they come, until the program has ended. Raises TimeoutError."""
        self._read(child.stdout, "out")
        self._read(child.stderr, "err")
        open_streams = 2
        while open_streams:
            if time.monotonic() > end_s:
                raise TimeoutError
            try:
                stream, line = self._arrived.get(timeout=_POLL_S)
            except queue.Empty:
                if child.poll() is not None:  # what it has left behind holds its outputs
                    end(child)
                    return
                meanwhile()
                continue
            if line is None:
                open_streams -= 1
            else:
                yield stream, line
        _await(child, end_s)

    def _read(self, source: IO[str] | None, stream: _Stream) -> None:
        """None comes last."""

        def read() -> None:
            if source is not None:
                with source:
                    for line in source:
                        self._arrived.put((stream, line))
            self._arrived.put((stream, None))

        thread = threading.Thread(target=read, daemon=True, name=f"read {stream}")
        thread.start()
        self._threads.append(thread)


def _await(child: subprocess.Popen[str], end_s: float) -> None:
    try:
        child.wait(max(end_s - time.monotonic(), 0))
    except subprocess.TimeoutExpired as error:
        raise TimeoutError from error
