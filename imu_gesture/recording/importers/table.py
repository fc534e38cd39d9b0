"""Numbers out of a delimited text file, with the line each row came from."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imu_gesture.errors import InputError
from imu_gesture.recording.importers.imported import Finding, Source

_DELIMITERS = ",;\t"
_LARGEST = 1e30  # finite as float32 in every unit
_HEADER_SHOWN = 300


@dataclass(frozen=True, eq=False)
class Table:
    """Rows of one text file; a damaged row keeps its place and is NaN throughout.

    Attributes:
        values: (n, columns) float64, in the order asked for; NaN where a sensor has no reading.
        time: (n,) float64 the time column in its own unit, or None.
        texts: (n,) the text column, or empty strings; a damaged row has that of the one before.
        line: (n,) line numbers, from 1.
        after_blank: (n,) True where an empty line stands before the row.
        findings: one for every damaged row.
    """

    values: NDArray[np.float64]
    time: NDArray[np.float64] | None
    texts: tuple[str, ...]
    line: NDArray[np.int64]
    after_blank: NDArray[np.bool_]
    findings: tuple[Finding, ...]

    @property
    def damaged(self) -> NDArray[np.bool_]:
        """(n,) True where the row could not be read."""
        return np.asarray(np.isnan(self.values).all(axis=1))

    @property
    def mag_only(self) -> NDArray[np.bool_]:
        """(n,) True where the magnetometer alone has a reading."""
        return np.asarray(np.isnan(self.values[:, 0]) & ~self.damaged)


def read_header(source: Source) -> tuple[str, ...]:
    """The column names of a file, spaces around them removed."""
    lines = _read_text(source.path).splitlines()
    if not lines:
        raise InputError(f"{source.path}: the file is empty")
    return _split(lines[0], _delimiter_of(lines[0]), source.at(1))


@dataclass(frozen=True)
class Columns:
    """Names of the columns to read.

    Where there are `mag` columns, either they or all of `values` may be empty in a row: the
    magnetometer has a rate of its own.
    """

    values: tuple[str, ...]
    mag: tuple[str, ...] = ()
    time: str | None = None
    text: str | None = None

    @property
    def numeric(self) -> tuple[str, ...]:
        """The columns that hold numbers, the time last."""
        readings = (*self.values, *self.mag)
        return (*readings, self.time) if self.time else readings


def read_table(source: Source, columns: Columns) -> Table:
    """Read the named columns of a file with one header line."""
    lines = _read_text(source.path).splitlines()
    header = read_header(source)
    wanted = (*columns.numeric, columns.text) if columns.text else columns.numeric
    missing = [name for name in wanted if name not in header]
    if missing:
        raise InputError(
            f"{source.at(1)}: no column {', '.join(missing)}; the header has "
            f"{', '.join(header)[:_HEADER_SHOWN]}. "
            "Name the columns with --acc, --gyr, --mag, --time and --label-column"
        )
    reader = _RowReader(source, header, columns, _delimiter_of(lines[0]))
    for number, line in enumerate(lines[1:], start=2):
        reader.take(number, line)
    return reader.table()


class _RowReader:
    """Collects rows one line at a time."""

    def __init__(
        self, source: Source, header: tuple[str, ...], columns: Columns, delimiter: str
    ) -> None:
        self._source = source
        self._has_time = columns.time is not None
        self._inertial = len(columns.values)
        self._readings = len(columns.values) + len(columns.mag)
        self._width = len(header)
        self._places = [header.index(name) for name in columns.numeric]
        self._text_place = header.index(columns.text) if columns.text else None
        self._delimiter = delimiter
        self._rows: list[list[float]] = []
        self._texts: list[str] = []
        self._lines: list[int] = []
        self._after_blank: list[bool] = []
        self._findings: list[Finding] = []
        self._blank_before = False

    def take(self, number: int, line: str) -> None:
        if not line.strip():
            self._blank_before = True
            return
        fields = _split(line, self._delimiter, self._source.at(number))
        values = self._numbers(number, line, fields)
        self._rows.append(values or [np.nan] * len(self._places))
        self._texts.append(self._text(fields) if values else (self._texts or [""])[-1])
        self._lines.append(number)
        self._after_blank.append(self._blank_before)
        self._blank_before = False

    def _text(self, fields: tuple[str, ...]) -> str:
        return "" if self._text_place is None else fields[self._text_place]

    def _numbers(self, number: int, line: str, fields: tuple[str, ...]) -> list[float] | None:
        """The numeric columns, or None and a finding."""
        if len(fields) != self._width:
            problem = f"{len(fields)} fields, the header has {self._width}"
        else:
            try:
                return self._read([fields[place] for place in self._places])
            except ValueError as error:
                problem = str(error)
        message = f"{problem}: {line.strip()[:60]!r}"
        self._findings.append(Finding("damaged row", self._source.at(number), message))
        return None

    def _read(self, cells: list[str]) -> list[float]:
        """Numbers of the cells; NaN for a sensor that has no reading in the row."""
        absent = self._absent(cells)
        values = [float(cell) for i, cell in enumerate(cells) if i not in absent]
        if not all(abs(value) < _LARGEST for value in values):
            raise ValueError("not a finite number")
        values[absent.start : absent.start] = [np.nan] * len(absent)
        return values

    def _absent(self, cells: list[str]) -> range:
        """Places of the sensor whose cells are all empty, if the other's are not."""
        inertial, mag = range(self._inertial), range(self._inertial, self._readings)
        filled = [any(cells[place] for place in places) for places in (inertial, mag)]
        if filled == [True, False]:
            return mag
        return inertial if filled == [False, True] else range(0)

    def table(self) -> Table:
        if not self._rows:
            raise InputError(f"{self._source.path}: no rows behind the header")
        numbers = np.array(self._rows, np.float64)
        return Table(
            values=numbers[:, :-1] if self._has_time else numbers,
            time=numbers[:, -1] if self._has_time else None,
            texts=tuple(self._texts),
            line=np.array(self._lines, np.int64),
            after_blank=np.array(self._after_blank, np.bool_),
            findings=tuple(self._findings),
        )


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not a text file (byte {error.start} is not UTF-8)") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error


def _delimiter_of(header: str) -> str:
    """The most frequent mark; blanks only where there is none, for names may have blanks."""
    mark = max(_DELIMITERS, key=header.count)
    return mark if mark in header else " "


def _split(line: str, delimiter: str, where: str) -> tuple[str, ...]:
    if delimiter == " ":
        return tuple(line.split())
    try:
        fields = next(csv.reader([line.strip(" ")], delimiter=delimiter, skipinitialspace=True))
    except csv.Error as error:
        raise InputError(f"{where}: {error}; is this the right format?") from error
    return tuple(name.strip() for name in fields)
