"""Where one segment of a table ends and the next begins."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from imu_gesture.errors import InputError
from imu_gesture.recording.importers.imported import Finding, Source
from imu_gesture.recording.importers.options import Segmentation
from imu_gesture.recording.importers.table import Table

Range = tuple[int, int]  # rows [start, stop)


def cut(
    source: Source, table: Table, how: Segmentation, time_us: NDArray[np.int64] | None
) -> list[Range]:
    """Ranges of rows that cover the table, in order."""
    n = len(table.line)
    edges = np.unique([0, *_starts(source, table, how, time_us).tolist(), n])
    return list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))


def _starts(
    source: Source, table: Table, how: Segmentation, time_us: NDArray[np.int64] | None
) -> NDArray[np.intp]:
    if how.kind == "gap":
        if time_us is None:
            raise InputError(f"{source.path}: segments gap:S need a time column (--time NAME)")
        return np.flatnonzero(np.diff(time_us) > how.gap_s * 1e6) + 1
    if how.kind == "label":
        texts = np.array(table.texts)
        return np.flatnonzero(texts[1:] != texts[:-1]) + 1
    has_blank_lines = bool(table.after_blank[1:].any())
    if how.kind == "blank-line" or (how.kind == "auto" and has_blank_lines):
        return np.flatnonzero(table.after_blank)
    if how.kind in ("rows", "auto"):
        return _row_starts(source, table, how.rows)
    return np.zeros(0, np.intp)


def _row_starts(source: Source, table: Table, rows: int) -> NDArray[np.intp]:
    n = len(table.line)
    if n % rows:
        raise InputError(
            f"{source.path}: {n} rows are not a whole number of {rows}-row segments: "
            f"{n % rows} rows over, from line {table.line[n - n % rows]}. A row is missing or "
            "surplus, or the segments have another length (--segments rows:N)"
        )
    return np.arange(0, n, rows)


def odd_lengths(source: Source, table: Table, ranges: list[Range]) -> list[Finding]:
    """Isolated segments whose row count differs from the usual one."""
    usual = Counter(stop - start for start, stop in ranges).most_common(1)[0][0]
    return [
        Finding(
            "odd length",
            source.at(int(table.line[start])),
            f"segment of {stop - start} rows, the others have {usual}",
        )
        for start, stop in ranges
        if stop - start != usual
    ]
