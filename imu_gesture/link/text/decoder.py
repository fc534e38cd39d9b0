"""Boards that print numbers, one sample a line. Bytes and time in, events out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from imu_gesture.errors import InputError
from imu_gesture.link.link import LineDamaged, LinkEvent, SamplesLost, SamplesReceived
from imu_gesture.link.text.arrival_clock import ArrivalClock
from imu_gesture.link.text.clock import Doubted, Missing, TextClock
from imu_gesture.link.text.columns import Columns, header_columns
from imu_gesture.link.text.lines import (
    LONGEST_LINE,
    LineSplitter,
    is_number,
    looks_like_numbers,
    numbers,
    split_fields,
)
from imu_gesture.link.text.printed_clock import PrintedClock
from imu_gesture.samples import Float32Array, Int64Array, Samples

_COMMENT = b"#"


class TextDecoder:
    """Turns chunks of any size into events; a damaged line costs itself.

    A line takes the next sequence number when it is a sample or was one before it was damaged.

    Args:
        columns: what a line holds; None to believe the sketch's own header.

    Attributes:
        bad_in_a_row: lines that do not read since the last that does.
        doubted_in_a_row: lines that read, but whose time cannot be, since the last sample.
        last_bad: the newest of either.
        header_problem: why a header could not be used.
    """

    def __init__(self, columns: Columns | None = None) -> None:
        self.bad_in_a_row = 0
        self.doubted_in_a_row = 0
        self.last_bad = b""
        self.header_problem = ""
        self._splitter = LineSplitter()
        self._lost = False  # to be told before the next sample
        self._next_sequence = 0
        self._rows: list[list[float]] = []
        self._lines: list[bytes] = []  # of those rows
        self._sequence: list[int] = []  # theirs
        self.columns: Columns | None = None
        self._clock: TextClock = ArrivalClock()
        if columns is not None:
            self._use(columns)

    @property
    def rate_hz(self) -> float | None:
        """Lines a second, where the board prints no times and it was measured."""
        return self._clock.rate_hz if isinstance(self._clock, ArrivalClock) else None

    @property
    def pace(self) -> float | None:
        """Seconds that the time column advances in a second; None before it was measured."""
        return self._clock.pace if isinstance(self._clock, PrintedClock) else None

    def restart(self) -> None:
        """The board was away: it goes on anywhere in a line, and nobody knows what is missing."""
        self._splitter.restart()
        self._lost = True

    def feed(self, chunk: bytes, now_s: float) -> Iterator[LinkEvent]:
        """Yield what `chunk`, which came at `now_s`, completes, in order."""
        for line, whole in self._splitter.feed(chunk):
            if not self._skips(line, whole) and not self._takes(line):
                yield from self._settle(now_s)
                self.bad_in_a_row += 1
                yield self._damaged(line)
        yield from self._settle(now_s)

    def _skips(self, line: bytes, whole: bool) -> bool:
        """Whether a line says nothing; a header says what the columns are."""
        if not line.strip() or line.startswith(_COMMENT):
            return True
        fields = split_fields(line)
        if not any(is_number(field) for field in fields) and len(fields) > 1:
            try:
                header = header_columns([field.decode("utf-8", "replace") for field in fields])
            except InputError as error:
                self.header_problem = str(error)
            else:
                if self.columns is None:
                    self._use(header)
                return True
        return not whole

    def _use(self, columns: Columns) -> None:
        self.columns = columns
        self._clock = PrintedClock() if columns.has_time else ArrivalClock()

    def _takes(self, line: bytes) -> bool:
        row = None if self.columns is None else numbers(line, self.columns)
        if row is None:
            self._next_sequence += looks_like_numbers(line)
            return False
        self._rows.append(row)
        self._lines.append(line)
        self._sequence.append(self._next_sequence)
        self._next_sequence += 1
        self.bad_in_a_row = 0
        return True

    def _damaged(self, line: bytes) -> LineDamaged:
        self.last_bad = line
        return LineDamaged(line[: LONGEST_LINE + 1].decode("utf-8", "replace").strip())

    def _settle(self, now_s: float) -> Iterator[LinkEvent]:
        """Events of as many rows as the clock is sure of."""
        if not self._rows or self.columns is None:
            return
        values = np.array(self._rows) * self.columns.per_unit
        sequence = np.array(self._sequence, np.int64)
        marks = np.rint(values[:, 0]).astype(np.int64) if self.columns.has_time else sequence
        steps, settled = self._clock.place(marks, now_s)
        lines = self._lines[:settled]
        del self._rows[:settled], self._lines[:settled], self._sequence[:settled]
        for step in steps:
            if isinstance(step, Missing):
                self._lost = True
            elif isinstance(step, Doubted):
                self.doubted_in_a_row += 1
                yield self._damaged(lines[step.row])
            else:
                self.doubted_in_a_row = 0
                if self._lost:
                    self._lost = False
                    yield SamplesLost(None)
                part = slice(step.start, step.start + len(step.time_us))
                yield SamplesReceived(
                    _samples(self.columns, values[part], step.time_us, sequence[part])
                )


def _samples(
    columns: Columns,
    values: NDArray[np.float64],
    time_us: Int64Array,
    sequence: Int64Array,
) -> Samples:
    """Samples of (n, numbers) values in our units."""
    readings = values[:, 1:] if columns.has_time else values
    acc, *others = (
        np.ascontiguousarray(part, np.float32)
        for part in np.split(readings, readings.shape[1] // 3, axis=1)
    )
    gyr: Float32Array | None = others.pop(0) if columns.has("g") else None
    if not columns.has("m"):
        return Samples(time_us, acc, gyr, sequence)
    return Samples(time_us, acc, gyr, sequence, time_us, others[-1])
