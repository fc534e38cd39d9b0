"""Profiles: kept, applied as the board would, and refused where they cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from imu_gesture import _core
from imu_gesture.calibration.affine import Affine
from imu_gesture.calibration.profile import (
    PROFILE_VERSION,
    Profile,
    SensorEntry,
    apply,
    read_profile,
    sensor_entry,
    write_profile,
)
from imu_gesture.errors import CalibrationError
from imu_gesture.samples import Samples
from imu_gesture.workspace import Workspace
from tests.calibration.session import session


def entry(seed: int) -> SensorEntry:
    rng = np.random.default_rng(seed)
    affine = Affine(np.eye(3) + rng.normal(0, 0.05, (3, 3)), rng.normal(0, 3, 3))
    return sensor_entry(affine, "test", {"sd": 0.1}, np.eye(9) * 0.25)


def profile(with_mag: bool = True) -> Profile:
    return Profile(
        device_id="board/1",
        date="2026-11-25",
        temperature_c=27.5,
        method="still, faces",
        findings=("gyroscope: x is flipped",),
        acc=entry(0),
        gyr=entry(1),
        mag=entry(2) if with_mag else None,
    )


@pytest.mark.parametrize("with_mag", [True, False])
def test_what_is_written_is_read(tmp_path: Path, with_mag: bool) -> None:
    path = Workspace(tmp_path).calibration_file("board/1")
    write_profile(path, profile(with_mag))
    assert path.parent == tmp_path / "calibration"
    assert path.name == "board_1.json"
    assert read_profile(path) == profile(with_mag)


def test_it_corrects_every_sensor() -> None:
    samples = session(0)
    corrected = apply(profile(), samples)
    for sensor, raw, value in (
        (profile().acc, samples.acc_g, corrected.acc_g),
        (profile().gyr, samples.gyr_or_zero_dps, corrected.gyr_or_zero_dps),
        (entry(2), samples.mag_ut, corrected.mag_ut),
    ):
        expected = (raw.astype(np.float64) - sensor.offset) @ np.array(sensor.matrix).T
        assert np.allclose(value, expected, rtol=1e-5, atol=1e-4)
    assert np.array_equal(corrected.device_time_us, samples.device_time_us)
    assert np.array_equal(corrected.sequence, samples.sequence)


def test_it_corrects_with_the_cores_bits() -> None:
    samples = session(0)
    corrected = apply(profile(), samples)
    params = _core.ConditionerParams(20_000, 6, profile().core_params())
    inside = _core.condition(params, samples.device_time_us, samples.acc_g, samples.gyr_or_zero_dps)
    before = _core.condition(
        _core.ConditionerParams(20_000, 6),
        corrected.device_time_us,
        corrected.acc_g,
        corrected.gyr_or_zero_dps,
    )
    assert np.array_equal(inside[0], before[0])


def test_what_is_not_there_stays_away() -> None:
    samples = session(0)
    bare = Samples(samples.device_time_us, samples.acc_g, None, samples.sequence)
    corrected = apply(profile(), bare)
    assert corrected.gyr_dps is None
    assert len(corrected.mag_ut) == 0
    without = apply(profile(with_mag=False), samples)
    assert np.array_equal(without.mag_ut, samples.mag_ut)


def test_corrections_chain() -> None:
    first, second = entry(3).affine, entry(4).affine
    values = np.random.default_rng(0).normal(0, 10, (50, 3))
    assert np.allclose(second.after(first)(values), second(first(values)))


def changed(**fields: object) -> str:
    return json.dumps({**json.loads(profile().model_dump_json()), **fields})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            changed(version=PROFILE_VERSION + 1, new_field=3),
            "version 2 is newer than this program knows.*update imu-gesture",
        ),
        (changed(colour="red"), "colour: Extra inputs.*calibrate this board again"),
        (changed(acc={"matrix": [[1, 0, 0]]}), "acc.matrix"),
        ("{", "the file: Invalid JSON"),
        ("{}", "version: Field required"),
    ],
    ids=["future", "unknown field", "short matrix", "cut off", "empty"],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "board.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CalibrationError, match=message) as error:
        read_profile(path)
    assert str(path) in str(error.value)


def test_a_missing_profile_is_said(tmp_path: Path) -> None:
    with pytest.raises(CalibrationError, match="cannot be read"):
        read_profile(tmp_path / "none.json")
