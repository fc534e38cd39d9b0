"""Export as Parquet: the columns of the CSV with types, all else in the schema's metadata."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imu_gesture.labels import format_labels
from imu_gesture.recording.exporters.piece import Exported, ExportOptions, NewFile, Piece
from imu_gesture.recording.exporters.rows import NOTHING, joined, label_of_rows
from imu_gesture.recording.importers.parquet import (
    ACC,
    GYR,
    INFO_KEY,
    LABEL,
    LABELS_KEY,
    MAG,
    SEQUENCE,
    TIME,
    load_pyarrow,
)


def export_parquet(piece: Piece, _: ExportOptions) -> Exported:
    """One file, from which the recording and its labels can be made again."""
    pa, pq = load_pyarrow()
    metadata = {
        INFO_KEY: json.dumps(piece.recording.info.to_metadata()),
        LABELS_KEY: format_labels(list(piece.labels)),
    }
    table = pa.table(_columns(pa, piece), metadata=metadata)
    stream = io.BytesIO()
    pq.write_table(table, stream, compression="zstd", write_page_checksum=True)
    return Exported((NewFile(f"{piece.name}.parquet", stream.getvalue()),))


def _columns(pa: Any, piece: Piece) -> dict[str, Any]:
    samples = piece.recording.samples
    rows = joined(samples)
    columns = {
        TIME: pa.array(rows.time_us),
        SEQUENCE: _nullable(pa, samples.sequence, rows.inertial),
    }
    triples = [(ACC, samples.acc_g, rows.inertial)]
    if samples.gyr_dps is not None:
        triples.append((GYR, samples.gyr_dps, rows.inertial))
    if len(samples.mag_time_us):
        triples.append((MAG, samples.mag_ut, rows.mag))
    for names, values, places in triples:
        columns |= {name: _nullable(pa, values[:, axis], places) for axis, name in enumerate(names)}
    labels = [*(label.name for label in piece.labels), None]
    texts = [labels[place] for place in label_of_rows(piece, rows.time_us).tolist()]
    columns[LABEL] = pa.array(texts, pa.string())
    return columns


def _nullable(pa: Any, values: NDArray[Any], places: NDArray[np.intp]) -> Any:
    padded = np.concatenate([values, np.zeros(1, values.dtype)])  # NOTHING is the last
    return pa.array(padded[places], mask=places == NOTHING)
