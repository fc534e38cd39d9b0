"""Programs that stand for arduino-cli: they record how they are called, and answer as told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.deploy import tool_output

posix = pytest.mark.skipif(sys.platform == "win32", reason="the fakes are shell scripts")

# Each asks for what it is to do from files beside it, so that a test may change it in between.
_SCRIPT = """#!/bin/sh
here="$(dirname "$0")"
echo "$@" >> "$here/called"
what="$here/answers/$1"
if [ -e "$what.sh" ]; then . "$what.sh"; fi
cat "$what.out"
cat "$what.err" >&2
exit "$(cat "$what.code")"
"""


class FakeArduinoCli:
    """A program in `folder`, called `arduino-cli`."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "arduino-cli"
        self._folder = folder
        (folder / "answers").mkdir(parents=True)
        self.path.write_text(_SCRIPT)
        self.path.chmod(0o755)
        self.answer("version", tool_output.said("version.json"))
        self.answer("compile", tool_output.said("compile_ok.json"))
        self.answer("upload", tool_output.said("upload_ok.json"))

    def answer(self, what: str, out: str = "", err: str = "", code: int = 0, sh: str = "") -> None:
        """What it prints when it is asked `what`; `sh` is done before, `$here` is the folder."""
        for ending, text in (("out", out), ("err", err), ("code", str(code)), ("sh", sh)):
            (self._folder / "answers" / f"{what}.{ending}").write_text(text, encoding="utf-8")

    @property
    def called(self) -> list[str]:
        """The arguments of each call but those that ask for its version."""
        file = self._folder / "called"
        lines = file.read_text().splitlines() if file.exists() else []
        return [line for line in lines if not line.startswith("version")]
