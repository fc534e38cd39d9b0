"""Import of the UHH IMU gestures' npz files: continuous streams with a target for every row.

`<person>_<gesture>_fullSet.npz` holds `acc` (n, 3) in m/s² with gravity removed, `gyro` (n, 3) in
rad/s and `targets` (n, 3), whose third column is 1 during a gesture. No times, no rate.
"""

from __future__ import annotations

import tokenize
import warnings
import zipfile
import zlib

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from imu_gesture.errors import InputError
from imu_gesture.recording.importers.imported import Finding, ImportedFile, Source, SourceSegment
from imu_gesture.recording.importers.options import (
    DPS_PER_UNIT,
    G_PER_UNIT,
    ImportOptions,
    facts_of_path,
)
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.samples import Samples

_MARKER = 2  # column of `targets`
_SHAPES = {"acc": 3, "gyro": 3, "targets": 3}
_DAMAGE = (  # what a wrong byte makes the reader raise
    OSError,
    EOFError,
    ValueError,
    TypeError,
    LookupError,
    RuntimeError,
    SyntaxError,
    MemoryError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)


def import_uhh(source: Source, options: ImportOptions) -> ImportedFile:
    """Import one npz file; the rate has to be given."""
    if options.rate_hz is None:
        raise InputError(
            f"{source.path}: these files state no sample rate; give one with --rate HZ "
            "(gestures of about 25 rows last about a second, so 25 is a fair guess)"
        )
    arrays = _load(source)
    finite = np.isfinite(np.hstack([arrays["acc"], arrays["gyro"]])).all(axis=1)
    facts = facts_of_path(source.name, options, "**/{participant}_{label}_fullSet")
    kept = np.flatnonzero(finite)
    return ImportedFile(
        source=source,
        samples=Samples(
            device_time_us=np.rint(kept * (1e6 / options.rate_hz)).astype(np.int64),
            acc_g=(arrays["acc"][kept] * G_PER_UNIT["m/s2"]).astype(np.float32),
            gyr_dps=(arrays["gyro"][kept] * DPS_PER_UNIT["rad/s"]).astype(np.float32),
            sequence=kept.astype(np.int64),
        ),
        info=RecordingInfo(
            participant=facts.participant,
            session=facts.session,
            source=f"{source.name} (uhh)",
            time_source="rate",
            gravity="removed",
            stated_rate_hz=options.rate_hz,
            acc_range_g=options.acc_range_g,
            gyr_range_dps=options.gyr_range_dps,
        ),
        segments=_segments(arrays["targets"][kept, _MARKER] > 0.5, facts.label),
        isolated=False,
        found_rate_hz=None,
        findings=tuple(
            Finding("damaged row", f"{source.path}, row {row}", "not a finite number")
            for row in np.flatnonzero(~finite)
        ),
    )


def _load(source: Source) -> dict[str, NDArray[np.float64]]:
    try:
        arrays = _arrays(source)
    except _DAMAGE as error:
        raise InputError(f"{source.path}: not a readable npz file ({error})") from error
    rows = len(np.atleast_1d(arrays["acc"]))
    for name, columns in _SHAPES.items():
        if arrays[name].shape != (rows, columns) or rows == 0:
            raise InputError(
                f"{source.path}: {name} has shape {arrays[name].shape}, "
                f"expected ({rows}, {columns})"
            )
    return arrays


def _arrays(source: Source) -> dict[str, NDArray[np.float64]]:
    with warnings.catch_warnings(), source.path.open("rb") as stream, NpzFile(stream) as archive:
        # The published files were written by Python 2; numpy reads them but says so each time.
        warnings.filterwarnings("ignore", message="Reading `.npy` or `.npz` file required")
        missing = [name for name in _SHAPES if name not in archive]
        if missing:
            raise InputError(
                f"{source.path}: no array {', '.join(missing)}; is this a UHH *_fullSet.npz?"
            )
        return {name: np.asarray(archive[name], np.float64) for name in _SHAPES}


def _segments(active: NDArray[np.bool_], label: str | None) -> tuple[SourceSegment, ...]:
    changes = np.flatnonzero(np.diff(np.concatenate([[False], active, [False]]).astype(np.int8)))
    return tuple(
        SourceSegment(int(start), int(stop), int(start), label)
        for start, stop in changes.reshape(-1, 2)
    )
