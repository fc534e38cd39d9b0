"""Export of several recordings: nothing is overwritten, and every format is offered."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from imu_gesture.cli.exporting import export
from imu_gesture.errors import InputError, RecordingError
from imu_gesture.recording.exporters.piece import ExportOptions
from imu_gesture.recording.exporters.run import FORMATS, export_recordings
from tests import make

FILES = {
    "csv": ["anna.csv", "ben.csv"],
    "edge-impulse-cbor": ["anna.cbor", "ben.cbor", "info.labels"],
    "edge-impulse-json": ["anna.json", "ben.json", "info.labels"],
    "parquet": ["anna.parquet", "ben.parquet"],
}


def two(folder: Path) -> list[Path]:
    samples, labels = make.gestures(["up", "down"])
    return [make.write(folder, name, samples, labels) for name in ("anna", "ben")]


def run(paths: list[Path], format_name: str, folder: Path, per_label: bool = False) -> list[str]:
    reports = export_recordings(paths, format_name, folder, ExportOptions(), per_label)
    return [file for report in reports for file in report.files]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_command_offers_every_format() -> None:
    (option,) = [option for option in export.params if option.name == "format_name"]
    assert isinstance(option.type, click.Choice)
    assert list(option.type.choices) == sorted(FORMATS) == sorted(FILES)


@pytest.mark.parametrize("format_name", FILES)
def test_one_file_for_each_recording(format_name: str, tmp_path: Path) -> None:
    run(two(tmp_path), format_name, tmp_path / "out" / "deep")
    assert names(tmp_path / "out" / "deep") == FILES[format_name]


@pytest.mark.parametrize("format_name", FILES)
def test_exporting_again_never_overwrites(format_name: str, tmp_path: Path) -> None:
    paths = two(tmp_path)
    run(paths, format_name, tmp_path / "out")
    before = {path: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    first = "info.labels" if "info.labels" in FILES[format_name] else FILES[format_name][0]
    with pytest.raises(InputError, match=rf"{first}: exists already; .*--output"):
        run(paths, format_name, tmp_path / "out")
    assert {path: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_of_one_recording_all_files_are_written_or_none(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "down.anna.2.csv").write_text("mine")
    with pytest.raises(InputError, match=r"down\.anna\.2\.csv: exists already"):
        run(two(tmp_path)[:1], "csv", tmp_path / "out", per_label=True)
    assert names(tmp_path / "out") == ["down.anna.2.csv"]
    assert (tmp_path / "out" / "down.anna.2.csv").read_text() == "mine"


def test_recordings_of_one_name_are_not_mixed_up(tmp_path: Path) -> None:
    paths = [two(tmp_path / name)[0] for name in ("a", "b")]
    with pytest.raises(InputError, match=r"anna\.csv: exists already"):
        run(paths, "csv", tmp_path / "out")


def test_a_recording_without_labels_has_no_stretches(tmp_path: Path) -> None:
    path = make.write(tmp_path, "anna", make.noise(50), [])
    (report,) = export_recordings([path], "csv", tmp_path / "out", ExportOptions(), per_label=True)
    assert (report.files, [f.kind for f in report.findings]) == ((), ["no label"])


def test_a_damaged_recording_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.mcap").write_bytes(b"\x89MCAP0\r\n and no more")
    with pytest.raises(RecordingError, match=r"x\.mcap"):
        run([tmp_path / "x.mcap"], "csv", tmp_path / "out")
    assert names(tmp_path / "out") == []
