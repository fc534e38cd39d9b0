"""Import of a file or a folder into a workspace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from imu_gesture.errors import InputError
from imu_gesture.labels import format_labels
from imu_gesture.recording.importers.arduino import import_arduino
from imu_gesture.recording.importers.checks import DuplicateFilter, clipped, oddities
from imu_gesture.recording.importers.csv_file import import_csv
from imu_gesture.recording.importers.edge_impulse import import_edge_impulse
from imu_gesture.recording.importers.imported import Finding, ImportedFile, Source
from imu_gesture.recording.importers.options import ImportOptions
from imu_gesture.recording.importers.parquet import import_parquet
from imu_gesture.recording.importers.sp_sw_har import import_sp_sw_har
from imu_gesture.recording.importers.uhh import import_uhh
from imu_gesture.recording.importers.wisdm import import_wisdm
from imu_gesture.recording.mcap_file import Recording, labels_path, write_recording


@dataclass(frozen=True)
class Format:
    """An importer and the ends of the names of the files it takes."""

    read: Callable[[Source, ImportOptions], ImportedFile]
    suffixes: tuple[str, ...]


FORMATS = {
    "arduino": Format(import_arduino, (".csv",)),
    "csv": Format(import_csv, (".csv",)),
    "edge-impulse": Format(import_edge_impulse, (".json", ".cbor")),
    "parquet": Format(import_parquet, (".parquet",)),
    "sp-sw-har": Format(import_sp_sw_har, ("_sw.csv", "_sp.csv")),
    "uhh": Format(import_uhh, (".npz",)),
    "wisdm": Format(import_wisdm, ("_accel_watch.txt", "_accel_phone.txt")),
}


@dataclass(frozen=True)
class FileReport:
    """What became of one source file; `recording` is None when nothing in it was new."""

    source: str
    recording: str | None
    samples: int
    segments: dict[str, int]
    stated_rate_hz: float | None
    found_rate_hz: float | None
    clipped_samples: int
    findings: tuple[Finding, ...]


def find_sources(path: Path, format_name: str) -> list[Source]:
    """The file itself, or the files of the format's suffixes below a folder, shallow first."""
    suffixes = FORMATS[format_name].suffixes
    if path.is_file():
        return [Source(path, path.name)]
    if not path.is_dir():
        raise InputError(f"{path}: no such file or folder")
    files = [
        file for file in path.rglob("*") if file.name.lower().endswith(suffixes) and file.is_file()
    ]
    if not files:
        raise InputError(f"{path}: no {' or '.join(suffixes)} files in it (format {format_name})")
    files.sort(key=lambda file: (len(file.parts), file.as_posix()))
    return [Source(file, file.relative_to(path).as_posix()) for file in files]


def import_sources(
    sources: list[Source],
    format_name: str,
    options: ImportOptions,
    recordings: Path,
    prefix: str = "",
) -> Iterator[FileReport]:
    """Import files one by one into the folder `recordings`; yields a report for each.

    Raises:
        InputError: a file cannot be used; nothing of it is written, earlier files stay.
    """
    recordings.mkdir(parents=True, exist_ok=True)
    duplicates = DuplicateFilter()
    made: set[Path] = set()
    for source in sources:
        imported = duplicates.filter(FORMATS[format_name].read(source, options))
        target = None
        if len(imported.samples):
            target = _target(recordings, prefix + _recording_name(source), made)
            made.add(target)
            write_imported(target, imported)
        yield _report(imported, target)


def write_imported(target: Path, imported: ImportedFile) -> None:
    """Write the recording and the labels beside it."""
    write_recording(target, Recording(imported.samples, imported.info))
    labels_path(target).write_text(format_labels(imported.labels()), encoding="utf-8")


def _target(recordings: Path, name: str, made: set[Path]) -> Path:
    """A name that this import has not used yet: `a/b.csv` and `a-b.csv` would share one."""
    target, number = recordings / f"{name}.mcap", 1
    while target in made:
        number += 1
        target = recordings / f"{name}-{number}.mcap"
    return target


def _recording_name(source: Source) -> str:
    return Path(source.name).with_suffix("").as_posix().replace("/", "-")


def _report(imported: ImportedFile, target: Path | None) -> FileReport:
    labels = Counter(segment.label or "(no label)" for segment in imported.segments)
    return FileReport(
        source=str(imported.source.path),
        recording=str(target) if target else None,
        samples=len(imported.samples),
        segments=dict(labels),
        stated_rate_hz=imported.info.stated_rate_hz,
        found_rate_hz=imported.found_rate_hz,
        clipped_samples=int(clipped(imported).sum()),
        findings=(*imported.findings, *oddities(imported)),
    )
