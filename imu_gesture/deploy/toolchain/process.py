"""Another program, its output passed on line by line and kept."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

_GRACE_S = 5.0
# arduino-cli speaks twenty languages, and one of them is read here.
_IN_ENGLISH = {"LC_ALL": "C.UTF-8", "ARDUINO_LOCALE": "en"}


@dataclass(frozen=True)
class Finished:
    """How a program ended, and all that it said."""

    code: int
    output: str


def run(command: Sequence[str], log: Path, tell: Callable[[str], None]) -> Finished:
    """Run a program to its end; a Ctrl-C ends it, too.

    Args:
        command: the program and its arguments; no shell sees them.
        log: file that gets its output.
        tell: gets each line as it comes.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    lines: list[str] = []
    with (
        log.open("w", encoding="utf-8") as file,
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=os.environ | _IN_ENGLISH,
        ) as child,
    ):
        try:
            for line in child.stdout or ():
                file.write(line)
                lines.append(line)
                tell(line.rstrip())
        except BaseException:
            _end(child)
            raise
        child.wait()
    return Finished(child.returncode, "".join(lines))


def _end(child: subprocess.Popen[str]) -> None:
    child.terminate()
    try:
        child.wait(_GRACE_S)
    except subprocess.TimeoutExpired:
        child.kill()
