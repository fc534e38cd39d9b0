"""CSV: where one gesture ends and the next begins, and what it is called."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from imu_gesture import _core
from imu_gesture.errors import InputError
from imu_gesture.labels import Label, format_labels
from imu_gesture.recording.importers.csv_file import import_csv
from imu_gesture.recording.importers.imported import ImportedFile
from imu_gesture.recording.importers.options import (
    CsvLayout,
    ImportOptions,
    parse_segmentation,
)
from tests.recording.importers import files

NAMED = (*files.SIX, "label")
ROW = (0, 0, 1, 0, 0, 0)


def imported(
    folder: Path, text: str, segments: str, options: ImportOptions | None = None
) -> ImportedFile:
    options = options or ImportOptions(rate_hz=100.0)
    layout = replace(options.csv, segments=parse_segmentation(segments))
    return import_csv(files.source(folder, text), replace(options, csv=layout))


def named(names: list[str], segments: str, folder: Path) -> ImportedFile:
    """100 Hz rows with the given names in a label column."""
    options = ImportOptions(CsvLayout(label="label"), rate_hz=100.0)
    return imported(folder, files.table([(*ROW, name) for name in names], NAMED), segments, options)


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        ("file", [(0, 12)]),
        ("rows:4", [(0, 4), (4, 8), (8, 12)]),
        ("rows:12", [(0, 12)]),
        ("blank-line", [(0, 4), (4, 8), (8, 12)]),
    ],
)
def test_a_file_is_cut_as_asked(
    segments: str, expected: list[tuple[int, int]], tmp_path: Path
) -> None:
    parts = [files.lines([ROW] * 4) for _ in range(3)]
    text = files.table([]) + "\n" + "\n  \n\n".join(parts) + "\n\n"
    found = imported(tmp_path, text, segments)
    assert files.ranges(found) == [(*rows, "wave") for rows in expected]
    assert found.isolated == (segments != "file")
    assert found.findings == ()


def test_segments_made_from_a_rate_have_a_gap_between_them(tmp_path: Path) -> None:
    found = imported(tmp_path, files.table([ROW] * 30), "rows:10")
    steps_us = np.diff(found.samples.device_time_us)
    assert np.flatnonzero(steps_us > _core.DEFAULT_MAX_GAP_US).tolist() == [9, 19]
    assert set(np.delete(steps_us, [9, 19]).tolist()) == {10_000}


def test_rows_that_do_not_come_out_even_are_refused_with_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"wave\.csv: 30 rows are not .* 7-row .*: 2 rows over, from line 30\."
    ):
        imported(tmp_path, files.table([ROW] * 30), "rows:7")


def test_gaps_in_time_cut(tmp_path: Path) -> None:
    times = np.arange(30) * 0.01
    times[10:] += 0.6
    times[20:] += 0.4
    options = ImportOptions(CsvLayout(time="t"))
    found = imported(tmp_path, files.timed(files.readings(30), times), "gap:0.5", options)
    assert files.ranges(found) == [(0, 10, "wave"), (10, 30, "wave")]
    assert files.findings(found) == [("odd length", "wave.csv:12")]


def test_gaps_without_times_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"wave\.csv: segments gap:S need a time column"):
        imported(tmp_path, files.table([ROW] * 5), "gap:0.5")


def test_a_segment_of_another_length_is_said_with_its_line(tmp_path: Path) -> None:
    parts = [files.lines([ROW] * n) for n in (5, 5, 4, 5)]
    found = imported(tmp_path, files.table([]) + "\n".join(parts), "blank-line")
    assert files.findings(found) == [("odd length", "wave.csv:14")]
    assert "segment of 4 rows, the others have 5" in found.findings[0].message


def test_the_label_column_names_and_cuts(tmp_path: Path) -> None:
    found = named(["", "", "up", "up", "up", "down", "", "up"], "label", tmp_path)
    expected = [(0, 2, None), (2, 5, "up"), (5, 6, "down"), (6, 7, None), (7, 8, "up")]
    assert files.ranges(found) == expected
    assert not found.isolated
    track = format_labels(found.labels()).splitlines()
    assert track == [
        "0.020000\t0.050000\tup",
        "0.050000\t0.060000\tdown",
        "0.070000\t0.080000\tup",
    ]


def test_a_continuous_file_stays_continuous_where_its_label_changes(tmp_path: Path) -> None:
    times_us = named(["a"] * 5 + ["b"] * 5, "label", tmp_path).samples.device_time_us
    assert times_us.tolist() == [10_000 * i for i in range(10)]


@pytest.mark.parametrize("damage", ["0,0", "0,0,nan,0,0,0,down", "0,0,1,0,0,down,x"])
def test_a_damaged_row_does_not_cut_a_gesture_in_two(damage: str, tmp_path: Path) -> None:
    down, up = (files.lines([(*ROW, name)] * 5) for name in ("down", "up"))
    options = ImportOptions(CsvLayout(label="label"), rate_hz=100.0)
    text = files.table([], NAMED) + down + up + damage + "\n" + up
    found = imported(tmp_path, text, "label", options)
    assert files.ranges(found) == [(0, 5, "down"), (5, 15, "up")]


def test_a_damaged_first_row_does_not_rename_a_gesture(tmp_path: Path) -> None:
    parts = [files.lines([(*ROW, name)] * 5) for name in ("up", "down")]
    options = ImportOptions(CsvLayout(label="label"), rate_hz=100.0)
    text = files.table([], NAMED) + parts[0] + "\n0,0\n" + parts[1]
    found = imported(tmp_path, text, "blank-line", options)
    assert files.ranges(found) == [(0, 5, "up"), (5, 10, "down")]


def test_segments_by_label_without_names_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"wave\.csv: .*--label-column NAME"):
        imported(tmp_path, files.table([ROW] * 5), "label")


def test_the_label_column_names_isolated_segments(tmp_path: Path) -> None:
    found = named(["up"] * 4 + ["down"] * 4, "rows:4", tmp_path)
    assert files.ranges(found) == [(0, 4, "up"), (4, 8, "down")]


def test_a_label_lasts_to_the_end_of_its_last_sample(tmp_path: Path) -> None:
    found = imported(tmp_path, files.table([ROW] * 100), "rows:50")
    assert found.labels() == [Label(0.0, 0.5, "wave"), Label(1.5, 2.0, "wave")]


def test_a_segment_of_damaged_rows_alone_is_dropped(tmp_path: Path) -> None:
    parts = [files.lines([ROW] * 9), "?\n?\n", files.lines([ROW] * 9)]
    found = imported(tmp_path, files.table([]) + "\n".join(parts), "blank-line")
    assert files.ranges(found) == [(0, 9, "wave"), (9, 18, "wave")]
