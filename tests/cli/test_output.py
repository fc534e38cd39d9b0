"""What commands print: for people, and with `--json` one object for programs."""

import json
from pathlib import Path
from typing import Any

import pytest

from imu_gesture import __version__
from tests.cli.command import Done
from tests.cli.conftest import Command
from tests.live.small_model import small_model

COMMANDS = ["demo", "record", "import", "inspect", "train", "import-model", "deploy", "live"]
CSV = "aX,aY,aZ,gX,gY,gZ\n" + "".join(f"0.{i},0,1,{i},0,0\n" for i in range(119))


def the_object(done: Done) -> dict[str, Any]:
    """Exactly one JSON object on one line, nothing else said anywhere."""
    assert (done.code, done.err) == (0, "")
    (line,) = done.out.splitlines()
    found: dict[str, Any] = json.loads(line)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself(name: str, command: Command) -> None:
    done = command(name, "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Usage: imu-gesture {name} ")
    assert "--json" in done.out


def test_help_lists_every_command_and_how_to_begin(command: Command) -> None:
    for arguments in ([], ["-h"], ["--help"]):
        done = command(*arguments)
        text = done.out + done.err
        assert all(f"\n  {name} " in text for name in COMMANDS)
        assert "imu-gesture demo" in text


def test_the_version_is_that_of_the_package(command: Command) -> None:
    assert __version__ in command("--version").out


def test_inspect(command: Command, workspace: Path) -> None:
    first, second = the_object(command("inspect", "--json", "-w", workspace))["recordings"]
    assert first["path"] == str(workspace / "recordings" / "person-0.mcap")
    assert first["labels"] == {"circle": 1, "wave": 1}
    assert (first["participant"], second["participant"]) == ("person-0", "person-1")
    assert first["rate_hz"] == pytest.approx(119, abs=0.1)
    text = command("inspect", "-w", workspace).out
    assert len(text.splitlines()) == 2
    assert "595 samples at 119.0 Hz, 0 gaps, participant person-0" in text


def test_inspect_of_named_recordings(command: Command, workspace: Path) -> None:
    path = workspace / "recordings" / "person-1.mcap"
    (view,) = the_object(command("inspect", path, "--json"))["recordings"]
    assert view["path"] == str(path)


def test_record(command: Command, tmp_path: Path) -> None:
    done = command(
        *("record", "--virtual", "--label", "push", "--repeats", "2", "--json", "-w", tmp_path)
    )
    counted = ["3", "2", "1"]
    assert done.err.splitlines() == [
        *(*counted, "go: push (1 of 2)"),
        *(*counted, "go: push (2 of 2)"),
    ]
    (report,) = the_object(Done(done.code, done.out, ""))["recordings"]
    assert report["labels"] == 2
    assert (report["lost"], report["damaged"], report["warnings"]) == (0, 0, [])
    assert report["verdict"] == "good"
    (view,) = the_object(command("inspect", report["recording"], "--json"))["recordings"]
    assert view["samples"] == report["samples"]
    assert view["labels"] == {"push": 2}


def test_import(command: Command, tmp_path: Path) -> None:
    source = tmp_path / "punch.csv"
    source.write_text(CSV)
    arguments = ("import", source, "--format", "arduino", "--rate", "119", "-w", tmp_path)
    report = the_object(command(*arguments, "--json"))
    assert report["segments"] == 1
    assert report["files"][0]["samples"] == 119
    assert len(the_object(command("inspect", "--json", "-w", tmp_path))["recordings"]) == 1


def test_deploy(command: Command, workspace: Path) -> None:
    report = the_object(command("deploy", "--json", "-w", workspace))
    assert report["model_id"] == small_model()[0].model_id
    assert report["operators"] == ["CONV_2D", "FULLY_CONNECTED", "SOFTMAX"]
    assert (Path(report["sketch"]) / "firmware_sketch.ino").is_file()
    stages = [stage["name"] for stage in report["report"]["stages"]]
    assert stages[:2] + stages[-2:] == ["correction", "resampling", "model", "decision"]
    assert report["report"]["flash_bytes"] is None


def test_deploy_says_how_to_go_on(command: Command, workspace: Path) -> None:
    done = command("deploy", "-w", workspace, "--output", workspace / "mine")
    assert (done.code, done.err) == (0, "")
    assert "a decision on the board" in done.out
    assert "arduino-cli compile" in done.out
    assert "imu-gesture live --port" in done.out
    assert (workspace / "mine" / "mine.ino").is_file()


def test_deploying_again_gives_the_same_bytes(command: Command, workspace: Path) -> None:
    sketches = []
    for _ in range(2):
        command("deploy", "-w", workspace)
        files = sorted((workspace / "firmware_sketch").rglob("*"))
        sketches.append({path: path.read_bytes() for path in files if path.is_file()})
    assert sketches[0] == sketches[1]
    assert len(sketches[0]) > 15


def test_own_changes_survive_deploy_unless_forced(command: Command, workspace: Path) -> None:
    command("deploy", "-w", workspace)
    ino = workspace / "firmware_sketch" / "firmware_sketch.ino"
    original = ino.read_text()
    ino.write_text(original + "// mine\n")
    done = command("deploy", "-w", workspace)
    assert "firmware_sketch.ino" in done.problem
    assert "--force" in done.problem
    assert ino.read_text().endswith("// mine\n")
    assert command("deploy", "--force", "-w", workspace).code == 0
    assert ino.read_text() == original
