"""`imu-gesture record` from a virtual board on a real serial device, killed in the middle."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from imu_gesture.dataset.segments import load_labelled
from imu_gesture.link.virtual.device import VirtualDevice
from imu_gesture.simulation.chips import LSM9DS1_BOARD
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.performer import REST, Action, Performer
from tests.cli.command import started
from tests.cli.conftest import Command

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")

if sys.platform != "win32":
    from imu_gesture.link.virtual.port import VirtualPort


def test_what_was_done_before_a_kill_is_kept_with_its_labels(
    command: Command, tmp_path: Path
) -> None:
    plan = [Action("wave"), Action(REST, 1.0)]
    device = VirtualDevice(Device(LSM9DS1_BOARD, 0), Performer(0), [plan])
    arguments = ("--label", "wave", "--seconds", "1", "--repeats", "9", "-w", tmp_path)
    with (
        VirtualPort(device, tmp_path / "ttyACM0") as board,
        started("record", "--port", str(board.path), *arguments) as process,
    ):
        assert process.stdout is not None
        while "(3 of 9)" not in process.stdout.readline():
            pass
        process.kill()
    path = tmp_path / "recordings" / "wave-unknown-1.mcap"
    assert "after a crash" in command("inspect", path).err
    recorded = load_labelled(path)
    assert [label.name for label in recorded.labels] == ["wave", "wave"]
    assert recorded.labels[-1].end_s < recorded.recording.samples.duration_s
    assert recorded.recording.info.board == "nano33ble-rev1"
