"""Bad recordings are refused unless accepted; doubtful ones are named in groups."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from imu_gesture.dataset.trust import load_trusted
from imu_gesture.errors import DatasetError
from imu_gesture.labels import Label
from tests import make
from tests.recording import faults as f

LABELS = [Label(1.0, 2.0, "circle"), Label(3.0, 4.0, "wave")]
CLIPPED = f.readings("gyr_dps", slice(2, 3), slice(f.FIRST, f.FIRST + 10), lambda _: -250.0)
DEAD = f.scaled("gyr_dps", 0.0)
HUNG = f.hung(20)


def write(folder: Path, **recordings: f.Fault | None) -> list[Path]:
    files = []
    for seed, (name, fault) in enumerate(recordings.items()):
        recording = f.good(seed) if fault is None else fault(f.good(seed))
        files.append(make.write(folder, name, recording.samples, LABELS))
    return files


def test_good_recordings_are_taken_without_a_word(tmp_path: Path) -> None:
    trusted = load_trusted(write(tmp_path, a=None, b=None))
    assert [labelled.name for labelled in trusted.recordings] == ["a", "b"]
    assert trusted.warnings == ()


def test_a_bad_recording_is_refused_with_file_problem_and_option(tmp_path: Path) -> None:
    files = write(tmp_path, a=None, b=f.both(HUNG, DEAD), c=None)
    with pytest.raises(DatasetError) as refused:
        load_trusted(files)
    message = str(refused.value)
    assert message.startswith(f"{files[1]}: gyr_x, gyr_y, gyr_z keep one value for up to 13.00 s")
    assert message.endswith(
        "; take it out of the folder, or learn from it anyway with --accept-bad"
    )
    assert "more are bad" not in message


def test_further_bad_recordings_are_counted(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"a\.mcap: .* \(2 more are bad: `imu-gesture inspect`"):
        load_trusted(write(tmp_path, a=DEAD, b=DEAD, c=None, d=DEAD))


def test_accepted_bad_recordings_are_taken_and_named(tmp_path: Path) -> None:
    files = write(tmp_path, a=None, b=DEAD, c=HUNG, d=CLIPPED, e=CLIPPED)
    trusted = load_trusted(files, accept_bad=True)
    assert [labelled.name for labelled in trusted.recordings] == ["a", "b", "c", "d", "e"]
    assert np.all(trusted.recordings[1].recording.samples.gyr_or_zero_dps == 0)
    assert [warning.split(": ")[0] for warning in trusted.warnings] == [
        "stuck (bad, accepted) in 1 of 5 recordings, such as b.mcap",
        "stale in 1 of 5 recordings, such as c.mcap",
        "clipped in 2 of 5 recordings, such as d.mcap",
    ]
    assert "-250" not in trusted.warnings[2]
    assert "gyr_z stands at its range in 0.6% of the samples" in trusted.warnings[2]


def test_usable_recordings_are_taken(tmp_path: Path) -> None:
    trusted = load_trusted(write(tmp_path, a=CLIPPED))
    assert len(trusted.recordings) == len(trusted.warnings) == 1
