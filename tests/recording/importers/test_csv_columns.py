"""CSV: any column names, units and delimiters; damaged rows are said with file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from imu_gesture.errors import InputError
from imu_gesture.recording.importers.csv_file import import_csv
from imu_gesture.recording.importers.imported import Source
from imu_gesture.recording.importers.options import CsvLayout, ImportOptions
from tests.recording.importers import files

RATE = ImportOptions(rate_hz=100.0)
GOOD = "0,0,1,0,0,0\n"


def layout(**columns: Any) -> ImportOptions:
    return ImportOptions(CsvLayout(**columns), rate_hz=100.0)


def test_columns_are_found_by_name_in_any_order(tmp_path: Path) -> None:
    values = files.readings(20, columns=8)
    names = ("gz", "note", "ax", "gx", "az", "ay", "temperature", "gy")
    options = layout(acc=("ax", "ay", "az"), gyr=("gx", "gy", "gz"))
    imported = import_csv(files.source(tmp_path, files.table(values, names)), options)
    files.assert_readings(imported, values[:, [2, 5, 4, 3, 7, 0]])


def test_a_source_without_gyroscope(tmp_path: Path) -> None:
    text = files.table(files.readings(5, columns=3), files.SIX[:3])
    assert import_csv(files.source(tmp_path, text), layout(gyr=None)).samples.gyr_dps is None


@pytest.mark.parametrize(
    ("units", "one"),
    [
        ({"acc_unit": "g"}, (1, 1, 1)),
        ({"acc_unit": "m/s2"}, (1 / 9.80665, 1, 1)),
        ({"acc_unit": "mg"}, (0.001, 1, 1)),
        ({"gyr_unit": "deg/s"}, (1, 1, 1)),
        ({"gyr_unit": "rad/s"}, (1, 180 / np.pi, 1)),
        ({"gyr_unit": "mdeg/s"}, (1, 0.001, 1)),
        ({"mag_unit": "uT"}, (1, 1, 1)),
        ({"mag_unit": "G"}, (1, 1, 100)),
        ({"mag_unit": "mG"}, (1, 1, 0.1)),
    ],
)
def test_units(units: dict[str, str], one: tuple[float, float, float], tmp_path: Path) -> None:
    values = files.readings(10, columns=9)
    text = files.table(values, (*files.SIX, "mX", "mY", "mZ"))
    imported = import_csv(files.source(tmp_path, text), layout(mag=("mX", "mY", "mZ"), **units))
    samples = imported.samples
    assert samples.gyr_dps is not None
    assert np.array_equal(samples.mag_time_us, samples.device_time_us)
    for found, columns, scale in zip(
        (samples.acc_g, samples.gyr_dps, samples.mag_ut), np.split(values, 3, 1), one, strict=True
    ):
        np.testing.assert_allclose(found, columns * scale, rtol=1e-6)


@pytest.mark.parametrize("mark", [",", ";", "\t", " ", "  ", ", ", " ; "])
def test_the_delimiter_is_seen_in_the_header(mark: str, tmp_path: Path) -> None:
    values = files.readings(10)
    text = files.table(values, mark=mark)
    files.assert_readings(import_csv(files.source(tmp_path, text), RATE), values)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_names_may_have_blanks(mark: str, tmp_path: Path) -> None:
    names = [f"{sensor} {axis} (unit)" for sensor in ("Acc", "Gyr") for axis in "XYZ"]
    values = files.readings(10)
    options = layout(acc=tuple(names[:3]), gyr=tuple(names[3:]))
    text = files.table(values, names, mark)
    files.assert_readings(import_csv(files.source(tmp_path, text), options), values)


@pytest.mark.parametrize(
    "rewritten",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("aX", '"aX"').replace(",gZ", ', "gZ" '),
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("\n", "  \n"),
        lambda text: text + "\n\n",
    ],
    ids=["byte order mark", "Windows line ends", "quotes", "no last line end", "blanks", "end"],
)
def test_how_an_editor_may_leave_a_file(rewritten: Any, tmp_path: Path) -> None:
    values = files.readings(10)
    imported = import_csv(files.source(tmp_path, rewritten(files.table(values))), RATE)
    files.assert_readings(imported, values)
    assert imported.findings == ()


def test_an_empty_last_field_between_tabs_is_a_field(tmp_path: Path) -> None:
    text = "\t".join((*files.SIX, "label")) + "\n" + "0\t0\t1\t0\t0\t0\t\n" * 5
    imported = import_csv(files.source(tmp_path, text), layout(label="label"))
    assert files.ranges(imported) == [(0, 5, None)]
    assert imported.findings == ()


@pytest.mark.parametrize(
    "damage",
    [
        "1,2,3",
        "1,2,3,4,5,6,7",
        "1,2,x,4,5,6",
        "1,,3,4,5,6",
        "1,2,nan,4,5,6",
        "1,inf,3,4,5,6",
        "-Infinity,2,3,4,5,6",
        "1e300,2,3,4,5,6",
        "aX,aY,aZ,gX,gY,gZ",
        "1;2;3;4;5;6",
    ],
)
def test_a_damaged_row_is_skipped_and_said_with_file_and_line(damage: str, tmp_path: Path) -> None:
    values = files.readings(20)
    text = files.table(values[:7]) + damage + "\n" + files.lines(values[7:])
    imported = import_csv(files.source(tmp_path, text), RATE)
    files.assert_readings(imported, values)
    assert files.findings(imported) == [("damaged row", "wave.csv:9")]
    assert damage in imported.findings[0].message


def test_a_damaged_row_leaves_its_place_in_time_empty(tmp_path: Path) -> None:
    text = files.table(files.readings(5)) + "x\n" + files.lines(files.readings(3))
    samples = import_csv(files.source(tmp_path, text), RATE).samples
    assert samples.device_time_us.tolist() == [i * 10_000 for i in (0, 1, 2, 3, 4, 6, 7, 8)]
    assert samples.sequence.tolist() == [0, 1, 2, 3, 4, 6, 7, 8]


def test_one_damaged_row_in_five_is_still_imported(tmp_path: Path) -> None:
    text = files.table([]) + (GOOD * 4 + "?\n") * 20
    imported = import_csv(files.source(tmp_path, text), RATE)
    assert len(imported.samples) == 80
    assert len(imported.findings) == 20


def test_more_than_one_damaged_row_in_five_is_refused(tmp_path: Path) -> None:
    text = files.table([]) + (GOOD * 4 + "?\n") * 20 + "?\n"
    with pytest.raises(InputError, match=r"21% .* damaged, the first at .*wave\.csv:6 "):
        import_csv(files.source(tmp_path, text), RATE)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"wave\.csv: the file is empty"),
        (b"aX,aY,aZ,gX,gY,gZ\n\n\n", r"wave\.csv: no rows behind the header"),
        (b"aX,aY,aZ,gX,z\n1,2,3,4,5\n", r"wave\.csv:1: no column gY, gZ; the header has aX, .*z"),
        (b"\n" + GOOD.encode(), r"wave\.csv:1: no column aX"),
        (GOOD.encode() * 9, r"wave\.csv:1: no column aX.* has 0, 0, 1, 0, 0, 0\. Name .* --acc"),
        (bytes(range(256)), r"wave\.csv: not a text file \(byte 128"),
        ("aX,aY,aZ".encode("utf-16"), r"wave\.csv: not a text file"),
        (b"aX," + bytes(200_000), r"wave\.csv:1: .*is this the right format\?"),
    ],
    ids=["empty", "header", "columns", "blank header", "none", "binary", "UTF-16", "long"],
)
def test_a_file_of_another_kind_is_refused_by_name(
    content: bytes, message: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=message):
        import_csv(files.source(tmp_path, content), RATE)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no\.csv: cannot be read"):
        import_csv(Source(tmp_path / "no.csv", "no.csv"), RATE)


def test_a_binary_file_does_not_fill_the_screen(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        import_csv(files.source(tmp_path, b"x" * 100_000), RATE)
    assert len(str(error.value)) < 1000
