"""What a person is told of drift while a board is used, and how often."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from imu_gesture.calibration.profile import Profile, SensorEntry
from imu_gesture.recording.replay_link import ReplayLink
from imu_gesture.samples import Samples
from imu_gesture.workflow.calibrating import keep
from imu_gesture.workflow.watching import watched
from imu_gesture.workspace import Workspace
from tests import make

TODAY = date(2026, 11, 25)
OFFSET_DPS = (12.0, -7.0, 3.0)


def at_rest(seconds: float = 20.0) -> Samples:
    rng = np.random.default_rng(0)
    n = round(seconds * 119)
    acc_g = rng.normal([0.6, 0, 0.8], 0.002, (n, 3))
    return make.samples(acc_g, rng.normal(OFFSET_DPS, 0.1, (n, 3)))


def told(folder: Path, samples: Samples, profile: Profile | None) -> list[str]:
    workspace = Workspace(folder)
    if profile is not None:
        keep(workspace, profile)
    path = make.write(folder, "r", samples, [], device_id="board")
    found: list[str] = []
    with ReplayLink(path) as link:
        events = list(watched(link, workspace, TODAY, found.append))
    assert sum(len(getattr(event, "samples", ())) for event in events) == len(samples)
    return found


def profile(**changes: object) -> Profile:
    entries = {
        "device_id": "board",
        "date": "2026-11-20",
        "method": "test",
        "gyr": SensorEntry(offset=OFFSET_DPS),
    }
    return Profile.model_validate(entries | changes)


def test_a_profile_that_holds_is_silent(tmp_path: Path) -> None:
    assert told(tmp_path, at_rest(), profile()) == []


def test_each_kind_is_told_once(tmp_path: Path) -> None:
    drifted = replace(at_rest(), acc_g=at_rest().acc_g * np.float32(1.05))
    found = told(tmp_path, drifted, profile(date="2026-01-01", gyr=SensorEntry()))
    assert len(found) == 3
    assert "328 days old" in found[0]
    assert sum("gyroscope's offset has moved by 12.0 deg/s" in line for line in found) == 1
    assert sum("gravity reads 1.050 g" in line for line in found) == 1


def test_a_board_that_never_rests_is_told_of_with_and_without_a_profile(tmp_path: Path) -> None:
    moving = make.noise(119 * 20)
    for known in (None, profile()):
        found = told(tmp_path / str(known is None), moving, known)
        assert [line for line in found if "put it down for a second" in line] == found
        assert len(found) == 1
