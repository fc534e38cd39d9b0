"""WISDM's raw text: two sensors in two files, activities as letters."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from imu_gesture.errors import InputError
from imu_gesture.recording.importers.imported import ImportedFile, Source
from imu_gesture.recording.importers.options import ImportOptions
from imu_gesture.recording.importers.run import find_sources, import_sources
from imu_gesture.recording.importers.wisdm import import_wisdm
from tests.recording.importers import files

STEP_NS = 50_000_000
ROWS = 40
TIMES = {"K": 7_000_000_000_000, "A": 9_000_000_000_000}  # the clock's start, activity by activity


def text(values: NDArray[np.float64], times_ns: dict[str, int]) -> str:
    rows = iter(values)
    lines = [
        f"1606,{activity},{start_ns + STEP_NS * i},{','.join(map(str, next(rows)))};\n"
        for activity, start_ns in times_ns.items()
        for i in range(ROWS)
    ]
    return "".join(lines)


def person(
    folder: Path, accelerometer: str, gyroscope: str | None, place: str = "", name: str = "1606"
) -> Source:
    source = files.source(folder, accelerometer, f"data_{name}_accel_watch.txt")
    if gyroscope is not None:
        files.source(folder, gyroscope, f"{place}data_{name}_gyro_watch.txt")
    return source


VALUES = files.readings(2 * ROWS)
ACC, GYR = text(VALUES[:, :3], TIMES), text(VALUES[:, 3:], TIMES)


def imported(folder: Path, accelerometer: str = ACC, gyroscope: str | None = GYR) -> ImportedFile:
    return import_wisdm(person(folder, accelerometer, gyroscope), ImportOptions())


def test_both_sensors_become_one_stream_in_g_and_degrees(tmp_path: Path) -> None:
    found = imported(tmp_path)
    np.testing.assert_allclose(found.samples.acc_g, VALUES[:, :3] / 9.80665, rtol=1e-6)
    np.testing.assert_allclose(found.samples.gyr_or_zero_dps, np.degrees(VALUES[:, 3:]), rtol=1e-6)
    assert found.found_rate_hz == pytest.approx(20.0)
    assert (found.info.participant, found.info.gravity) == ("1606", "included")


def test_activities_lie_a_second_apart_whatever_their_clocks(tmp_path: Path) -> None:
    found = imported(tmp_path)
    own_us = np.arange(ROWS) * 50_000
    expected = np.concatenate([own_us, own_us[-1] + 1_000_000 + own_us])
    assert np.array_equal(found.samples.device_time_us, expected)
    assert [(round(label.start_s, 3), label.name) for label in found.labels()] == [
        (0.0, "background/drinking"),
        (2.95, "background/walking"),
    ]
    assert all(label.is_background for label in found.labels())


def test_rows_that_only_one_sensor_has_are_skipped_and_said(tmp_path: Path) -> None:
    found = imported(tmp_path, gyroscope="".join(GYR.splitlines(keepends=True)[3:]))
    assert len(found.samples) == 2 * ROWS - 3
    assert [(finding.kind, finding.message[:10]) for finding in found.findings] == [
        ("no gyroscope", "3 samples ")
    ]


def test_a_time_that_comes_twice_counts_once(tmp_path: Path) -> None:
    found = imported(tmp_path, accelerometer=ACC + ACC.splitlines(keepends=True)[5])
    assert len(found.samples) == 2 * ROWS


@pytest.mark.parametrize(
    "damage", ["1606,K,7000000000007,1.0,2.0;\n", "1606,K,x,1,2,3;\n", "1606,K,7,nan,2,3;\n"]
)
def test_a_damaged_row_is_skipped_and_said_with_its_line(damage: str, tmp_path: Path) -> None:
    found = imported(tmp_path, accelerometer=damage + ACC)
    assert len(found.samples) == 2 * ROWS
    assert files.findings(found) == [("damaged row", "data_1606_accel_watch.txt:1")]


def test_the_gyroscope_may_lie_in_its_own_folder_as_published(tmp_path: Path) -> None:
    person(tmp_path / "watch" / "accel", ACC, GYR, place="../gyro/")
    (source,) = find_sources(tmp_path, "wisdm")
    assert len(import_wisdm(source, ImportOptions()).samples) == 2 * ROWS


@pytest.mark.parametrize(
    ("accelerometer", "gyroscope", "said"),
    [
        (ACC, None, r"data_1606_gyro_watch\.txt is missing"),
        (ACC, text(VALUES[:, 3:], {"K": 1, "A": 10**13}), "0 of 80 samples have a time"),
        ("", GYR, "the file is empty"),
        ("aX,aY,aZ\n1,2,3\n", GYR, r"accel_watch\.txt:1: 3 fields, expected 6"),
        (text(VALUES[:, :3], {"A": TIMES["K"], "K": TIMES["A"]}), GYR, "0 of 80 samples"),
    ],
)
def test_files_that_make_no_sense_are_refused(
    accelerometer: str, gyroscope: str | None, said: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=said):
        imported(tmp_path, accelerometer, gyroscope)


def test_a_folder_is_imported_without_its_key_and_its_gyroscopes(tmp_path: Path) -> None:
    for number, name in enumerate(("1606", "1610")):
        readings = files.readings(2 * ROWS, seed=number)
        acc, gyr = (text(part, TIMES) for part in (readings[:, :3], readings[:, 3:]))
        person(tmp_path / "in", acc, gyr, name=name)
    files.source(tmp_path / "in", "walking = A\n", "activity_key.txt")
    sources = find_sources(tmp_path / "in", "wisdm")
    reports = list(import_sources(sources, "wisdm", ImportOptions(), tmp_path / "out"))
    assert [report.segments for report in reports] == [
        {"background/drinking": 1, "background/walking": 1}
    ] * 2
    assert {path.suffix for path in (tmp_path / "out").iterdir()} == {".mcap", ".txt"}
