"""`inspect` says whether a board's profile still holds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from imu_gesture.calibration.profile import Profile, write_profile
from imu_gesture.recording.mcap_file import write_recording
from imu_gesture.workspace import Workspace
from tests.calibration.test_monitor import at_rest, profile, recorded
from tests.cli.conftest import Command


@pytest.mark.parametrize(
    ("known", "line"),
    [
        (None, ""),
        (profile(date=date.today().isoformat()), "  calibrated, and the profile holds"),
        (profile(date="2020-01-01"), "  calibration: the profile is "),
    ],
    ids=["no profile", "holds", "old"],
)
def test_inspect_says_whether_the_profile_holds(
    known: Profile | None, line: str, command: Command, tmp_path: Path
) -> None:
    (tmp_path / "recordings").mkdir()
    write_recording(tmp_path / "recordings" / "a.mcap", recorded(at_rest()))
    if known is not None:
        write_profile(Workspace(tmp_path).calibration_file("board"), known)
    lines = command("inspect", "-w", tmp_path).out.splitlines()
    found = [text for text in lines if text.startswith("  calibrat")]
    assert len(found) == bool(line)
    assert all(text.startswith(line) for text in found)
