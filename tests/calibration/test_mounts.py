"""The guide through two poses, and the file that keeps mounts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from imu_gesture.calibration.mount import Mount
from imu_gesture.calibration.mount_guide import MountGuide, MountGuideParams
from imu_gesture.calibration.mounts import Mounts, new_mounts, read_mounts, write_mounts
from imu_gesture.errors import CalibrationError
from imu_gesture.samples import Samples
from tests import make

RATE_HZ = 119.0
DOWN, FORWARD = np.array([0.0, 0.0, 1.0]), np.array([0.0, -1.0, 0.0])
POSES = np.array([DOWN, FORWARD])


def held(up: NDArray[np.float64], seconds: float, seed: int = 0) -> Samples:
    """An arm that trembles a little."""
    rng = np.random.default_rng(seed)
    n = round(seconds * RATE_HZ)
    return make.samples(rng.normal(up, 0.02, (n, 3)), rng.normal(0, 5.0, (n, 3)))


def waved(seconds: float) -> Samples:
    rng = np.random.default_rng(1)
    n = round(seconds * RATE_HZ)
    return make.samples(rng.normal(0, 1, (n, 3)), rng.normal(0, 200, (n, 3)))


def guided(*parts: Samples, params: MountGuideParams | None = None) -> MountGuide:
    guide, start_us = MountGuide(params=params), 0
    for part in parts:
        later = replace(part, device_time_us=part.device_time_us + start_us)
        for start in range(0, len(later), 12):
            guide.feed(later.rows(slice(start, start + 12)))
        start_us = int(later.device_time_us[-1]) + 8403
    return guide


def test_two_calm_poses_are_taken_and_the_way_between_is_not() -> None:
    guide = guided(waved(2), held(DOWN, 2.5), waved(1), held(FORWARD, 2.5, 2))
    poses_g = guide.poses_g
    assert poses_g is not None
    assert np.abs(poses_g - POSES).max() < 0.02


@pytest.mark.parametrize(
    ("name", "parts", "at"),
    [
        ("never calm", [waved(8)], "pose 1"),
        ("too short", [held(DOWN, 1.0), waved(6)], "pose 1"),
        ("the same pose again", [held(DOWN, 3.0), waved(1), held(DOWN, 4.0, 3)], "pose 2"),
        ("upside down is no other pose", [held(DOWN, 3.0), waved(1), held(-DOWN, 4.0)], "pose 2"),
    ],
)
def test_what_is_missing_is_named_when_the_time_is_over(
    name: str, parts: list[Samples], at: str
) -> None:
    with pytest.raises(CalibrationError, match=f"after 6 s still at '{at} of 2"):
        guided(*parts, params=MountGuideParams(patience_s=6.0))
    assert name


def kept() -> Mounts:
    mounts = new_mounts(POSES)
    for since_s, angle_deg in ((100.0, 30.0), (200.0, 60.0)):
        turn = Rotation.from_euler("x", angle_deg, degrees=True).as_matrix()
        mounts = mounts.with_mount("one", Mount(turn, angle_deg, 1.5), since_s)
    return mounts


@pytest.mark.parametrize(
    ("device_id", "unix_s", "angle_deg"),
    [
        ("one", 99.0, None),
        ("one", 100.0, 30.0),
        ("one", 199.0, 30.0),
        ("one", 1e9, 60.0),
        ("two", 1e9, None),
    ],
)
def test_the_mount_of_a_time_is_the_newest_before_it(
    device_id: str, unix_s: float, angle_deg: float | None, tmp_path: Path
) -> None:
    path = tmp_path / "new" / "mounts.json"
    write_mounts(path, kept())
    matrix = read_mounts(path).at(device_id, unix_s)
    if angle_deg is None:
        assert matrix is None
    else:
        assert matrix is not None
        assert np.degrees(Rotation.from_matrix(matrix).magnitude()) == pytest.approx(angle_deg)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{}", "poses_g: Field required; hold the poses anew"),
        ("not json", "Invalid JSON"),
        ('{"version": 9, "poses_g": [[0, 0, 1]]}', "version 9 is newer"),
        ('{"version": 9, "poses_g": [[0, 0, 1]], "of_later": 1}', "version 9 is newer.*update"),
    ],
)
def test_a_damaged_file_is_refused_with_the_cure(content: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "mounts.json"
    path.write_text(content)
    with pytest.raises(CalibrationError, match=words):
        read_mounts(path)


def test_what_cannot_be_written_leaves_the_mounts_of_before(tmp_path: Path) -> None:
    path = tmp_path / "mounts.json"
    write_mounts(path, kept())
    path.with_name("mounts.json.new").mkdir()  # where the new content would go first
    with pytest.raises(CalibrationError, match="cannot be written"):
        write_mounts(path, kept().with_mount("two", Mount(np.eye(3), 0.0, 0.0), 300.0))
    assert read_mounts(path) == kept()
