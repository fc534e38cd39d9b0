"""Import of WISDM's raw text: one person a file, eighteen everyday activities.

A line of `data_PERSON_accel_watch.txt` is `person,activity,timestamp,x,y,z;` with m/s², gravity
included, and ns since the device's boot; `data_PERSON_gyro_watch.txt` has rad/s at the same times
(Weiss 2019, doi 10.24432/C5HK59). All of it is background.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imu_gesture.errors import InputError
from imu_gesture.labels import background_label
from imu_gesture.recording.importers.imported import Finding, ImportedFile, Source, SourceSegment
from imu_gesture.recording.importers.options import (
    DPS_PER_UNIT,
    G_PER_UNIT,
    ImportOptions,
    facts_of_path,
)
from imu_gesture.recording.importers.times import found_rate
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.samples import Samples

ACTIVITIES = {
    "A": "walking",
    "B": "jogging",
    "C": "stairs",
    "D": "sitting",
    "E": "standing",
    "F": "typing",
    "G": "teeth",
    "H": "soup",
    "I": "chips",
    "J": "pasta",
    "K": "drinking",
    "L": "sandwich",
    "M": "kicking",
    "O": "catch",
    "P": "dribbling",
    "Q": "writing",
    "R": "clapping",
    "S": "folding",
}
_FIELDS = 6
_MOST_DAMAGED = 0.2
_FEWEST_SHARED = 0.5
_PAUSE_NS = 1_000_000_000  # between two activities: their clocks need not be one


@dataclass(frozen=True, eq=False)
class _Readings:
    """One sensor: (n,) activities, (n,) ns and line numbers, (n, 3) values; sorted, times once."""

    activity: NDArray[np.str_]
    time_ns: NDArray[np.int64]
    values: NDArray[np.float64]
    line: NDArray[np.int64]
    findings: tuple[Finding, ...]


def import_wisdm(source: Source, options: ImportOptions) -> ImportedFile:
    """Import one person: the activities behind each other, a second between.

    Raises:
        InputError: the gyroscope's file is missing or has other times, or lines make no sense.
    """
    acc, gyr = _read(source.path), _read(_gyroscope_file(source.path))
    in_acc, in_gyr = _shared(source, acc, gyr)
    activity, time_ns = acc.activity[in_acc], _joined(acc.activity[in_acc], acc.time_ns[in_acc])
    facts = facts_of_path(source.name, options, "**/data_{participant}_accel_*")
    samples = Samples(
        device_time_us=time_ns // 1000,
        acc_g=(acc.values[in_acc] * G_PER_UNIT["m/s2"]).astype(np.float32),
        gyr_dps=(gyr.values[in_gyr] * DPS_PER_UNIT["rad/s"]).astype(np.float32),
        sequence=np.arange(len(time_ns), dtype=np.int64),
    )
    return ImportedFile(
        source=source,
        samples=samples,
        info=RecordingInfo(
            participant=facts.participant,
            session=facts.session,
            source=f"{source.name} (wisdm)",
            time_source="device",
            stated_rate_hz=options.rate_hz,
            acc_range_g=options.acc_range_g,
            gyr_range_dps=options.gyr_range_dps,
        ),
        segments=tuple(_segments(activity, acc.line[in_acc])),
        isolated=False,
        found_rate_hz=found_rate(samples.device_time_us),
        findings=(*acc.findings, *gyr.findings, *_unpaired(source, acc, in_acc)),
    )


def _gyroscope_file(path: Path) -> Path:
    """Beside the accelerometer's, or in the folder `gyro` beside its own, as published."""
    name = path.name.replace("_accel_", "_gyro_")
    for folder in (path.parent, path.parent.parent / "gyro"):
        if (folder / name).is_file():
            return folder / name
    raise InputError(f"{path}: the gyroscope's file {name} is missing; put it beside this one")


def _read(path: Path) -> _Readings:
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as text ({error})") from error
    rows, damaged = [], []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                rows.append((*_parse(line), number))
            except ValueError as error:
                message = f"{error}: {line.strip()[:60]!r}"
                damaged.append(Finding("damaged row", f"{path}:{number}", message))
    if not rows or len(damaged) > _MOST_DAMAGED * len(rows):
        where = damaged[0] if damaged else Finding("", str(path), "the file is empty")
        raise InputError(
            f"{where.where}: {where.message}; expected `person,activity,timestamp,x,y,z;`"
        )
    return _sorted(rows, tuple(damaged))


def _parse(line: str) -> tuple[str, int, list[float]]:
    fields = line.strip().rstrip(";").split(",")
    if len(fields) != _FIELDS:
        raise ValueError(f"{len(fields)} fields, expected {_FIELDS}")
    values = [float(field) for field in fields[3:]]
    if not np.isfinite(values).all():
        raise ValueError("not a finite number")
    return fields[1].strip(), int(fields[2]), values


def _sorted(
    rows: list[tuple[str, int, list[float], int]], damaged: tuple[Finding, ...]
) -> _Readings:
    activity, time_ns, values, line = zip(*rows, strict=True)
    _, first = np.unique(np.array(time_ns, np.int64), return_index=True)
    return _Readings(
        np.array(activity)[first],
        np.array(time_ns, np.int64)[first],
        np.array(values)[first],
        np.array(line, np.int64)[first],
        damaged,
    )


def _shared(
    source: Source, acc: _Readings, gyr: _Readings
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows of both sensors with the same time, in which both name the same activity."""
    _, in_acc, in_gyr = np.intersect1d(acc.time_ns, gyr.time_ns, True, return_indices=True)
    same = acc.activity[in_acc] == gyr.activity[in_gyr]
    if same.sum() < _FEWEST_SHARED * len(acc.time_ns):
        raise InputError(
            f"{source.path}: {same.sum()} of {len(acc.time_ns)} samples have a time that the "
            "gyroscope's file has too; are the two files of one device?"
        )
    return in_acc[same], in_gyr[same]


def _unpaired(source: Source, acc: _Readings, in_acc: NDArray[np.intp]) -> list[Finding]:
    missing = len(acc.time_ns) - len(in_acc)
    message = f"{missing} samples without a gyroscope's reading at their time; skipped"
    return [Finding("no gyroscope", str(source.path), message)] if missing else []


def _joined(activity: NDArray[np.str_], time_ns: NDArray[np.int64]) -> NDArray[np.int64]:
    """Times from 0 with one pause between two activities, however long it was."""
    step_ns = np.diff(time_ns, prepend=time_ns[0])
    step_ns[1:][activity[1:] != activity[:-1]] = _PAUSE_NS
    return np.cumsum(step_ns)


def _segments(activity: NDArray[np.str_], line: NDArray[np.int64]) -> list[SourceSegment]:
    starts = [0, *(np.flatnonzero(activity[1:] != activity[:-1]) + 1).tolist(), len(activity)]
    return [
        SourceSegment(
            start, stop, int(line[start]), background_label(ACTIVITIES.get(name, name.lower()))
        )
        for start, stop in pairwise(starts)
        for name in [str(activity[start])]
    ]
