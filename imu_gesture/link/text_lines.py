"""Boards that print numbers: one sample a line, columns as declared. Bytes in, events out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from imu_gesture.link.link import (
    BoardFailed,
    GestureReported,
    LineDamaged,
    LinkEvent,
    SamplesReceived,
)
from imu_gesture.samples import Samples

SKETCH_COLUMNS = ("device_time_us", "aX", "aY", "aZ", "gX", "gY", "gZ")
_GESTURE_MARK = "# gesture,"
_ERROR_MARK = "# error: "
_COMMENT = "#"
_LONGEST_LINE = 256
_LARGEST_NUMBER = 2**32  # the clock's; sensors stay far below
_LONGEST_STEP_US = 10_000_000
_JUMPS_OF_A_RESTART = 10


@dataclass
class _Clock:
    """The board's 32-bit clock, which wraps after 71.6 minutes, as 64 bits.

    A time that jumps is a damaged line; when jumps go on, the board has restarted.
    """

    _newest_us: int | None = None
    _jumps: int = 0

    def unwrap(self, time_us: int) -> int | None:
        """The time in 64 bits, or None for a jump."""
        if self._newest_us is None:
            self._newest_us = time_us
            return time_us
        step_us = (time_us - self._newest_us) % 2**32
        if step_us > _LONGEST_STEP_US:
            self._jumps += 1
            if self._jumps < _JUMPS_OF_A_RESTART:
                return None
            # The next time counts from here, in the same 64-bit line but after a clear gap.
            self._newest_us += (time_us - self._newest_us) % 2**32
            self._jumps = 0
            return self._newest_us
        self._jumps = 0
        self._newest_us += step_us
        return self._newest_us


@dataclass
class TextDecoder:
    """Turns chunks of any size into events; damaged lines cost one line each.

    Sample lines are `device_time_us,aX,aY,aZ,gX,gY,gZ` in µs, g and deg/s. Lines of the form
    `# gesture,<device_time_us>,<score>,<label>` are the board's own events, `# error: <problem>`
    is its last word; other comments and the header line are skipped.
    """

    _pending: bytes = b""
    _overlong: bool = False
    _started: bool = False
    _clock: _Clock = field(default_factory=_Clock)
    _sequence: int = 0

    def feed(self, chunk: bytes) -> Iterator[LinkEvent]:
        """Yield what `chunk` completes, in order; samples side by side come together."""
        rows: list[list[float]] = []
        for line in self._lines(chunk):
            event = self._read(line, rows)
            if event is not None:
                yield from self._flush(rows)
                yield event
        yield from self._flush(rows)

    def _lines(self, chunk: bytes) -> Iterator[bytes]:
        """Whole lines; of one that is too long, what shows that it is."""
        *whole, self._pending = (self._pending + chunk).split(b"\n")
        for line in whole:
            yield from self._head(line)
            self._started, self._overlong = True, False
        if len(self._pending) > _LONGEST_LINE:
            yield from self._head(self._pending)
            self._pending, self._overlong = b"", True

    def _head(self, line: bytes) -> Iterator[bytes]:
        if not self._overlong and (self._started or _is_whole(line)):
            yield line[: _LONGEST_LINE + 1]

    def _read(self, head: bytes, rows: list[list[float]]) -> LinkEvent | None:
        line = head.decode("utf-8", "replace").strip()
        if len(head) > _LONGEST_LINE:
            return LineDamaged(line)
        if not line or line == ",".join(SKETCH_COLUMNS):
            return None
        if line.startswith(_COMMENT):
            return _comment(line)
        numbers = _numbers(line)
        time_us = self._clock.unwrap(int(numbers[0])) if numbers else None
        if time_us is None:
            return LineDamaged(line)
        rows.append([time_us, *numbers[1:]])
        return None

    def _flush(self, rows: list[list[float]]) -> Iterator[LinkEvent]:
        if not rows:
            return
        table = np.array(rows)
        rows.clear()
        yield SamplesReceived(
            Samples(
                device_time_us=table[:, 0].astype(np.int64),
                acc_g=table[:, 1:4].astype(np.float32),
                gyr_dps=table[:, 4:7].astype(np.float32),
                sequence=self._sequence + np.arange(len(table), dtype=np.int64),
            )
        )
        self._sequence += len(table)


def _is_whole(line: bytes) -> bool:
    """Whether the first line after opening is one from its start: its end alone can mislead."""
    return line.startswith((b"#", SKETCH_COLUMNS[0].encode()))


def _numbers(line: str) -> list[float]:
    """The numbers of a sample line, or nothing."""
    try:
        numbers = [float(text) for text in line.split(",")]
    except ValueError:
        return []
    good = len(numbers) == len(SKETCH_COLUMNS) and numbers[0] >= 0
    return numbers if good and all(abs(number) < _LARGEST_NUMBER for number in numbers) else []


def _comment(line: str) -> LinkEvent | None:
    if line.startswith(_ERROR_MARK):
        return BoardFailed(line.removeprefix(_ERROR_MARK))
    return _gesture(line) if line.startswith(_GESTURE_MARK) else None


def _gesture(line: str) -> LinkEvent:
    try:
        _, time_us, score, label = line.split(",", 3)
        event = GestureReported(int(time_us), label, float(score))
    except ValueError:
        return LineDamaged(line)
    good = 0 <= event.device_time_us < _LARGEST_NUMBER and 0 <= event.score <= 1 and label
    return event if good else LineDamaged(line)
