"""The Arduino tutorials' layout, as the capture sketch prints it and as people keep it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from imu_gesture.errors import InputError
from imu_gesture.recording.importers.arduino import import_arduino
from imu_gesture.recording.importers.options import (
    CsvLayout,
    ImportOptions,
    Segmentation,
    parse_segmentation,
)
from tests import make
from tests.recording.importers import files

ROWS = 119
THREE = files.readings(3 * ROWS)
MAG = ("mX", "mY", "mZ")


def gestures(between: str) -> str:
    return files.table([]) + between.join(files.lines(part) for part in np.split(THREE, 3))


def segments(text: str) -> ImportOptions:
    return ImportOptions(CsvLayout(segments=parse_segmentation(text)))


@pytest.mark.parametrize(
    "text",
    [
        gestures("\n"),
        gestures("\n") + "\n",
        gestures(""),
        gestures("\n").replace("\n", "\r\n"),
        gestures("\n").replace(",gX", ", gX").replace("aX,aY", "aX, aY"),
        gestures("").replace("\n", "\n\n", 1),
        gestures("").replace("aX,", "aX, ", 1).replace("\n", " \n"),
    ],
    ids=["blank", "at the end", "none", "CRLF", "spaces", "behind the header", "spaces, none"],
)
def test_every_119_rows_are_one_gesture(text: str, tmp_path: Path) -> None:
    found = import_arduino(files.source(tmp_path, text, "punch.csv"), ImportOptions())
    assert files.ranges(found) == [(i, i + ROWS, "punch") for i in (0, ROWS, 2 * ROWS)]
    files.assert_readings(found, THREE)
    assert found.findings == ()


def test_rate_and_ranges_are_those_of_the_library(tmp_path: Path) -> None:
    found = import_arduino(files.source(tmp_path, gestures("\n")), ImportOptions())
    info = found.info
    assert (info.stated_rate_hz, info.acc_range_g, info.gyr_range_dps) == (119.0, 4.0, 2000.0)
    assert info.time_source == "rate"
    assert np.array_equal(found.samples.device_time_us[:ROWS], make.times(ROWS))


def test_what_the_user_states_outweighs_the_library(tmp_path: Path) -> None:
    options = ImportOptions(rate_hz=104.0, acc_range_g=8.0, gyr_range_dps=500.0, label="up")
    found = import_arduino(files.source(tmp_path, gestures("\n")), options)
    info = found.info
    assert (info.stated_rate_hz, info.acc_range_g, info.gyr_range_dps) == (104.0, 8.0, 500.0)
    assert np.array_equal(found.samples.device_time_us[:ROWS], make.times(ROWS, 104.0))
    assert found.segments[0].label == "up"


def test_magnetometer_columns_are_taken_along(tmp_path: Path) -> None:
    values = files.readings(ROWS, columns=9)
    text = files.table(values, (*files.SIX, *MAG), ", ")
    samples = import_arduino(files.source(tmp_path, text), ImportOptions()).samples
    assert np.array_equal(samples.mag_ut, values[:, 6:].astype(np.float32))
    assert np.array_equal(samples.mag_time_us, samples.device_time_us)


@pytest.mark.parametrize(("rows", "over", "line"), [(ROWS + 1, 1, 121), (3 * ROWS - 1, 118, 240)])
def test_a_lost_or_surplus_row_is_refused_with_file_and_line(
    rows: int, over: int, line: int, tmp_path: Path
) -> None:
    with pytest.raises(
        InputError,
        match=rf"wave\.csv: {rows} rows .* 119-row .* {over} rows over, from line {line}",
    ):
        import_arduino(files.source(tmp_path, files.table(files.readings(rows))), ImportOptions())


def test_with_blank_lines_a_lost_row_is_one_odd_gesture(tmp_path: Path) -> None:
    rows = gestures("\n").splitlines()
    del rows[200]
    found = import_arduino(files.source(tmp_path, "\n".join(rows)), ImportOptions())
    assert files.ranges(found) == [(0, 119, "wave"), (119, 237, "wave"), (237, 356, "wave")]
    assert files.findings(found) == [("odd length", "wave.csv:122")]


@pytest.mark.parametrize(
    ("text", "how", "lengths"),
    [
        (gestures("\n"), "rows:51", [51] * 7),
        (gestures(""), "rows:357", [357]),
        (gestures(""), "blank-line", [357]),
    ],
)
def test_the_users_own_segments_are_used(
    text: str, how: str, lengths: list[int], tmp_path: Path
) -> None:
    found = import_arduino(files.source(tmp_path, text), segments(how))
    assert [stop - start for start, stop, _ in files.ranges(found)] == lengths


def test_the_users_own_columns_and_units_are_used(tmp_path: Path) -> None:
    rows = [(*row, "up" if i < 50 else "down") for i, row in enumerate(THREE[:ROWS])]
    layout = CsvLayout(acc_unit="mg", label="name", segments=Segmentation("label"))
    found = import_arduino(
        files.source(tmp_path, files.table(rows, (*files.SIX, "name"))), ImportOptions(layout)
    )
    assert files.ranges(found) == [(0, 50, "up"), (50, ROWS, "down")]
    np.testing.assert_allclose(found.samples.acc_g, THREE[:ROWS, :3] * 0.001, rtol=1e-6)


def test_a_file_of_another_layout_is_refused_by_its_columns(tmp_path: Path) -> None:
    text = files.table(THREE, ("ax", "ay", "az", "gx", "gy", "gz"))
    with pytest.raises(InputError, match=r"wave\.csv:1: no column aX, .*; the header has ax, "):
        import_arduino(files.source(tmp_path, text), ImportOptions())
