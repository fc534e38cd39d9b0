"""Oddities of imported files: duplicates, clipping, missing labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from imu_gesture.recording.importers.checks import DuplicateFilter, clipped, oddities
from imu_gesture.recording.importers.csv_file import import_csv
from imu_gesture.recording.importers.imported import ImportedFile
from imu_gesture.recording.importers.options import CsvLayout, ImportOptions, Segmentation
from tests.recording.importers import files

Rewrite = Callable[[NDArray[np.float64]], NDArray[np.float64]]

RATE = ImportOptions(rate_hz=100.0)
ROWS = 20
ISOLATED = replace(RATE, csv=CsvLayout(segments=Segmentation("rows", rows=ROWS)))


def imported(
    folder: Path,
    values: NDArray[np.float64],
    name: str = "wave.csv",
    options: ImportOptions = ISOLATED,
) -> ImportedFile:
    return import_csv(files.source(folder, files.table(values), name), options)


def exactly(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return values


def rewritten(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same readings after a program has computed with them: 1.0750000000000002 for 1.075."""
    again = values * 1.1 / 1.1
    assert not np.array_equal(again, values)
    return again


def through_float32(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same readings after a float32 program took them to SI units and back."""
    again = (values.astype(np.float32) * np.float32(9.80665) / np.float32(9.80665)).round(7)
    assert not np.array_equal(again, values.astype(np.float32))
    return again.astype(np.float64)


@pytest.mark.parametrize("again", [exactly, rewritten, through_float32])
def test_a_segment_seen_before_is_dropped_and_said(again: Rewrite, tmp_path: Path) -> None:
    first, second, third = np.split(files.readings(3 * ROWS), 3)
    values = np.concatenate([first, second, again(first), third])
    found = DuplicateFilter().filter(imported(tmp_path, values))
    assert files.ranges(found) == [(0, 20, "wave"), (20, 40, "wave"), (40, 60, "wave")]
    files.assert_readings(found, np.concatenate([first, second, third]))
    assert files.findings(found) == [("duplicate", "wave.csv:42")]
    assert found.findings[0].message.endswith("wave.csv:2; skipped")


def test_labels_stay_with_their_readings_when_a_duplicate_is_dropped(tmp_path: Path) -> None:
    seen, first, second = np.split(files.readings(3 * ROWS), 3)
    filter_ = DuplicateFilter()
    filter_.filter(imported(tmp_path, seen))
    found = filter_.filter(imported(tmp_path, np.concatenate([seen, first, seen, second]), "b.csv"))
    seconds = (found.samples.device_time_us - found.samples.device_time_us[0]) * 1e-6
    for label, part in zip(found.labels(), (first, second), strict=True):
        inside = (seconds >= label.start_s - 1e-6) & (seconds < label.end_s - 1e-6)
        assert np.array_equal(found.samples.acc_g[inside], part[:, :3].astype(np.float32))


def test_a_segment_of_an_earlier_file_is_dropped(tmp_path: Path) -> None:
    filter_ = DuplicateFilter()
    values = files.readings(2 * ROWS)
    filter_.filter(imported(tmp_path, values, "up.csv"))
    later = filter_.filter(imported(tmp_path, rewritten(values)[ROWS:], "down.csv"))
    assert len(later.samples) == 0
    assert later.segments == ()
    assert "up.csv:22" in later.findings[0].message


@pytest.mark.parametrize("again", [exactly, rewritten])
def test_a_continuous_file_is_compared_as_a_whole(again: Rewrite, tmp_path: Path) -> None:
    filter_ = DuplicateFilter()
    values = np.concatenate([files.readings(ROWS)] * 2)  # repeats itself
    first = filter_.filter(imported(tmp_path, values, "a.csv", RATE))
    assert len(first.samples) == 2 * ROWS
    assert first.findings == ()
    second = filter_.filter(imported(tmp_path, again(values), "b.csv", RATE))
    assert len(second.samples) == 0
    assert files.findings(second) == [("duplicate", "b.csv:1")]


@pytest.mark.parametrize("column", range(6))
def test_readings_that_differ_in_one_digit_are_no_duplicates(column: int, tmp_path: Path) -> None:
    values = files.readings(ROWS)
    other = values.copy()
    other[7, column] += 0.001
    found = DuplicateFilter().filter(imported(tmp_path, np.concatenate([values, other])))
    assert len(found.segments) == 2
    assert found.findings == ()


def test_magnetometer_readings_of_a_duplicate_go_with_it(tmp_path: Path) -> None:
    values = files.readings(ROWS, columns=9)
    layout = replace(ISOLATED.csv, mag=("mX", "mY", "mZ"))
    text = files.table(np.concatenate([values] * 2), (*files.SIX, "mX", "mY", "mZ"))
    found = import_csv(files.source(tmp_path, text), replace(ISOLATED, csv=layout))
    samples = DuplicateFilter().filter(found).samples
    assert np.array_equal(samples.mag_time_us, samples.device_time_us)
    assert np.array_equal(samples.mag_ut, values[:, 6:].astype(np.float32))


@pytest.mark.parametrize(
    ("column", "reading", "is_clipped"),
    [
        (0, 4.0, True),
        (2, -4.0, True),
        (1, 3.9998779296875, True),
        (1, 3.99, False),
        (3, 2000.0, True),
        (5, -1999.939, True),
        (5, 1999.0, False),
        (4, 4.0, False),
    ],
)
def test_a_reading_at_the_stated_range_is_clipped(
    column: int, reading: float, is_clipped: bool, tmp_path: Path
) -> None:
    values = files.readings(3 * ROWS)
    values[[25, 26], column] = reading
    options = replace(ISOLATED, acc_range_g=4.0, gyr_range_dps=2000.0)
    found = imported(tmp_path, values, options=options)
    assert np.flatnonzero(clipped(found)).tolist() == ([25, 26] if is_clipped else [])
    messages = [finding.message for finding in oddities(found) if finding.kind == "clipped"]
    expected = "2 samples stand at the sensor's range, in 1 of 3 segments"
    assert messages == ([expected] if is_clipped else [])


@pytest.mark.parametrize(("times", "is_clipped"), [(1, False), (4, False), (5, True), (9, True)])
@pytest.mark.parametrize("column", [1, 4])
def test_without_a_range_a_largest_value_that_repeats_is_taken_for_it(
    times: int, is_clipped: bool, column: int, tmp_path: Path
) -> None:
    values = files.readings(ROWS)
    values[:times, column] = 7.5 if column < 3 else 245.0
    found = imported(tmp_path, values, options=RATE)
    assert clipped(found).sum() == (times if is_clipped else 0)


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_a_sensor_at_rest_is_not_clipped(level: float, tmp_path: Path) -> None:
    assert not clipped(imported(tmp_path, np.full((ROWS, 6), level), options=RATE)).any()


def test_segments_without_a_label_are_counted(tmp_path: Path) -> None:
    rows = [(*row, "up" if i % 40 < 20 else "") for i, row in enumerate(files.readings(100))]
    source = files.source(tmp_path, files.table(rows, (*files.SIX, "label")))
    layout = CsvLayout(label="label", segments=Segmentation("label"))
    (finding,) = oddities(import_csv(source, replace(RATE, csv=layout)))
    assert finding.kind == "no label"
    assert finding.message.startswith("2 of 5 segments have no label")


def test_nothing_odd_is_no_finding(tmp_path: Path) -> None:
    assert list(oddities(imported(tmp_path, files.readings(3 * ROWS)))) == []
