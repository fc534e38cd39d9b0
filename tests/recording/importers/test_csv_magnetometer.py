"""CSV: a magnetometer with a rate of its own has empty cells between its readings."""

from __future__ import annotations

from pathlib import Path

import pytest

from imu_gesture.errors import InputError
from imu_gesture.recording.importers.csv_file import import_csv
from imu_gesture.recording.importers.imported import ImportedFile
from imu_gesture.recording.importers.options import CsvLayout, ImportOptions
from tests.recording.importers import files

HEADER = "t,aX,aY,aZ,mX,mY,mZ\n"
BOTH, INERTIAL, MAG = "1,2,3,4,5,6", "1,2,3,,,", ",,,7,8,9"


def imported(
    folder: Path, rows: list[str], time: str | None = "t", label: str | None = None
) -> ImportedFile:
    text = HEADER + "".join(f"{10 * i},{row}\n" for i, row in enumerate(rows))
    layout = CsvLayout(gyr=None, mag=("mX", "mY", "mZ"), time=time, time_unit="ms", label=label)
    return import_csv(files.source(folder, text), ImportOptions(layout, rate_hz=100.0))


def test_each_sensor_has_its_own_times(tmp_path: Path) -> None:
    found = imported(tmp_path, [MAG, BOTH, INERTIAL, MAG, INERTIAL, BOTH])
    assert found.samples.device_time_us.tolist() == [10_000, 20_000, 40_000, 50_000]
    assert found.samples.sequence.tolist() == [0, 1, 2, 3]
    assert found.samples.acc_g.tolist() == [[1, 2, 3]] * 4
    assert found.samples.mag_time_us.tolist() == [0, 10_000, 30_000, 50_000]
    assert found.samples.mag_ut.tolist() == [[7, 8, 9], [4, 5, 6], [7, 8, 9], [4, 5, 6]]
    assert files.ranges(found) == [(0, 4, "wave")]
    assert found.findings == ()


def test_the_rate_is_that_of_the_inertial_samples(tmp_path: Path) -> None:
    found = imported(tmp_path, [INERTIAL, MAG] * 20)
    assert found.found_rate_hz == 50.0


def test_without_empty_cells_nothing_needs_times(tmp_path: Path) -> None:
    found = imported(tmp_path, [BOTH] * 5, time=None)
    assert found.samples.mag_time_us.tolist() == found.samples.device_time_us.tolist()


@pytest.mark.parametrize("row", [MAG])
def test_rows_of_the_magnetometer_alone_need_times(row: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"wave\.csv: .*--time NAME"):
        imported(tmp_path, [BOTH, row, BOTH], time=None)


@pytest.mark.parametrize(
    "row",
    [",,,,,", "1,2,,4,5,6", "1,2,3,4,,6", "1,2,3,nan,nan,nan", "nan,nan,nan,4,5,6", "x,,,4,5,6"],
)
def test_half_a_reading_is_a_damaged_row(row: str, tmp_path: Path) -> None:
    found = imported(tmp_path, [BOTH] * 10 + [row] + [BOTH] * 10)
    assert files.findings(found) == [("damaged row", "wave.csv:12")]
    assert len(found.samples) == len(found.samples.mag_ut) == 20


def test_without_a_magnetometer_empty_cells_are_damage(tmp_path: Path) -> None:
    text = "aX,aY,aZ\n" + "1,2,3\n" * 10 + ",,\n"
    options = ImportOptions(CsvLayout(gyr=None), rate_hz=100.0)
    found = import_csv(files.source(tmp_path, text), options)
    assert files.findings(found) == [("damaged row", "wave.csv:12")]
