"""Import of Edge Impulse's data acquisition files, JSON or CBOR."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

import cbor2
import numpy as np
from pydantic import BaseModel, ValidationError

from imu_gesture.errors import InputError
from imu_gesture.recording.importers.edge_impulse_format import (
    LABELS_NAME,
    Acquisition,
    LabelledFile,
    LabelsFile,
    Payload,
    Sensor,
    first_problem,
)
from imu_gesture.recording.importers.imported import Finding, ImportedFile, Source, SourceSegment
from imu_gesture.recording.importers.options import (
    DPS_PER_UNIT,
    G_PER_UNIT,
    UT_PER_UNIT,
    ImportOptions,
    facts_of_path,
)
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.samples import Float32Array, Samples

_NOT_STATED = "N/A"  # what Edge Impulse's data forwarder writes for all but accelerations
_NAME = re.compile(r"(acc|gyr|mag)(?:o|el|)_?([xyz])|([agm])([xyz])", re.IGNORECASE)
_UNITS: dict[str, dict[str, float]] = {
    "acc": G_PER_UNIT,
    "gyr": {**DPS_PER_UNIT, "dps": 1.0},
    "mag": UT_PER_UNIT,
}
_KINDS = {kind[0]: kind for kind in _UNITS}
_DAMAGE = (ValueError, EOFError, LookupError, OverflowError, MemoryError, RecursionError)

_Model = TypeVar("_Model", bound=BaseModel)


def import_edge_impulse(source: Source, options: ImportOptions) -> ImportedFile:
    """Import one file; its label is that of `info.labels`, else the name up to the first dot."""
    acquisition = _read(source)
    payload = acquisition.payload
    readings, findings = _readings(source, payload, options)
    if "acc" not in readings:
        raise InputError(f"{source.path}: no accelerometer; its sensors are accX, accY, accZ")
    time_us = np.rint(np.arange(len(payload.values)) * (payload.interval_ms * 1e3)).astype(np.int64)
    samples = Samples(
        device_time_us=time_us,
        acc_g=readings["acc"],
        gyr_dps=readings.get("gyr"),
        sequence=np.arange(len(time_us), dtype=np.int64),
    )
    if "mag" in readings:
        samples = replace(samples, mag_time_us=time_us, mag_ut=readings["mag"])
    entry = _entry(source)
    label = _label(source, options, entry)
    if entry is not None and entry.label is not None and entry.label.type == "multi-label":
        message = "the labels inside the file are not imported; split it at Edge Impulse first"
        findings.append(Finding("multi-label", str(source.path), message))
    return ImportedFile(
        source=source,
        samples=samples,
        info=_info(source, options, acquisition, entry),
        segments=(SourceSegment(0, len(samples), 1, label),) if len(samples) else (),
        isolated=False,
        found_rate_hz=None,
        findings=tuple(findings),
    )


def _read(source: Source) -> Acquisition:
    content = source.path.read_bytes()
    is_json = content.lstrip()[:1] == b"{"  # no CBOR map begins so
    try:
        document: Any = json.loads(content) if is_json else cbor2.loads(content)
    except (cbor2.CBORDecodeError, *_DAMAGE) as error:
        kind = "JSON" if is_json else "CBOR"
        raise InputError(f"{source.path}: not a readable {kind} file ({error})") from error
    return _validated(source.path, Acquisition, document)


def _validated(where: Path, model: type[_Model], document: Any) -> _Model:
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise InputError(f"{where}: {first_problem(error)}") from error


def _readings(
    source: Source, payload: Payload, options: ImportOptions
) -> tuple[dict[str, Float32Array], list[Finding]]:
    """(n, 3) of each kind of sensor, in our units."""
    columns = _columns(source, payload.sensors)
    values = np.array(payload.values, np.float64).reshape(-1, len(payload.sensors))
    stated = {
        "acc": options.csv.acc_unit,
        "gyr": options.csv.gyr_unit,
        "mag": options.csv.mag_unit,
    }
    readings, findings = {}, []
    for kind in dict.fromkeys(kind for kind, _ in columns):
        missing = [kind + axis for axis in "XYZ" if (kind, axis) not in columns]
        if missing:
            raise InputError(f"{source.path}: no sensor {', '.join(missing)}")
        places = [columns[kind, axis] for axis in "XYZ"]
        sensors = [payload.sensors[place] for place in places]
        if any(sensor.units == _NOT_STATED for sensor in sensors):
            message = f"of {kind}X, {kind}Y, {kind}Z; taken for {stated[kind]} (--{kind}-unit)"
            findings.append(Finding("no unit", str(source.path), message))
        scale = [_scale(source, kind, sensor, stated[kind]) for sensor in sensors]
        readings[kind] = (values[:, places] * scale).astype(np.float32)
    return readings, findings


def _columns(source: Source, sensors: tuple[Sensor, ...]) -> dict[tuple[str, str], int]:
    """Place of each axis, by kind of sensor and letter."""
    columns: dict[tuple[str, str], int] = {}
    for place, sensor in enumerate(sensors):
        match = _NAME.fullmatch(sensor.name)
        if match is None:
            raise InputError(
                f"{source.path}: sensor {sensor.name!r} ({sensor.units}) is not known; known are "
                + ", ".join(f"{kind}X" for kind in _UNITS)
                + ", and Y and Z of each"
            )
        key = _KINDS[(match[1] or match[3])[0].lower()], (match[2] or match[4]).upper()
        if columns.setdefault(key, place) != place:
            raise InputError(f"{source.path}: sensor {sensor.name!r} is there twice")
    return columns


def _scale(source: Source, kind: str, sensor: Sensor, stated: str) -> float:
    unit = stated if sensor.units == _NOT_STATED else sensor.units
    if unit not in _UNITS[kind]:
        raise InputError(
            f"{source.path}: sensor {sensor.name!r} is in {unit!r}; known are "
            + ", ".join(_UNITS[kind])
        )
    return _UNITS[kind][unit]


def _entry(source: Source) -> LabelledFile | None:
    """What the nearest `info.labels`, beside the file or in a folder above it, says of the file."""
    folders = list(source.path.parents)[: len(PurePosixPath(source.name).parts)]
    for folder in folders:
        track = folder / LABELS_NAME
        if track.is_file():
            try:
                document = json.loads(track.read_bytes())
            except _DAMAGE as error:
                raise InputError(f"{track}: not a readable JSON file ({error})") from error
            path = source.path.relative_to(folder).as_posix()
            files = _validated(track, LabelsFile, document).files
            return next((file for file in files if file.path == path), None)
    return None


def _label(source: Source, options: ImportOptions, entry: LabelledFile | None) -> str | None:
    if options.label or options.pattern:
        return facts_of_path(source.name, options, "*").label
    if entry is not None and entry.label is not None:
        return entry.label.label or None
    return source.path.name.partition(".")[0]


def _info(
    source: Source, options: ImportOptions, acquisition: Acquisition, entry: LabelledFile | None
) -> RecordingInfo:
    payload = acquisition.payload
    facts = facts_of_path(source.name, options, "*")
    known = entry.metadata if entry and entry.metadata and not options.pattern else {}
    return RecordingInfo(
        participant=options.participant or known.get("participant", facts.participant),
        session=options.session or known.get("session", facts.session),
        source=f"{source.name} (edge-impulse)",
        device_id=payload.device_name or "",
        board=payload.device_type,
        time_source="rate",
        stated_rate_hz=1e3 / payload.interval_ms,
        started_unix_ns=round((acquisition.protected.iat or 0) * 1_000_000_000),
        acc_range_g=options.acc_range_g,
        gyr_range_dps=options.gyr_range_dps,
    )
