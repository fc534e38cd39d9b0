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

import pytest

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


def test_a_named_board_is_recorded(
    boards: subprocess.Popen[str], workspace: Path, tmp_path: Path
) -> None:
    names, address = served(boards)
    assert names == ["gesture0", "gesture1"]
    words = "record --ble gesture1 --label background --seconds 1 --json"
    done = subprocess.run(
        [PROGRAM, *shlex.split(words), "-w", str(tmp_path)],
        env={**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": address},
        capture_output=True,
        text=True,
        check=True,
    )
    report = json.loads(done.stdout)
    assert report["lost_samples"] == 0
    assert report["samples"] > 100
    assert Path(report["recording"]).is_relative_to(tmp_path)
    assert not Path(address.removeprefix("unix:path=")).is_relative_to(workspace)


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
        ("--port COM3 --ble", "not together with --ble"),
        ("--ble --virtual", "--port PORT, --ble, or --virtual"),
        ("--ble --text", "text comes over a serial port only"),
    ],
)
def test_a_board_is_asked_for_in_one_way(
    command: Command, workspace: Path, arguments: str, words: str
) -> None:
    done = command("live", *arguments.split(), "-w", workspace)
    assert done.code in {1, 2}
    assert words in done.err
