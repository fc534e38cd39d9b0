"""What arduino-cli is at: with `--json` it prints nothing before its end, but it keeps a log."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

_SILENCE_S = 10.0
# As logrus writes them (arduino-cli internal/arduino/httpclient, builder/internal/utils).
_DOWNLOAD = re.compile(r'msg="Starting download".*\burl="?(?P<url>[^"\s]+)')
_SOURCE = re.compile(r'msg="Checking previous results for (?P<file>.+?) \(result = ')


class Progress:
    """Tells of each download, and every ten seconds what else goes on.

    Args:
        log: the file that arduino-cli adds to; may not be there yet.
        tell: gets a line.
        doing: the work, in a word.
        now_s: any clock in seconds.
    """

    def __init__(
        self,
        log: Path,
        tell: Callable[[str], None],
        doing: str,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log, self._tell, self._doing, self._now_s = log, tell, doing, now_s
        self._started_s = self._told_s = now_s()
        self._read = log.stat().st_size if log.exists() else 0
        self._rest = ""
        self._at = ""

    def look(self) -> None:
        """Read what the log has got, and tell what is due."""
        for line in self._new_lines():
            if found := _DOWNLOAD.search(line):
                self._at = f"downloading {found['url'].rpartition('/')[2]}"
                self._say(self._at)
            elif found := _SOURCE.search(line):
                self._at = re.split(r"[/\\]", found["file"])[-1]
        if self._now_s() - self._told_s >= _SILENCE_S:
            elapsed_s = self._now_s() - self._started_s
            self._say(f"{self._doing}, {elapsed_s:.0f} s" + (f": {self._at}" if self._at else ""))

    def _say(self, line: str) -> None:
        self._told_s = self._now_s()
        self._tell(line)

    def _new_lines(self) -> list[str]:
        """Whole lines that were written since the last look."""
        try:
            with self._log.open("rb") as file:
                file.seek(self._read)
                new = file.read()
        except OSError:
            return []
        self._read += len(new)
        *lines, self._rest = (self._rest + new.decode("utf-8", "replace")).split("\n")
        return lines
