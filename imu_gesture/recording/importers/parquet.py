"""Import of the Parquet files that `imu-gesture export` writes: nothing is lost on the way."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imu_gesture.errors import InputError, RecordingError
from imu_gesture.labels import Label, parse_labels
from imu_gesture.recording.importers.imported import ImportedFile, Source, SourceSegment
from imu_gesture.recording.importers.options import ImportOptions
from imu_gesture.recording.importers.times import found_rate
from imu_gesture.recording.info import RecordingInfo, info_from_metadata
from imu_gesture.samples import Float32Array, Int64Array, Samples

TIME = "device_time_us"
SEQUENCE = "sequence"
ACC, GYR, MAG = (tuple(sensor + axis for axis in "XYZ") for sensor in "agm")
LABEL = "label"
INFO_KEY = b"imu_gesture.info"
LABELS_KEY = b"imu_gesture.labels"


def load_pyarrow() -> tuple[Any, Any]:
    """The modules `pyarrow` and `pyarrow.parquet`.

    Raises:
        InputError: they are not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise InputError(
            "Parquet files need pyarrow: pip install 'imu-gesture[parquet]'"
        ) from error
    return pa, pq


def import_parquet(source: Source, options: ImportOptions) -> ImportedFile:
    """Import one file; only participant and session can be overridden."""
    table = _table(source)
    info, track = _metadata(source, table)
    said = {"participant": options.participant, "session": options.session}
    samples = _samples(source, table)
    return ImportedFile(
        source=source,
        samples=samples,
        info=info.model_copy(update={name: text for name, text in said.items() if text}),
        segments=tuple(_segments(samples.device_time_us, track)),
        isolated=False,
        found_rate_hz=found_rate(samples.device_time_us),
        track=tuple(track),
    )


def _table(source: Source) -> Any:
    pa, pq = load_pyarrow()
    try:
        with source.path.open("rb") as stream:
            return pq.ParquetFile(stream, page_checksum_verification=True).read()
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise InputError(f"{source.path}: not a readable Parquet file ({reason})") from error


def _metadata(source: Source, table: Any) -> tuple[RecordingInfo, list[Label]]:
    found = table.schema.metadata or {}
    if INFO_KEY not in found or LABELS_KEY not in found:
        raise InputError(
            f"{source.path}: not written by `imu-gesture export`; "
            "convert it to CSV, and import that with --format csv"
        )
    where = str(source.path)
    try:
        info = info_from_metadata(json.loads(found[INFO_KEY]), where)
        return info, parse_labels(found[LABELS_KEY].decode(), where)
    except (ValueError, LookupError, RecordingError) as error:
        raise InputError(f"{where}: damaged metadata ({error})") from error


def _samples(source: Source, table: Any) -> Samples:
    """Rows with an accelerometer reading are samples; those with a field are the magnetometer's."""
    time_us: Int64Array = _column(source, table, TIME, np.int64)
    inertial = _present(source, table, ACC[0])
    names = set(table.column_names)
    gyr = _triple(source, table, GYR, inertial) if GYR[0] in names else None
    samples = Samples(
        device_time_us=time_us[inertial],
        acc_g=_triple(source, table, ACC, inertial),
        gyr_dps=gyr,
        sequence=_column(source, table, SEQUENCE, np.int64)[inertial],
    )
    if MAG[0] not in names:
        return samples
    mag = _present(source, table, MAG[0])
    return Samples(
        samples.device_time_us,
        samples.acc_g,
        samples.gyr_dps,
        samples.sequence,
        mag_time_us=time_us[mag],
        mag_ut=_triple(source, table, MAG, mag),
    )


def _triple(
    source: Source, table: Any, names: tuple[str, ...], rows: NDArray[np.bool_]
) -> Float32Array:
    return np.stack([_column(source, table, name, np.float32)[rows] for name in names], axis=1)


def _present(source: Source, table: Any, name: str) -> NDArray[np.bool_]:
    _column(source, table, name, np.float32)
    return np.asarray(table.column(name).is_valid().to_numpy(), np.bool_)


def _column(source: Source, table: Any, name: str, kind: type[np.generic]) -> NDArray[Any]:
    """One column, with zeros where it is empty."""
    if name not in table.column_names:
        raise InputError(f"{source.path}: no column {name}")
    column = table.column(name)
    if str(column.type) != np.dtype(kind).name.replace("float32", "float"):
        raise InputError(f"{source.path}: column {name} holds {column.type}")
    return np.asarray(column.fill_null(0).to_numpy(), kind)


def _segments(time_us: Int64Array, track: list[Label]) -> list[SourceSegment]:
    if not len(time_us):
        return []
    since_us = time_us - time_us[0]
    edges_us = [[round(label.start_s * 1e6), round(label.end_s * 1e6)] for label in track]
    rows = np.searchsorted(since_us, edges_us).reshape(-1, 2).tolist()
    return [
        SourceSegment(start, stop, 1, label.name)
        for (start, stop), label in zip(rows, track, strict=True)
    ]
