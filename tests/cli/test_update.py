"""`imu-gesture pair` and `update` as a user calls them, on a virtual board's pseudo-terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from imu_gesture.deploy.manifest import MeasuredArena, write_run
from imu_gesture.deploy.pins import sketch_pins
from imu_gesture.workflow.boards import virtual_device, virtual_port
from tests.cli.conftest import Command
from tests.live.small_model import small_model

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IMU_GESTURE_KEYS", str(tmp_path / "keys"))
    return tmp_path / "ttyACM0"


def test_a_board_is_paired_updated_and_rolled_back(
    command: Command, workspace: Path, port: Path
) -> None:
    old, new = small_model(5), small_model(6)
    run = workspace / "models" / "run-009"
    run.mkdir()
    write_run(run, *new)
    where = ("--port", str(port), "-w", str(workspace))
    with virtual_port(port, virtual_device(0, old)):
        paired = command("pair", "--port", port)
        assert (paired.code, "paired; the key is in" in paired.out) == (0, True)
        done = command("update", *where, "--json")
        assert (done.code, done.err) == (0, "")
        found = json.loads(done.out)
        assert found["model_id"] == new[0].model_id
        assert tuple(found["labels"]) == new[0].label_names
        back = json.loads(command("update", "--roll-back", *where, "--json").out)
        assert back["model_id"] == old[0].model_id
        again = command("update", "--roll-back", *where)
        assert again.code == 1
        assert "the built-in model runs already" in again.err
        assert "Traceback" not in again.err
        assert "forgotten" in command("pair", "--forget", "--port", port).out
    assert not list((port.parent / "keys").iterdir())


@pytest.mark.parametrize("measured", [False, True])
def test_what_boards_of_the_kind_have_measured_is_what_the_model_asks_for(
    measured: bool, command: Command, workspace: Path, port: Path
) -> None:
    """The first size is more than the board's sketch has for tensors."""
    manifest, tflite = small_model(6)
    large = manifest.arena.model_copy(update={"arena_bytes": 20_000})
    manifest = manifest.model_copy(update={"arena": large})
    if measured:
        one = MeasuredArena(
            board="nano33ble-rev1",
            library=sketch_pins().tensor_library,
            used_bytes=4000,
            arena_bytes=4256,
            date="2026-11-25",
        )
        manifest = manifest.with_measured(one)
    write_run(workspace / "models" / "run-001", manifest, tflite)
    with virtual_port(port, virtual_device(0, small_model(5))):
        done = command("update", "--port", str(port), "-w", str(workspace), "--json")
    assert done.code == (0 if measured else 1)
    assert ("larger tensor arena" in done.err) != measured


def test_a_recording_cannot_be_updated(command: Command, workspace: Path) -> None:
    (recording, *_) = sorted((workspace / "recordings").glob("*.mcap"))
    done = command("update", "--replay", recording, "-w", workspace)
    assert done.code == 1
    assert "needs a board with the sketch of imu-gesture" in done.err
