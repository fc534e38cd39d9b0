"""Device times of imported rows: measured by the device, or made from a stated rate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imu_gesture.errors import InputError
from imu_gesture.recording.importers.imported import Finding, Source
from imu_gesture.recording.importers.options import US_PER_UNIT, TimeUnit
from imu_gesture.recording.importers.segmentation import Range
from imu_gesture.recording.importers.table import Table

PAUSE_US = 1_000_000  # put between isolated segments: longer than any gap the core bridges
_RATE_TOLERANCE = 0.02
_MOST_BACKWARD = 0.01


def measured_times(table: Table, unit: TimeUnit) -> NDArray[np.int64] | None:
    """(n,) int64 µs since the first good row; a damaged row has the time of the one before.

    None where the table has no time column.
    """
    if table.time is None:
        return None
    good = ~table.damaged
    first = np.argmax(good)
    newest = np.maximum.accumulate(np.where(good, np.arange(len(good)), first))
    since_first = table.time[newest] - table.time[first]
    return np.asarray(np.rint(since_first * US_PER_UNIT[unit]), np.int64)


def times_from_rate(ranges: list[Range], rate_hz: float) -> NDArray[np.int64]:
    """(n,) int64 µs: even steps inside a segment, a pause between two segments."""
    parts, start_us = [], 0
    for start, stop in ranges:
        steps = np.rint(np.arange(stop - start) * (1e6 / rate_hz)).astype(np.int64)
        parts.append(start_us + steps)
        start_us = int(parts[-1][-1]) + round(1e6 / rate_hz) + PAUSE_US
    return np.concatenate(parts)


def behind_each_other(
    source: Source, table: Table, ranges: list[Range], time_us: NDArray[np.int64]
) -> tuple[NDArray[np.int64], list[Finding]]:
    """Times of isolated segments: where the clock restarts, a pause behind the segment before."""
    good = np.flatnonzero(~table.damaged)
    segment = np.searchsorted([start for start, _ in ranges], good, side="right")
    first = np.flatnonzero(np.diff(segment)) + 1
    step_us = time_us[good[first]] - time_us[good[first - 1]]
    restarts = step_us <= 0
    shift_us = np.zeros_like(time_us)
    shift_us[good[first[restarts]]] = PAUSE_US - step_us[restarts]
    message = (
        f"in {restarts.sum()} of {len(ranges)} segments; "
        f"each was put {PAUSE_US * 1e-6:g} s behind the one before"
    )
    findings = [Finding("clock restarts", str(source.path), message)] if restarts.any() else []
    return time_us + np.cumsum(shift_us), findings


def advancing(
    source: Source, table: Table, time_us: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], list[Finding]]:
    """Rows whose time is later than that of every row before, and a finding for each other row."""
    newest = np.maximum.accumulate(np.where(table.damaged, np.iinfo(np.int64).min, time_us))
    later = np.concatenate([[True], time_us[1:] > newest[:-1]])
    backward = np.flatnonzero(~later & ~table.damaged)
    if len(backward) > _MOST_BACKWARD * len(time_us):
        raise InputError(
            f"{source.path}: time does not advance in {len(backward)} of {len(time_us)} rows, "
            f"first at line {table.line[backward[0]]}; is this the time column, and in this unit?"
        )
    findings = [
        Finding(
            "time not advancing",
            source.at(int(table.line[i])),
            f"{time_us[i]} µs after {newest[i - 1]} µs; row skipped",
        )
        for i in backward
    ]
    return later, findings


def found_rate(time_us: NDArray[np.int64]) -> float | None:
    """Samples per second, from the median step."""
    steps = np.diff(time_us)
    return float(1e6 / np.median(steps)) if len(steps) and np.median(steps) > 0 else None


def check_rate(source: Source, found_hz: float | None, stated_hz: float | None) -> list[Finding]:
    """A finding when the stated rate is not the measured one."""
    if found_hz is None or stated_hz is None or abs(found_hz / stated_hz - 1) <= _RATE_TOLERANCE:
        return []
    return [
        Finding(
            "rate",
            str(source.path),
            f"stated {stated_hz:g} Hz, measured {found_hz:.2f} Hz; the measured times are kept",
        )
    ]
