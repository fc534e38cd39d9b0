"""Lines out of chunks, and numbers out of lines: what does not read as a whole is damaged."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from imu_gesture.link.text.columns import Columns

LONGEST_LINE = 512
_SEPARATORS = (b";", b",", b"\t")
_LARGEST_READING = 1e9
_LARGEST_TIME_US = 2.0**53  # whole numbers up to there are exact
_NUMBER_STARTS = b"+-.0123456789"


@dataclass
class LineSplitter:
    """Turns chunks of any size into lines; of one that is too long only the head, once.

    What stands before the first line end may be the end of a line: it is marked as not whole.
    """

    _pending: bytes = b""
    _overlong: bool = False
    _started: bool = False

    def feed(self, chunk: bytes) -> Iterator[tuple[bytes, bool]]:
        """Each line that `chunk` completes, and whether its start is known to be there."""
        *lines, self._pending = (self._pending + chunk).split(b"\n")
        for line in lines:
            if not self._overlong:
                yield line[: LONGEST_LINE + 1], self._started
            self._started, self._overlong = True, False
        if len(self._pending) > LONGEST_LINE:
            if not self._overlong:
                yield self._pending[: LONGEST_LINE + 1], self._started
            self._pending, self._overlong = b"", True

    def restart(self) -> None:
        """The next chunk begins anywhere in a line."""
        self._pending, self._overlong, self._started = b"", False, False


def split_fields(line: bytes) -> list[bytes]:
    """The fields of a line, between semicolons, commas, tabs or blanks: whichever is there first.

    Tabs or blanks that end a line, as many sketches print them, begin no further field.
    """
    line = line.strip()
    for separator in _SEPARATORS:
        if separator in line:
            return line.split(separator)
    return line.split()


def numbers(line: bytes, columns: Columns) -> list[float] | None:
    """The numbers of a line in the order of `columns.places`, or None when anything is wrong."""
    if len(line) > LONGEST_LINE:
        return None
    fields = split_fields(line)
    if len(fields) != columns.width:
        return None
    if b"_" in line and any(b"_" in fields[place] for place in columns.places):
        return None  # Python reads 1_000 as a number
    try:
        found = [float(fields[place]) for place in columns.places]
    except ValueError:
        return None
    readings = found
    if columns.has_time:
        readings = found[1:]
        if not 0 <= found[0] * columns.per_unit[0] < _LARGEST_TIME_US:
            return None
    return found if all(abs(reading) < _LARGEST_READING for reading in readings) else None


def looks_like_numbers(line: bytes) -> bool:
    """Whether a damaged line was a sample rather than a word of the sketch."""
    return line.lstrip()[:1] in _NUMBER_STARTS and bool(line.strip())


def is_number(field: bytes) -> bool:
    """Whether a field is a finite number."""
    try:
        return math.isfinite(float(field))
    except ValueError:
        return False
