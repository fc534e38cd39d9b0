"""UHH npz files: continuous streams in SI units with a target for every row."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from imu_gesture.errors import InputError
from imu_gesture.recording.importers.imported import Source
from imu_gesture.recording.importers.options import ImportOptions
from imu_gesture.recording.importers.uhh import import_uhh
from tests.recording.importers import files

RATE = ImportOptions(rate_hz=25.0)
ROWS = 40
GESTURES = [(0, 5), (17, 30), (36, 40)]


def arrays() -> dict[str, NDArray[np.float64]]:
    targets = np.ones((ROWS, 3))  # only the third column counts
    targets[:, 2] = 0
    for start, stop in GESTURES:
        targets[start:stop, 2] = 1
    values = files.readings(ROWS)
    return {"acc": values[:, :3], "gyro": values[:, 3:], "targets": targets}


def npz(
    folder: Path, content: dict[str, NDArray[np.float64]], name: str = "na_3_fullSet"
) -> Source:
    path = folder / f"{name}.npz"
    np.savez_compressed(path, **content)  # type: ignore[arg-type]
    return Source(path, path.name)


def test_readings_become_g_and_degrees_a_second(tmp_path: Path) -> None:
    found = import_uhh(npz(tmp_path, arrays()), RATE)
    np.testing.assert_allclose(found.samples.acc_g, arrays()["acc"] / 9.80665, rtol=1e-6)
    np.testing.assert_allclose(
        found.samples.gyr_or_zero_dps, np.degrees(arrays()["gyro"]), rtol=1e-6
    )
    assert found.samples.device_time_us.tolist() == [40_000 * i for i in range(ROWS)]
    assert (found.info.gravity, found.info.time_source) == ("removed", "rate")


def test_the_third_target_marks_the_gestures(tmp_path: Path) -> None:
    found = import_uhh(npz(tmp_path, arrays()), RATE)
    assert files.ranges(found) == [(*rows, "3") for rows in GESTURES]
    assert not found.isolated
    assert [(round(label.start_s, 6), round(label.end_s, 6)) for label in found.labels()] == [
        (start / 25, stop / 25) for start, stop in GESTURES
    ]


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("na_3_fullSet", RATE, ("na", "3")),
        ("na_3_fullSet", replace(RATE, label="up", participant="kim"), ("kim", "up")),
        ("zoe-wave", replace(RATE, pattern="{participant}-{label}"), ("zoe", "wave")),
        ("other", RATE, ("unknown", None)),
    ],
)
def test_person_and_gesture_come_from_the_name(
    name: str, options: ImportOptions, expected: tuple[str, str | None], tmp_path: Path
) -> None:
    found = import_uhh(npz(tmp_path, arrays(), name), options)
    assert (found.info.participant, found.segments[0].label) == expected


def test_without_a_rate_the_file_is_refused_with_a_guess(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"na_3_fullSet\.npz: .*--rate HZ .*25 is a fair guess"):
        import_uhh(npz(tmp_path, arrays()), ImportOptions())


def test_rows_that_are_not_finite_are_skipped_and_said(tmp_path: Path) -> None:
    content = arrays()
    content["acc"][20, 1] = np.nan
    content["gyro"][33, 0] = np.inf
    found = import_uhh(npz(tmp_path, content), RATE)
    kept = np.delete(np.arange(ROWS), [20, 33])
    assert np.array_equal(found.samples.sequence, kept)
    assert np.array_equal(found.samples.device_time_us, kept * 40_000)
    assert np.isfinite(found.samples.acc_g).all()
    assert files.ranges(found) == [(0, 5, "3"), (17, 29, "3"), (34, 38, "3")]
    assert [(f.kind, f.where.rpartition(", ")[2]) for f in found.findings] == [
        ("damaged row", "row 20"),
        ("damaged row", "row 33"),
    ]


@pytest.mark.parametrize("name", ["acc", "gyro", "targets"])
def test_a_missing_array_is_named(name: str, tmp_path: Path) -> None:
    content = arrays()
    del content[name]
    with pytest.raises(InputError, match=rf"na_3_fullSet\.npz: no array {name}; is this a UHH"):
        import_uhh(npz(tmp_path, content), RATE)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("acc", (ROWS, 2)),
        ("acc", (ROWS * 3,)),
        ("acc", (0, 3)),
        ("acc", ()),
        ("gyro", (ROWS - 1, 3)),
        ("targets", (ROWS,)),
        ("targets", (ROWS, 2)),
    ],
)
def test_a_wrong_shape_is_named(name: str, shape: tuple[int, ...], tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.npz: .* has shape .*, expected \(\d+, 3\)"):
        import_uhh(npz(tmp_path, arrays() | {name: np.zeros(shape)}), RATE)


@pytest.mark.parametrize(
    "content", [b"", b"aX,aY,aZ\n1,2,3\n", b"PK\x03\x04", b"\x93NUMPY\x01\x00", bytes(range(256))]
)
def test_a_file_of_another_kind_is_refused_by_name(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.npz: not a readable npz file"):
        import_uhh(files.source(tmp_path, content, "a.npz"), RATE)


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", **(arrays() | {"acc": np.array([print], object)}))
    with pytest.raises(InputError, match="Object arrays cannot be loaded"):
        import_uhh(Source(tmp_path / "a.npz", "a.npz"), RATE)


@pytest.mark.parametrize("flip", [0x01, 0x41, 0x80])
def test_any_changed_byte_is_harmless_or_refused(flip: int, tmp_path: Path) -> None:
    source = npz(tmp_path, {name: values[:1] for name, values in arrays().items()})
    content = source.path.read_bytes()
    whole = import_uhh(source, RATE)
    refused = 0
    for position in range(len(content)):
        changed = bytearray(content)
        changed[position] ^= flip
        source.path.write_bytes(changed)
        try:
            found = import_uhh(source, RATE)
        except InputError as error:
            assert "na_3_fullSet.npz" in str(error)
            refused += 1
        else:
            assert np.array_equal(found.samples.acc_g, whole.samples.acc_g)
            assert np.array_equal(found.samples.gyr_or_zero_dps, whole.samples.gyr_or_zero_dps)
            assert found.segments == whole.segments
    assert refused > len(content) / 3
