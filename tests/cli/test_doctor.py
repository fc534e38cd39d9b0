"""`imu-gesture doctor`: a line for each part, its exit code, and the same as JSON."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command

OFF = ("--seconds", "0")


def test_each_part_has_a_line_with_its_mark(command: Command, tmp_path: Path) -> None:
    done = command("doctor", "-w", tmp_path, *OFF)
    marks = {line.split(":")[0][2:]: line[0] for line in done.out.splitlines()}
    assert (done.code, done.err) == (0, "")
    assert [marks[part] for part in ("Python", "core", "inference", "folder")] == ["✓"] * 4
    assert set(marks.values()) <= {"✓", "!"}
    assert "Bluetooth" not in marks


def test_the_same_as_json(command: Command, tmp_path: Path) -> None:
    done = command("doctor", "-w", tmp_path, "--port", tmp_path, "--json", *OFF)
    findings = {one["part"]: one for one in json.loads(done.out)["findings"]}
    assert findings["Python"]["state"] == "works"
    assert findings[f"board {tmp_path}"]["state"] == "limits"
    assert "is no serial port" in findings[f"board {tmp_path}"]["said"]


@pytest.mark.usefixtures("no_display")
def test_what_is_broken_is_the_exit_code(command: Command, tmp_path: Path) -> None:
    done = command("doctor", "-w", tmp_path / "nowhere", *OFF)
    assert done.code == 1
    assert any(line.startswith("✗ folder: ") for line in done.out.splitlines())
    assert "! display: there is no display" in done.out
