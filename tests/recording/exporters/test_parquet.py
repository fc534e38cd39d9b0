"""Parquet: nothing is lost, and pyarrow alone reads the same."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from imu_gesture.labels import parse_labels
from imu_gesture.recording.importers.options import ImportOptions
from imu_gesture.recording.importers.run import find_sources, import_sources
from imu_gesture.recording.mcap_file import read_recording
from tests import make
from tests.conftest import RunPython
from tests.recording.exporters import recordings
from tests.recording.exporters.recordings import CASES, Case

EXPORT = """
from imu_gesture.cli import main
sys.argv = ["imu-gesture", "export", "--format", *sys.argv[1:3], "-o", sys.argv[3]]
sys.stderr = sys.stdout
try:
    main()
except SystemExit as end:
    print("exit code", end.code)
"""
IDS = [case.name for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_what_is_written_imports_as_the_same(case: Case, tmp_path: Path) -> None:
    report = recordings.exported(case, tmp_path, "parquet")
    assert report.findings == ()
    sources = find_sources(Path(report.files[0]).parent, "parquet")
    (back,) = import_sources(sources, "parquet", ImportOptions(), tmp_path / "again")
    assert back.findings == ()
    again = read_recording(tmp_path / "again" / "rec.mcap")
    recordings.assert_same_readings(again.samples, case.samples)
    assert np.array_equal(again.samples.device_time_us, case.samples.device_time_us)
    assert np.array_equal(again.samples.mag_time_us, case.samples.mag_time_us)
    assert np.array_equal(again.samples.sequence, case.samples.sequence)
    assert again.info == case.info
    assert make.labels_of(tmp_path / "again" / "rec.mcap") == case.labels


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_pyarrow_alone_reads_the_same(case: Case, tmp_path: Path) -> None:
    path = recordings.exported(case, tmp_path, "parquet").files[0]
    table = pq.read_table(path)
    inertial = table.filter(table["aX"].is_valid())
    for sensor, values in (("a", case.samples.acc_g), ("g", case.samples.gyr_dps)):
        if values is None:
            assert "gX" not in table.column_names
        else:
            found = [inertial[sensor + axis].to_numpy() for axis in "XYZ"]
            assert [column.dtype for column in found] == [np.float32] * 3
            assert np.array_equal(np.stack(found, axis=1), values)
    assert inertial["device_time_us"].to_pylist() == case.samples.device_time_us.tolist()
    assert inertial["sequence"].to_pylist() == case.samples.sequence.tolist()
    assert [name or "" for name in inertial["label"].to_pylist()] == case.label_of_rows
    if len(case.samples.mag_time_us):
        mag = table.filter(table["mX"].is_valid())
        assert mag["device_time_us"].to_pylist() == case.samples.mag_time_us.tolist()
        field = np.stack([mag["m" + axis].to_numpy() for axis in "XYZ"], axis=1)
        assert np.array_equal(field, case.samples.mag_ut)
    metadata = table.schema.metadata
    assert json.loads(metadata[b"imu_gesture.info"])["participant"] == case.info.participant
    assert parse_labels(metadata[b"imu_gesture.labels"].decode(), "") == case.labels


def test_a_file_for_each_label_counts_from_its_own_start(tmp_path: Path) -> None:
    case = CASES[IDS.index("labelled")]
    report = recordings.exported(case, tmp_path, "parquet", per_label=True)
    for file, label in zip(report.files, case.labels, strict=True):
        found = recordings.imported(file, "parquet", ImportOptions())
        (stretch,) = found.labels()
        first_s = (found.samples.device_time_us[0] - case.samples.device_time_us[0]) * 1e-6
        assert (stretch.name, stretch.start_s) == (label.name, 0.0)
        assert stretch.end_s + first_s == pytest.approx(label.end_s, abs=1e-6)
        assert {*Case("", found.samples, [stretch]).label_of_rows} == {label.name}


def test_the_same_recording_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (
        Path(recordings.exported(CASES[0], tmp_path / name, "parquet").files[0]).read_bytes()
        for name in ("a", "b")
    )
    assert first == second


def test_without_pyarrow_the_message_says_what_to_install(
    run_python: RunPython, tmp_path: Path
) -> None:
    path = CASES[0].write(tmp_path)
    said = run_python(EXPORT, "parquet", path, tmp_path / "out", missing=["pyarrow"])
    assert (
        said
        == "error: Parquet files need pyarrow: pip install 'imu-gesture[parquet]'\nexit code 1\n"
    )


def test_no_other_format_needs_pyarrow(run_python: RunPython, tmp_path: Path) -> None:
    path = CASES[0].write(tmp_path)
    assert "1 files" in run_python(EXPORT, "csv", path, tmp_path / "out", missing=["pyarrow"])
