"""Export of recordings into a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from imu_gesture.errors import InputError
from imu_gesture.labels import read_labels
from imu_gesture.recording.exporters.csv_file import export_csv
from imu_gesture.recording.exporters.edge_impulse import export_cbor, export_json, info_labels
from imu_gesture.recording.exporters.parquet import export_parquet
from imu_gesture.recording.exporters.piece import (
    Exported,
    ExportOptions,
    NewFile,
    Piece,
    stretches,
    whole,
)
from imu_gesture.recording.importers.edge_impulse_format import LabelledFile
from imu_gesture.recording.importers.imported import Finding
from imu_gesture.recording.mcap_file import labels_path, read_recording


@dataclass(frozen=True)
class Format:
    """An exporter, and what it writes beside the files of all recordings."""

    export: Callable[[Piece, ExportOptions], Exported]
    index: Callable[[list[LabelledFile]], NewFile] | None = None
    signs: bool = False


FORMATS = {
    "csv": Format(export_csv),
    "edge-impulse-cbor": Format(export_cbor, info_labels, signs=True),
    "edge-impulse-json": Format(export_json, info_labels, signs=True),
    "parquet": Format(export_parquet),
}


@dataclass(frozen=True)
class FileReport:
    """What became of one recording."""

    recording: str
    files: tuple[str, ...]
    samples: int
    findings: tuple[Finding, ...]


def export_recordings(
    recordings: list[Path],
    format_name: str,
    folder: Path,
    options: ExportOptions,
    per_label: bool = False,
) -> Iterator[FileReport]:
    """Export recordings one by one; yields a report for each.

    Raises:
        InputError: a file is there already, or the format cannot do what `options` say.
    """
    chosen = FORMATS[format_name]
    if options.hmac_key is not None and not chosen.signs:
        raise InputError(f"format {format_name} has no signature; leave the key out")
    if options.hmac_key == b"":
        raise InputError("the key to sign with is empty")
    folder.mkdir(parents=True, exist_ok=True)
    index = chosen.index([]).name if chosen.index else None
    if index is not None:
        _refuse_existing(folder / index)
    entries: list[LabelledFile] = []
    for recording in recordings:
        pieces = list(_pieces(recording, per_label))
        exported = [
            chosen.export(piece, options) for piece in pieces if len(piece.recording.samples)
        ]
        files = [file for one in exported for file in one.files]
        _write(folder, files)
        entries += [file.entry for file in files if file.entry]
        yield FileReport(
            recording=str(recording),
            files=tuple(str(folder / file.name) for file in files),
            samples=sum(len(piece.recording.samples) for piece in pieces),
            findings=(*_empty(recording, pieces), *(f for one in exported for f in one.findings)),
        )
    if chosen.index:
        _write(folder, [chosen.index(entries)])


def _pieces(path: Path, per_label: bool) -> Iterator[Piece]:
    recording = read_recording(path)
    track = labels_path(path)
    labels = read_labels(track) if track.exists() else []
    if per_label:
        yield from stretches(path.stem, recording, labels)
    else:
        yield whole(path.stem, recording, labels)


def _empty(recording: Path, pieces: list[Piece]) -> Iterator[Finding]:
    if not pieces:
        yield Finding("no label", str(recording), "nothing to write with --per-label")
    empty = [piece.name for piece in pieces if not len(piece.recording.samples)]
    if empty:
        yield Finding("no samples", str(recording), f"not written: {', '.join(empty)}")


def _write(folder: Path, files: list[NewFile]) -> None:
    """Write new files; where one is there already, none."""
    for file in files:
        _refuse_existing(folder / file.name)
    for file in files:
        with (folder / file.name).open("xb") as stream:
            try:
                stream.write(file.content)
                stream.flush()
            except OSError:
                (folder / file.name).unlink()  # half a file would pass for a whole one
                raise


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise InputError(f"{path}: exists already; choose another folder with --output")
