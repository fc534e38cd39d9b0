"""`--ble`: virtual boards with Bluetooth in one process, the other commands in another."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from imu_gesture.recording.mcap_file import read_recording
from tests.cli.command import PROGRAM, finish, started
from tests.cli.conftest import Command
from tests.link.places import WITH_DBUS

pytestmark = [WITH_DBUS, pytest.mark.skipif(sys.platform != "linux", reason="D-Bus is Linux's")]


def served(process: subprocess.Popen[str]) -> tuple[list[str], str]:
    """The names of the boards, and the address of their bus."""
    assert process.stdout is not None
    names = process.stdout.readline().split(":")[0].split(", ")
    line = process.stdout.readline()
    found = re.search(r"DBUS_SYSTEM_BUS_ADDRESS=(\S+) imu-gesture live --ble", line)
    assert found, line
    return names, found[1]


@pytest.fixture
def boards(workspace: Path) -> Iterator[subprocess.Popen[str]]:
    with started("virtual-board", "--ble", "--boards", "2", "-w", workspace) as process:
        yield process
        process.send_signal(signal.SIGINT)
        assert finish(process).code == 130


def test_boards_are_listed_and_recorded_by_name(
    boards: subprocess.Popen[str], workspace: Path, tmp_path: Path
) -> None:
    names, address = served(boards)
    assert names == ["gesture0", "gesture1"]
    found = in_the_air(address, "devices", "--seconds", "1")["devices"]
    listed = {entry["name"]: entry for entry in found if entry["link"] == "ble"}
    assert listed.keys() == set(names)
    assert {entry["state"] for entry in listed.values()} == {"ready"}
    words = "record --ble gesture1 --ble gesture0 --label background --seconds 1 -w"
    reports = in_the_air(address, *shlex.split(words), str(tmp_path))["recordings"]
    assert len(reports) == 2
    for report in reports:
        assert report["lost"] == 0
        assert report["samples"] > 100
        assert Path(report["recording"]).is_relative_to(tmp_path)
    ids = {read_recording(Path(report["recording"])).info.device_id for report in reports}
    assert ids == {entry["device_id"] for entry in listed.values()}
    assert not Path(address.removeprefix("unix:path=")).is_relative_to(workspace)


def in_the_air(address: str, *words: str) -> Any:
    done = subprocess.run(
        [PROGRAM, *words, "--json"],
        env={**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": address},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_several_boards_are_listed_in_one_line(
    boards: subprocess.Popen[str],
    workspace: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: Command,
) -> None:
    _, address = served(boards)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
    problem = command("live", "--ble", "-w", workspace).problem
    assert "2 boards could be meant: gesture" in problem


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("--port COM3 --ble", "--port PORT, --ble, or --virtual"),
        ("--ble --virtual", "--port PORT, --ble, or --virtual"),
        ("--ble --text", "--text and --columns are for a board at --port"),
    ],
)
def test_a_board_is_asked_for_in_one_way(
    command: Command, workspace: Path, arguments: str, words: str
) -> None:
    done = command("live", *arguments.split(), "-w", workspace)
    assert done.code in {1, 2}
    assert words in done.err
