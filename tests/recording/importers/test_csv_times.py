"""CSV: times that the device took, or made from a stated rate."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from imu_gesture.errors import InputError
from imu_gesture.recording.importers.csv_file import import_csv
from imu_gesture.recording.importers.imported import ImportedFile
from imu_gesture.recording.importers.options import (
    CsvLayout,
    ImportOptions,
    TimeUnit,
    parse_segmentation,
)
from tests import make
from tests.recording.importers import files


def imported(
    folder: Path,
    text: str,
    segments: str = "file",
    rate_hz: float | None = None,
    unit: TimeUnit = "s",
) -> ImportedFile:
    layout = CsvLayout(time="t", time_unit=unit, segments=parse_segmentation(segments))
    return import_csv(files.source(folder, text), ImportOptions(layout, rate_hz=rate_hz))


def parts(starts_ms: list[int], rows: int = 20) -> str:
    """Segments of 100 Hz behind blank lines, each with its clock from a given time."""
    values = files.readings(rows * len(starts_ms))
    texts = [
        files.lines((start_ms + 10 * i, *values[rows * part + i]) for i in range(rows))
        for part, start_ms in enumerate(starts_ms)
    ]
    return files.table([], ("t", *files.SIX)) + "\n".join(texts)


@pytest.mark.parametrize(
    ("unit", "times"),
    [
        ("s", ["3.0", "3.01", "3.0205"]),
        ("ms", ["3000", "3010", "3020.5"]),
        ("us", ["3000000", "3010000", "3020500"]),
        ("ns", ["3000000000", "3010000000", "3020500000"]),
    ],
)
def test_times_count_from_the_first_row_in_microseconds(
    unit: TimeUnit, times: list[str], tmp_path: Path
) -> None:
    found = imported(tmp_path, files.timed(files.readings(3), times), unit=unit)
    assert found.samples.device_time_us.tolist() == [0, 10_000, 20_500]
    assert found.info.time_source == "device"
    files.assert_readings(found, files.readings(3))


def test_unix_time_in_nanoseconds_keeps_its_microseconds(tmp_path: Path) -> None:
    text = files.timed(files.readings(500), 1_700_000_000_123_456_000 + make.times(500) * 1000)
    samples = imported(tmp_path, text, unit="ns").samples
    assert np.abs(samples.device_time_us - make.times(500)).max() <= 1


@pytest.mark.parametrize("stated_hz", [100.0, 99.0, 101.5, None])
def test_a_rate_that_is_measured_or_not_stated_is_no_finding(
    stated_hz: float | None, tmp_path: Path
) -> None:
    found = imported(tmp_path, parts([0]), rate_hz=stated_hz, unit="ms")
    assert found.found_rate_hz == 100.0
    assert found.info.stated_rate_hz == stated_hz
    assert found.findings == ()


@pytest.mark.parametrize("stated_hz", [50.0, 97.5, 119.0])
def test_a_stated_rate_that_is_not_the_measured_one_is_a_finding(
    stated_hz: float, tmp_path: Path
) -> None:
    found = imported(tmp_path, parts([0]), rate_hz=stated_hz, unit="ms")
    assert files.findings(found) == [("rate", "wave.csv")]
    assert f"stated {stated_hz:g} Hz, measured 100.00 Hz" in found.findings[0].message
    assert found.samples.device_time_us.tolist() == [10_000 * i for i in range(20)]


@pytest.mark.parametrize("rate_hz", [25.0, 119.0, 104.0])
def test_times_made_from_a_rate_do_not_drift(rate_hz: float, tmp_path: Path) -> None:
    options = ImportOptions(rate_hz=rate_hz)
    found = import_csv(files.source(tmp_path, files.table(files.readings(1000))), options)
    assert np.array_equal(found.samples.device_time_us, make.times(1000, rate_hz))
    assert (found.info.time_source, found.found_rate_hz) == ("rate", None)


def test_neither_times_nor_a_rate_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"wave\.csv: neither .*--time NAME.*--rate HZ"):
        import_csv(files.source(tmp_path, files.table(files.readings(5))), ImportOptions())


@pytest.mark.parametrize("late_ms", [500, 490, 100], ids=["equal", "back", "far back"])
def test_a_row_whose_time_does_not_advance_is_skipped_and_said(
    late_ms: int, tmp_path: Path
) -> None:
    times = np.arange(0, 2000, 10)
    times[51] = late_ms
    values = files.readings(200)
    found = imported(tmp_path, files.timed(values, times), unit="ms")
    files.assert_readings(found, np.delete(values, 51, axis=0))
    assert files.findings(found) == [("time not advancing", "wave.csv:53")]


def test_times_that_often_go_back_are_refused(tmp_path: Path) -> None:
    times = np.arange(0, 2000, 10)
    times[[20, 51, 70]] = 0
    with pytest.raises(InputError, match=r"does not advance in 3 of 200 .* line 22; is this the"):
        imported(tmp_path, files.timed(files.readings(200), times), unit="ms")


@pytest.mark.parametrize("damaged", [0, 1, 5, 19])
def test_a_damaged_row_costs_only_itself(damaged: int, tmp_path: Path) -> None:
    values = files.readings(20)
    rows = files.timed(values, np.arange(20) * 10).splitlines()
    rows[1 + damaged] = "?"
    found = imported(tmp_path, "\n".join(rows), unit="ms")
    files.assert_readings(found, np.delete(values, damaged, axis=0))
    kept = np.delete(np.arange(20), damaged)
    assert np.array_equal(found.samples.device_time_us, (kept - kept[0]) * 10_000)
    assert files.findings(found) == [("damaged row", f"wave.csv:{damaged + 2}")]
    assert found.found_rate_hz == 100.0


@pytest.mark.parametrize("segments", ["blank-line", "rows:20"])
@pytest.mark.parametrize("starts_ms", [[0, 0, 0], [700, 30, 5], [0, 190, 370]])
def test_segments_whose_clock_restarts_are_put_behind_each_other(
    segments: str, starts_ms: list[int], tmp_path: Path
) -> None:
    found = imported(tmp_path, parts(starts_ms), segments, unit="ms")
    expected = [part * 1_190_000 + i * 10_000 for part in range(3) for i in range(20)]
    assert found.samples.device_time_us.tolist() == expected
    files.assert_readings(found, files.readings(60))
    assert files.findings(found) == [("clock restarts", "wave.csv")]
    assert "in 2 of 3 segments" in found.findings[0].message
    assert found.found_rate_hz == 100.0


def test_only_segments_whose_clock_restarts_are_moved(tmp_path: Path) -> None:
    found = imported(tmp_path, parts([0, 400, 0, 500]), "blank-line", unit="ms")
    starts_us = found.samples.device_time_us[::20].tolist()
    assert starts_us == [0, 400_000, 1_590_000, 2_090_000]
    assert "in 1 of 4 segments" in found.findings[0].message


def test_a_clock_that_runs_on_is_left_alone(tmp_path: Path) -> None:
    found = imported(tmp_path, parts([0, 200, 5000]), "blank-line", unit="ms")
    assert found.samples.device_time_us[::20].tolist() == [0, 200_000, 5_000_000]
    assert found.findings == ()


def test_a_damaged_first_row_does_not_hide_a_restart(tmp_path: Path) -> None:
    rows = parts([0, 0, 0]).splitlines()
    rows[22] = "?"  # the second segment's first
    found = imported(tmp_path, "\n".join(rows), "blank-line", unit="ms")
    assert len(found.samples) == 59
    assert [kind for kind, _ in files.findings(found)] == ["damaged row", "clock restarts"]
    steps_us = np.diff(found.samples.device_time_us)
    assert steps_us[[19, 38]].tolist() == [1_000_000, 1_000_000]
    assert set(np.delete(steps_us, [19, 38]).tolist()) == {10_000}


@pytest.mark.parametrize("segments", ["file", "gap:0.5"])
def test_a_clock_that_restarts_inside_a_segment_is_refused(segments: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not advance in 40 of 60 rows, first at line 23"):
        imported(tmp_path, parts([0, 0, 0]), segments, unit="ms")
