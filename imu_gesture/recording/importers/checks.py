"""Oddities that any imported file may have: clipping, exact duplicates, missing labels."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from imu_gesture.recording.importers.imported import Finding, ImportedFile, SourceSegment
from imu_gesture.recording.readings import inertial_sensors
from imu_gesture.samples import Float32Array, Samples

_ACC_GRID_G = 1e-4
_GYR_GRID_DPS = 1e-3


def clipped(imported: ImportedFile) -> NDArray[np.bool_]:
    """(n,) True where an axis of a sensor stands at its range: the rule of `readings.at_range`."""
    info = imported.info
    sensors = inertial_sensors(imported.samples, info.acc_range_g, info.gyr_range_dps)
    hit = np.hstack([sensor.clipped for sensor in sensors])
    return np.asarray(hit.any(axis=1))


class DuplicateFilter:
    """Drops segments whose readings were seen before.

    Readings are compared to 0.1 mg and 1 mdeg/s, far below any sensor's noise, so that a file
    rewritten with float rounding (1.0750000000000002) is still known for what it is.
    """

    def __init__(self) -> None:
        self._first_seen: dict[bytes, str] = {}

    def filter(self, imported: ImportedFile) -> ImportedFile:
        """The file without its duplicates, each of which becomes a finding.

        Isolated segments are compared one by one, a continuous file as a whole.
        """
        whole = SourceSegment(0, len(imported.samples), 1, None)
        units = imported.segments if imported.isolated else (whole,)
        fresh, findings = [], list(imported.findings)
        for unit in units:
            where = imported.source.at(unit.first_line)
            digest = _digest(imported.samples, unit)
            first = self._first_seen.setdefault(digest, where)
            if first == where:
                fresh.append(unit)
            else:
                findings.append(
                    Finding("duplicate", where, f"the same readings as {first}; skipped")
                )
        if len(fresh) == len(units):
            return imported
        return _keep(
            replace(imported, findings=tuple(findings)), fresh if imported.isolated else []
        )


def _digest(samples: Samples, unit: SourceSegment) -> bytes:
    rows = slice(unit.start, unit.stop)
    digest = hashlib.sha256(_grid(samples.acc_g[rows], _ACC_GRID_G))
    digest.update(_grid(samples.gyr_or_zero_dps[rows], _GYR_GRID_DPS))
    return digest.digest()


def _grid(values: Float32Array, step: float) -> bytes:
    return np.rint(values.astype(np.float64) / step).astype(np.int64).tobytes()


def _keep(imported: ImportedFile, segments: list[SourceSegment]) -> ImportedFile:
    rows = np.zeros(len(imported.samples), np.bool_)
    kept, filled = [], 0
    for segment in segments:
        rows[segment.start : segment.stop] = True
        size = segment.stop - segment.start
        kept.append(replace(segment, start=filled, stop=filled + size))
        filled += size
    samples = imported.samples.rows(rows)
    if len(samples.mag_time_us):
        before = np.searchsorted(imported.samples.device_time_us, samples.mag_time_us, "right") - 1
        mag = rows[before.clip(0)]  # a reading goes with the sample before it
        samples = replace(samples, mag_time_us=samples.mag_time_us[mag], mag_ut=samples.mag_ut[mag])
    return replace(imported, segments=tuple(kept), samples=samples)


def oddities(imported: ImportedFile) -> Iterator[Finding]:
    """Findings that hold for a whole file."""
    path = str(imported.source.path)
    rows = clipped(imported)
    if rows.any():
        touched = sum(bool(rows[s.start : s.stop].any()) for s in imported.segments)
        yield Finding(
            "clipped",
            path,
            f"{int(rows.sum())} samples stand at the sensor's range, in {touched} of "
            f"{len(imported.segments)} segments",
        )
    unnamed = sum(segment.label is None for segment in imported.segments)
    if unnamed:
        yield Finding(
            "no label",
            path,
            f"{unnamed} of {len(imported.segments)} segments have no label; "
            "use --label, --label-column or --pattern",
        )
