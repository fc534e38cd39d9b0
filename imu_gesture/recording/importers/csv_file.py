"""Import of delimited text: any column names, units, time base and segmentation."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from imu_gesture.errors import InputError
from imu_gesture.recording.importers import segmentation, times
from imu_gesture.recording.importers.imported import Finding, ImportedFile, Source, SourceSegment
from imu_gesture.recording.importers.options import (
    DPS_PER_UNIT,
    G_PER_UNIT,
    UT_PER_UNIT,
    CsvLayout,
    ImportOptions,
    facts_of_path,
)
from imu_gesture.recording.importers.segmentation import Range
from imu_gesture.recording.importers.table import Columns, Table, read_table
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.samples import Float32Array, Samples

_MOST_DAMAGED = 0.2


def import_csv(source: Source, options: ImportOptions) -> ImportedFile:
    """Import one file by the layout in `options.csv`."""
    layout = options.csv
    table = _read(source, layout)
    timed = _timed(source, table, options)
    findings = [*table.findings, *timed.findings]
    if layout.segments.isolated:
        findings += segmentation.odd_lengths(source, table, timed.ranges)
    facts = facts_of_path(source.name, options, "**/{label}")
    return ImportedFile(
        source=source,
        samples=_samples(table, layout, timed),
        info=RecordingInfo(
            participant=facts.participant,
            session=facts.session,
            source=f"{source.name} (csv)",
            time_source="rate" if layout.time is None else "device",
            stated_rate_hz=options.rate_hz,
            acc_range_g=options.acc_range_g,
            gyr_range_dps=options.gyr_range_dps,
        ),
        segments=tuple(_segments(table, layout, timed, facts.label)),
        isolated=layout.segments.isolated,
        found_rate_hz=timed.found_hz,
        findings=tuple(findings),
    )


def _read(source: Source, layout: CsvLayout) -> Table:
    if layout.segments.kind == "label" and layout.label is None:
        raise InputError(f"{source.path}: segments label need names (--label-column NAME)")
    values = (*layout.acc, *(layout.gyr or ()))
    table = read_table(source, Columns(values, layout.mag or (), layout.time, layout.label))
    damaged = float(table.damaged.mean())
    if damaged > _MOST_DAMAGED:
        first = table.findings[0]
        raise InputError(
            f"{source.path}: {damaged:.0%} of the rows are damaged, the first at {first.where} "
            f"({first.message}); is this the right format?"
        )
    return table


@dataclass(frozen=True, eq=False)
class _Timed:
    """A table's segments, the device time of each row, and which rows can be kept."""

    ranges: list[Range]
    time_us: NDArray[np.int64]
    keep: NDArray[np.bool_]
    found_hz: float | None = None
    findings: tuple[Finding, ...] = ()


def _timed(source: Source, table: Table, options: ImportOptions) -> _Timed:
    layout = options.csv
    time_us = times.measured_times(table, layout.time_unit)
    ranges = segmentation.cut(source, table, layout.segments, time_us)
    isolated = ranges if layout.segments.isolated else [(0, len(table.line))]
    if time_us is None:
        if table.mag_only.any():
            raise InputError(
                f"{source.path}: rows of the magnetometer alone need a time column (--time NAME)"
            )
        time_us = times.times_from_rate(isolated, _stated_rate(source, options))
        return _Timed(ranges, time_us, ~table.damaged)
    time_us, restarts = times.behind_each_other(source, table, isolated, time_us)
    later, backward = times.advancing(source, table, time_us)
    found_hz = times.found_rate(time_us[~table.mag_only])
    odd_rate = times.check_rate(source, found_hz, options.rate_hz)
    return _Timed(
        ranges, time_us, later & ~table.damaged, found_hz, (*restarts, *backward, *odd_rate)
    )


def _stated_rate(source: Source, options: ImportOptions) -> float:
    if options.rate_hz is None:
        raise InputError(
            f"{source.path}: neither a time column (--time NAME) nor a rate (--rate HZ) is given"
        )
    return options.rate_hz


def _samples(table: Table, layout: CsvLayout, timed: _Timed) -> Samples:
    inertial = timed.keep & ~table.mag_only
    acc, *others = np.split(table.values, table.values.shape[1] // 3, axis=1)
    gyr = others[0] if layout.gyr else None
    row = np.cumsum(~table.mag_only) - 1
    samples = Samples(
        device_time_us=timed.time_us[inertial],
        acc_g=_scaled(acc[inertial], G_PER_UNIT[layout.acc_unit]),
        gyr_dps=None if gyr is None else _scaled(gyr[inertial], DPS_PER_UNIT[layout.gyr_unit]),
        sequence=row[inertial].astype(np.int64),
    )
    if layout.mag is None:
        return samples
    mag = others[-1]
    read = timed.keep & ~np.isnan(mag[:, 0])
    mag_ut = _scaled(mag[read], UT_PER_UNIT[layout.mag_unit])
    return replace(samples, mag_time_us=timed.time_us[read], mag_ut=mag_ut)


def _scaled(values: NDArray[np.float64], per_unit: float) -> Float32Array:
    return (values * per_unit).astype(np.float32)


def _segments(
    table: Table, layout: CsvLayout, timed: _Timed, label: str | None
) -> list[SourceSegment]:
    kept = np.flatnonzero(timed.keep & ~table.mag_only)
    segments = []
    for start, stop in timed.ranges:
        first, last = np.searchsorted(kept, [start, stop]).tolist()
        if last > first:
            name = table.texts[kept[first]] if layout.label else label
            segments.append(SourceSegment(first, last, int(table.line[start]), name or None))
    return segments
