"""Import of delimited text: any column names, units, time base and segmentation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from imu_gesture.errors import InputError
from imu_gesture.recording.importers import segmentation, times
from imu_gesture.recording.importers.imported import ImportedFile, Source, SourceSegment
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
    time_us = times.measured_times(table, layout.time_unit)
    ranges = segmentation.cut(source, table, layout.segments, time_us)
    findings = list(table.findings)
    keep = ~table.damaged
    found_hz = None
    if time_us is None:
        time_us = times.times_from_rate(ranges, _stated_rate(source, options))
    else:
        later, backward = times.advancing(source, table, time_us)
        found_hz = times.found_rate(time_us)
        findings += [*backward, *times.check_rate(source, found_hz, options.rate_hz)]
        keep &= later
    isolated = layout.segments.kind not in ("file", "label")
    if isolated:
        findings += segmentation.odd_lengths(source, table, ranges)
    facts = facts_of_path(source.name, options, "**/{label}")
    return ImportedFile(
        source=source,
        samples=_samples(table, layout, time_us, keep),
        info=RecordingInfo(
            participant=facts.participant,
            session=facts.session,
            source=f"{source.name} (csv)",
            time_source="rate" if layout.time is None else "device",
            stated_rate_hz=options.rate_hz,
            acc_range_g=options.acc_range_g,
            gyr_range_dps=options.gyr_range_dps,
        ),
        segments=tuple(_segments(table, ranges, keep, layout, facts.label)),
        isolated=isolated,
        found_rate_hz=found_hz,
        findings=tuple(findings),
    )


def _read(source: Source, layout: CsvLayout) -> Table:
    values = (*layout.acc, *(layout.gyr or ()), *(layout.mag or ()))
    table = read_table(source, Columns(values, layout.time, layout.label))
    damaged = float(table.damaged.mean())
    if damaged > _MOST_DAMAGED:
        first = table.findings[0]
        raise InputError(
            f"{source.path}: {damaged:.0%} of the rows are damaged, the first at {first.where} "
            f"({first.message}); is this the right format?"
        )
    return table


def _stated_rate(source: Source, options: ImportOptions) -> float:
    if options.rate_hz is None:
        raise InputError(
            f"{source.path}: neither a time column (--time NAME) nor a rate (--rate HZ) is given"
        )
    return options.rate_hz


def _samples(
    table: Table, layout: CsvLayout, time_us: NDArray[np.int64], keep: NDArray[np.bool_]
) -> Samples:
    columns = iter(np.split(table.values[keep], table.values.shape[1] // 3, axis=1))
    acc_g = _scaled(next(columns), G_PER_UNIT[layout.acc_unit])
    gyr_dps = _scaled(next(columns), DPS_PER_UNIT[layout.gyr_unit]) if layout.gyr else None
    samples = Samples(
        device_time_us=time_us[keep],
        acc_g=acc_g,
        gyr_dps=gyr_dps,
        sequence=np.flatnonzero(keep).astype(np.int64),
    )
    if layout.mag is None:
        return samples
    mag_ut = _scaled(next(columns), UT_PER_UNIT[layout.mag_unit])
    return replace(samples, mag_time_us=samples.device_time_us, mag_ut=mag_ut)


def _scaled(values: NDArray[np.float64], per_unit: float) -> Float32Array:
    return (values * per_unit).astype(np.float32)


def _segments(
    table: Table,
    ranges: list[Range],
    keep: NDArray[np.bool_],
    layout: CsvLayout,
    label: str | None,
) -> list[SourceSegment]:
    kept_before = np.concatenate([[0], np.cumsum(keep)])
    segments = []
    for start, stop in ranges:
        name = table.texts[start] if layout.label else label
        first, last = int(kept_before[start]), int(kept_before[stop])
        if last > first:
            segments.append(SourceSegment(first, last, int(table.line[start]), name or None))
    return segments
