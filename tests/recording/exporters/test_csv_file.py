"""CSV: what is written reads back as the same float32 and microseconds, here and elsewhere."""

from __future__ import annotations

import csv
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

from imu_gesture.labels import Label
from imu_gesture.recording.importers.options import CsvLayout, ImportOptions, Segmentation
from imu_gesture.recording.importers.run import find_sources, import_sources
from imu_gesture.recording.mcap_file import labels_path, read_recording
from tests import make
from tests.recording.exporters import recordings
from tests.recording.exporters.recordings import CASES, NOISE, Case

IDS = [case.name for case in CASES]


def options(case: Case) -> ImportOptions:
    """The command line of docs/exporting.md."""
    return ImportOptions(
        CsvLayout(
            gyr=None if case.samples.gyr_dps is None else CsvLayout.gyr,
            mag=("mX", "mY", "mZ") if len(case.samples.mag_time_us) else None,
            time="device_time_us",
            time_unit="us",
            label="label",
            segments=Segmentation("label"),
        )
    )


def rows_of(path: str) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_what_is_written_imports_as_the_same(case: Case, tmp_path: Path) -> None:
    report = recordings.exported(case, tmp_path, "csv")
    found = recordings.imported(report.files[0], "csv", options(case))
    recordings.assert_same_readings(found.samples, case.samples)
    first_us = min([*case.samples.device_time_us[:1], *case.samples.mag_time_us[:1]])
    assert np.array_equal(found.samples.device_time_us, case.samples.device_time_us - first_us)
    assert np.array_equal(found.samples.mag_time_us, case.samples.mag_time_us - first_us)
    assert np.array_equal(found.samples.sequence, np.arange(len(case.samples)))
    again = Case("again", found.samples, found.labels())
    assert again.label_of_rows == case.label_of_rows
    assert [f.kind for f in found.findings] == []
    assert report.findings == ()


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_another_reader_sees_the_same_numbers(case: Case, tmp_path: Path) -> None:
    rows = rows_of(recordings.exported(case, tmp_path, "csv").files[0])
    inertial = [row for row in rows if row["aX"]]
    assert [int(row["device_time_us"]) for row in inertial] == case.samples.device_time_us.tolist()
    assert [row["label"] for row in inertial] == case.label_of_rows
    for sensor, values in (("a", case.samples.acc_g), ("g", case.samples.gyr_dps)):
        if values is None:
            assert not any(name in rows[0] for name in ("gX", "gY", "gZ"))
        else:
            found = [[np.float32(row[sensor + axis]) for axis in "XYZ"] for row in inertial]
            assert np.array_equal(found, values)
    mag = [row for row in rows if row.get("mX")]
    assert [int(row["device_time_us"]) for row in mag] == case.samples.mag_time_us.tolist()
    field = np.array([[np.float32(row["m" + axis]) for axis in "XYZ"] for row in mag])
    assert np.array_equal(field.reshape(-1, 3), case.samples.mag_ut)
    times_us = [int(row["device_time_us"]) for row in rows]
    assert times_us == sorted(set(times_us))


def test_numpy_reads_it_as_it_is(tmp_path: Path) -> None:
    case = Case("plain", NOISE)
    path = recordings.exported(case, tmp_path, "csv").files[0]
    table = np.loadtxt(path, delimiter=",", skiprows=1, usecols=range(7), dtype=np.float64)
    assert np.array_equal(table[:, 0], NOISE.device_time_us)
    assert np.array_equal(table[:, 1:4].astype(np.float32), NOISE.acc_g)


def test_every_float32_survives(tmp_path: Path) -> None:
    bits = np.random.default_rng(5).integers(0, 2**31, 3000).astype(np.uint32)
    values = bits.view(np.float32)
    values = np.where(np.abs(values) < 1e29, values, np.float32(0.1)).reshape(-1, 3)
    samples = replace(make.noise(1000), acc_g=values, gyr_dps=-values)
    case = Case("any", samples)
    report = recordings.exported(case, tmp_path, "csv")
    written = read_recording(tmp_path / "recordings" / "rec.mcap").samples
    found = recordings.imported(report.files[0], "csv", options(case)).samples
    recordings.assert_same_readings(found, written)


def test_a_file_for_each_label(tmp_path: Path) -> None:
    case = CASES[IDS.index("magnetometer between")]
    report = recordings.exported(case, tmp_path, "csv", per_label=True)
    assert [Path(file).name for file in report.files] == [
        "up.rec.1.csv",
        "down.rec.2.csv",
        "up.rec.3.csv",
    ]
    times_us = case.samples.device_time_us
    for file, label in zip(report.files, case.labels, strict=True):
        rows = rows_of(file)
        assert {row["label"] for row in rows} == {label.name}
        found = [int(row["device_time_us"]) for row in rows if row["aX"]]
        start_us, end_us = times_us[0] + label.start_s * 1e6, times_us[0] + label.end_s * 1e6
        assert found == [time for time in times_us.tolist() if start_us <= time < end_us]
    assert report.samples == sum(map(bool, case.label_of_rows))


@pytest.mark.parametrize(
    ("labels", "kind", "message"),
    [
        ([Label(0.1, 0.3, "a"), Label(0.3, 0.5, "a")], "label merged", "1 labels follow one"),
        ([Label(0.1, 0.3, "a"), Label(0.2, 0.5, "b")], "label cut", "1 labels overlap"),
        ([Label(0.101, 0.102, "a")], "label lost", "1 labels have no row"),
        ([Label(0.1, 0.2, "a"), Label(0.1, 0.3, "b")], "label lost", "1 labels have no row"),
    ],
)
def test_labels_that_a_column_cannot_hold_are_said(
    labels: list[Label], kind: str, message: str, tmp_path: Path
) -> None:
    report = recordings.exported(Case("", NOISE, labels), tmp_path, "csv")
    assert [finding.kind for finding in report.findings] == [kind]
    assert message in report.findings[0].message


def test_neighbours_of_different_names_stay_apart(tmp_path: Path) -> None:
    case = Case("", NOISE, [Label(0.1, 0.3, "a"), Label(0.3, 0.5, "b")])
    rows = rows_of(recordings.exported(case, tmp_path, "csv").files[0])
    assert [name for name, _ in groupby(row["label"] for row in rows)] == ["", "a", "b", ""]


def test_an_empty_recording_is_said_and_not_written(tmp_path: Path) -> None:
    report = recordings.exported(Case("", make.noise(0)), tmp_path, "csv")
    assert (report.files, [f.kind for f in report.findings]) == ((), ["no samples"])


def test_a_whole_workspace_there_and_back(tmp_path: Path) -> None:
    case = CASES[IDS.index("jitter")]
    report = recordings.exported(case, tmp_path, "csv")
    sources = find_sources(Path(report.files[0]).parent, "csv")
    list(import_sources(sources, "csv", options(case), tmp_path / "again"))
    again = read_recording(tmp_path / "again" / "rec.mcap")
    recordings.assert_same_readings(again.samples, case.samples)
    labels = make.labels_of(tmp_path / "again" / "rec.mcap")
    assert Case("", again.samples, labels).label_of_rows == case.label_of_rows
    assert labels_path(tmp_path / "again" / "rec.mcap").is_file()
