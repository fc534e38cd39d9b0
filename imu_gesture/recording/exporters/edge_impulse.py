"""Export in Edge Impulse's data acquisition format, as JSON or CBOR.

The format has one interval for all rows, so a recording is cut at its gaps. Nothing is resampled,
but for the magnetometer, whose readings are repeated up to the rate of the others, as the
specification asks.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import cbor2
import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from imu_gesture.errors import RecordingError
from imu_gesture.recording.exporters.piece import (
    GAP_STEPS,
    Exported,
    ExportOptions,
    NewFile,
    Piece,
)
from imu_gesture.recording.importers.edge_impulse_format import (
    LABELS_NAME,
    NO_SIGNATURE,
    Acquisition,
    FileLabel,
    LabelledFile,
    LabelsFile,
    first_problem,
)
from imu_gesture.recording.importers.imported import Finding
from imu_gesture.recording.ros_messages import STANDARD_GRAVITY
from imu_gesture.samples import Int64Array, Samples

_UNITS = {"acc": "m/s2", "gyr": "deg/s", "mag": "uT"}  # as Edge Impulse's firmware of the board
_UNNAMED_BOARD = "imu-gesture"

Document = dict[str, Any]


def export_json(piece: Piece, options: ExportOptions) -> Exported:
    """A `.json` file for each run without a gap."""
    return _export(piece, options, ".json", as_json)


def export_cbor(piece: Piece, options: ExportOptions) -> Exported:
    """A `.cbor` file for each run without a gap."""
    return _export(piece, options, ".cbor", cbor2.dumps)


def info_labels(entries: list[LabelledFile]) -> NewFile:
    """The file that tells the label of each of the others."""
    content = LabelsFile(files=entries).model_dump_json(indent=2, exclude_none=True)
    return NewFile(LABELS_NAME, content.encode())


def as_json(document: Document) -> bytes:
    """Without blanks, as JavaScript writes it."""
    return json.dumps(document, separators=(",", ":"), allow_nan=False).encode()


def signature(encoded: bytes, key: bytes) -> str:
    """HMAC-SHA256 of a whole file in which the signature is `NO_SIGNATURE`."""
    return hmac.new(key, encoded, hashlib.sha256).hexdigest()


def _export(
    piece: Piece, options: ExportOptions, suffix: str, encode: Callable[[Document], bytes]
) -> Exported:
    runs = _runs(piece)
    if runs and not piece.step_us:
        raise RecordingError(f"{piece.name}: a single sample has no interval")
    files = []
    for number, (start, stop) in enumerate(runs, start=1):
        name = f"{piece.name}.{number}{suffix}" if len(runs) > 1 else piece.name + suffix
        document = _document(piece, start, stop, options.hmac_key is not None)
        if options.hmac_key is not None:
            document["signature"] = signature(encode(document), options.hmac_key)
        files.append(NewFile(name, encode(document), _entry(piece, name)))
    return Exported(tuple(files), tuple(_findings(piece, runs)))


def _runs(piece: Piece) -> list[tuple[int, int]]:
    """Ranges of samples without a gap between them."""
    time_us = piece.recording.samples.device_time_us
    gaps = np.flatnonzero(np.diff(time_us) > GAP_STEPS * piece.step_us) + 1
    edges = [0, *gaps.tolist(), len(time_us)]
    return list(pairwise(edges)) if len(time_us) else []


def _document(piece: Piece, start: int, stop: int, signs: bool) -> Document:
    info, samples = piece.recording.info, piece.recording.samples
    kinds = _readings(samples, start, stop)
    document: Document = {
        "protected": {"ver": "v1", "alg": "HS256" if signs else "none"},
        "signature": NO_SIGNATURE,
        "payload": {
            **({"device_name": info.device_id} if info.device_id else {}),
            "device_type": info.board or _UNNAMED_BOARD,
            "interval_ms": piece.step_us / 1e3,
            "sensors": [
                {"name": kind + axis, "units": _UNITS[kind]} for kind in kinds for axis in "XYZ"
            ],
            "values": np.hstack(list(kinds.values())).tolist(),
        },
    }
    if info.started_unix_ns:
        first_ns = info.started_unix_ns + int(samples.device_time_us[start]) * 1000
        document["protected"]["iat"] = first_ns // 1_000_000_000
    try:
        Acquisition.model_validate(document)
    except ValidationError as error:
        raise RecordingError(
            f"{piece.name}: Edge Impulse's format cannot hold it: {first_problem(error)}"
        ) from error
    return document


def _readings(samples: Samples, start: int, stop: int) -> dict[str, NDArray[np.float64]]:
    """(n, 3) of each kind of sensor, in the units of `_UNITS`."""
    rows = slice(start, stop)
    readings = {"acc": samples.acc_g[rows].astype(np.float64) * STANDARD_GRAVITY}
    if samples.gyr_dps is not None:
        readings["gyr"] = samples.gyr_dps[rows].astype(np.float64)
    if len(samples.mag_time_us):
        newest = _newest(samples.mag_time_us, samples.device_time_us[rows])
        readings["mag"] = samples.mag_ut[newest].astype(np.float64)
    return readings


def _newest(time_us: Int64Array, at_us: Int64Array) -> NDArray[np.intp]:
    """(n,) places of the last times that are not later; of the first where there is none."""
    return (np.searchsorted(time_us, at_us, side="right") - 1).clip(0)


def _entry(piece: Piece, name: str) -> LabelledFile:
    info = piece.recording.info
    label = FileLabel(type="label" if piece.label else "unlabeled", label=piece.label)
    metadata = {"participant": info.participant, "session": info.session}
    return LabelledFile(path=name, label=label, metadata=metadata)


def _findings(piece: Piece, runs: list[tuple[int, int]]) -> list[Finding]:
    findings = []
    if len(runs) > 1:
        message = f"cut into {len(runs)} files, for the format has one interval for all samples"
        findings.append(Finding("gap", piece.name, message))
    time_us = piece.recording.samples.device_time_us
    worst_us = max((_unevenness_us(time_us[a:b], piece.step_us) for a, b in runs), default=0.0)
    if worst_us > piece.step_us / 2:
        message = (
            f"the samples are up to {worst_us / 1e3:.1f} ms from even steps of "
            f"{piece.step_us / 1e3:.3f} ms; they are written as if they were even"
        )
        findings.append(Finding("uneven", piece.name, message))
    if piece.label is None and piece.labels:
        message = f"{len(piece.labels)} labels are not written; --per-label writes a file for each"
        findings.append(Finding("label lost", piece.name, message))
    return findings


def _unevenness_us(time_us: Int64Array, step_us: float) -> float:
    """How far the times are from even steps, at most."""
    even_us = np.arange(len(time_us)) * step_us
    return float(np.abs(time_us - time_us[0] - even_us).max())
