"""Both sensors of a recording in one table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imu_gesture.recording.exporters.piece import Piece, inside
from imu_gesture.samples import Int64Array, Samples

NOTHING = -1


@dataclass(frozen=True, eq=False)
class Rows:
    """A row for each inertial sample, and one for each magnetometer reading at another time.

    Attributes:
        time_us: (r,) int64.
        inertial: (r,) places in the samples, or `NOTHING`.
        mag: (r,) places in the magnetometer's readings, or `NOTHING`.
    """

    time_us: Int64Array
    inertial: NDArray[np.intp]
    mag: NDArray[np.intp]


def joined(samples: Samples) -> Rows:
    """The rows by time; each sensor's readings keep their order."""
    n = len(samples)
    mag = np.full(n, NOTHING)
    row_at = {time: row for row, time in reversed(list(enumerate(samples.device_time_us.tolist())))}
    alone = []
    for place, time in enumerate(samples.mag_time_us.tolist()):
        row = row_at.pop(time, None)
        if row is None:
            alone.append(place)
        else:
            mag[row] = place
    rows = Rows(
        time_us=np.concatenate([samples.device_time_us, samples.mag_time_us[alone]]),
        inertial=np.concatenate([np.arange(n), np.full(len(alone), NOTHING)]),
        mag=np.concatenate([mag, np.array(alone, np.intp)]),
    )
    newest = [np.maximum.accumulate(times) for times in (rows.time_us[:n], rows.time_us[n:])]
    order = np.argsort(np.concatenate(newest), kind="stable")
    return Rows(rows.time_us[order], rows.inertial[order], rows.mag[order])


def label_of_rows(piece: Piece, time_us: Int64Array) -> NDArray[np.intp]:
    """(r,) the label that each row is in, the last one where several are, or `NOTHING`."""
    places = np.full(len(time_us), NOTHING)
    for place, label in enumerate(piece.labels):
        places[inside(time_us, piece.start_us, label)] = place
    return places
