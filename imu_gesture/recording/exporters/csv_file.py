"""Export as CSV: `device_time_us`, a column for each axis, `label`.

Every number is the shortest text that reads back as the same float32.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from imu_gesture.recording.exporters.piece import Exported, ExportOptions, NewFile, Piece, inside
from imu_gesture.recording.exporters.rows import NOTHING, joined, label_of_rows
from imu_gesture.recording.importers.imported import Finding
from imu_gesture.recording.importers.parquet import ACC, GYR, LABEL, MAG, TIME
from imu_gesture.samples import Float32Array, Int64Array


def export_csv(piece: Piece, _: ExportOptions) -> Exported:
    """One file; the cells of a sensor are empty where it has no reading at that time."""
    samples = piece.recording.samples
    rows = joined(samples)
    label_places = label_of_rows(piece, rows.time_us)
    columns = {TIME: rows.time_us.tolist()}
    columns |= _triple(ACC, samples.acc_g, rows.inertial)
    if samples.gyr_dps is not None:
        columns |= _triple(GYR, samples.gyr_dps, rows.inertial)
    if len(samples.mag_time_us):
        columns |= _triple(MAG, samples.mag_ut, rows.mag)
    names = [*(label.name for label in piece.labels), ""]
    columns[LABEL] = [names[place] for place in label_places.tolist()]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    content = text.getvalue().encode()
    return Exported(
        (NewFile(f"{piece.name}.csv", content),), tuple(_losses(piece, rows.time_us, label_places))
    )


def _triple(
    names: tuple[str, ...], values: Float32Array, places: NDArray[np.intp]
) -> dict[str, list[str]]:
    texts = np.concatenate([values.astype(str), np.full((1, 3), "")])  # NOTHING is the last
    return dict(zip(names, texts[places].T.tolist(), strict=True))


def _losses(piece: Piece, time_us: Int64Array, places: NDArray[np.intp]) -> Iterator[Finding]:
    """Labels that a column cannot hold."""
    rows_in = [int(inside(time_us, piece.start_us, label).sum()) for label in piece.labels]
    rows_of = [int((places == place).sum()) for place in range(len(piece.labels))]
    lost = rows_of.count(0)
    if lost:
        yield Finding("label lost", piece.name, f"{lost} labels have no row of their own")
    cut = sum(0 < kept < wanted for kept, wanted in zip(rows_of, rows_in, strict=True))
    if cut:
        yield Finding("label cut", piece.name, f"{cut} labels overlap with a later one")
    edges = np.flatnonzero(np.diff(places)) + 1
    merged = sum(
        places[i] != NOTHING != places[i - 1]
        and piece.labels[places[i]].name == piece.labels[places[i - 1]].name
        for i in edges
    )
    if merged:
        message = f"{merged} labels follow one of the same name without a row between"
        yield Finding("label merged", piece.name, message)
