"""Parquet files that were not written by the export, or were damaged since."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from imu_gesture.errors import InputError
from imu_gesture.recording.importers.imported import ImportedFile, Source
from imu_gesture.recording.importers.options import ImportOptions
from imu_gesture.recording.importers.parquet import import_parquet
from tests.recording.importers import files

N = 5
METADATA = {"imu_gesture.info": "{}", "imu_gesture.labels": "0\t1\tup\n"}
OPTIONS = ImportOptions()


def columns() -> dict[str, pa.Array]:
    names = [sensor + axis for sensor in "ag" for axis in "XYZ"]
    return {
        "device_time_us": pa.array(np.arange(N) * 10_000),
        "sequence": pa.array(np.arange(N)),
        **{name: pa.array(np.full(N, i, np.float32)) for i, name in enumerate(names)},
    }


def imported(
    folder: Path,
    content: dict[str, pa.Array],
    metadata: dict[str, str] | None = None,
    options: ImportOptions = OPTIONS,
) -> ImportedFile:
    path = folder / "a.parquet"
    pq.write_table(pa.table(content, metadata=METADATA if metadata is None else metadata), path)
    return import_parquet(Source(path, path.name), options)


def test_the_least_that_is_wanted(tmp_path: Path) -> None:
    found = imported(tmp_path, columns())
    assert found.samples.acc_g.tolist() == [[0, 1, 2]] * N
    assert found.samples.gyr_or_zero_dps.tolist() == [[3, 4, 5]] * N
    assert files.ranges(found) == [(0, N, "up")]
    assert found.found_rate_hz == 100.0


def test_participant_and_session_can_be_said_anew(tmp_path: Path) -> None:
    metadata = METADATA | {"imu_gesture.info": json.dumps({"participant": "a", "session": "3"})}
    options = ImportOptions(participant="kim")
    info = imported(tmp_path, columns(), metadata, options).info
    assert (info.participant, info.session) == ("kim", "3")


@pytest.mark.parametrize("name", ["device_time_us", "sequence", "aX", "aZ", "gY"])
def test_a_missing_column_is_named(name: str, tmp_path: Path) -> None:
    content = columns()
    del content[name]
    with pytest.raises(InputError, match=rf"a\.parquet: no column {name}$"):
        imported(tmp_path, content)


@pytest.mark.parametrize("name", ["device_time_us", "sequence", "aX", "gZ"])
def test_a_column_of_another_type_is_named(name: str, tmp_path: Path) -> None:
    content = columns() | {name: pa.array(["x"] * N)}
    with pytest.raises(InputError, match=rf"a\.parquet: column {name} holds string"):
        imported(tmp_path, content)


@pytest.mark.parametrize("name", METADATA)
def test_somebody_elses_table_is_refused_with_advice(name: str, tmp_path: Path) -> None:
    metadata = {key: text for key, text in METADATA.items() if key != name}
    with pytest.raises(InputError, match=r"a\.parquet: not written by .*--format csv"):
        imported(tmp_path, columns(), metadata)


@pytest.mark.parametrize(
    "change",
    [
        {"imu_gesture.info": "{"},
        {"imu_gesture.info": "[]"},
        {"imu_gesture.info": '{"version": 99}'},
        {"imu_gesture.info": '{"gravity": "none"}'},
        {"imu_gesture.labels": "from one to two\n"},
    ],
)
def test_damaged_metadata_is_refused(change: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.parquet: damaged metadata"):
        imported(tmp_path, columns(), METADATA | change)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + bytes(100) + b"PAR1", b"aX,aY\n1,2\n"])
def test_a_file_of_another_kind_is_refused_by_name(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.parquet: not a readable Parquet file"):
        import_parquet(files.source(tmp_path, content, "a.parquet"), OPTIONS)
