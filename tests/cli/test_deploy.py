"""`imu-gesture deploy` as users call it: with a tool, with none, and those who stop it."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from imu_gesture.deploy.verify.sketch_rung import sketch_rung
from imu_gesture.workflow.models import load_model
from imu_gesture.workspace import Workspace
from tests.cli.command import finish, started
from tests.cli.conftest import Command
from tests.cli.test_output import the_object
from tests.deploy.fake_tool import FakeArduinoCli, posix
from tests.deploy.test_process import ends_soon
from tests.deploy.tool_output import said

pytestmark = posix
# It starts another program, says which, and waits for a minute.
BUSY = 'sleep 60 & echo $! > "$here/started"; wait'


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeArduinoCli:
    """On PATH, before whatever is installed."""
    tool = FakeArduinoCli(tmp_path / "bin")
    monkeypatch.setenv("PATH", str(tool.path.parent), prepend=os.pathsep)
    return tool


def test_with_the_tool_it_is_compiled_and_the_size_told(
    command: Command, workspace: Path, fake: FakeArduinoCli
) -> None:
    done = command("deploy", "-w", workspace)
    assert done.code == 0
    assert "compiled: 84080 bytes of flash (9%), 43968 of memory (17%)" in done.out
    assert "upload it: imu-gesture deploy --upload" in done.out
    assert done.err.startswith("compiling (the first time")
    assert len(fake.called) == 1


def test_json_is_one_object_and_nothing_else(
    command: Command, workspace: Path, fake: FakeArduinoCli
) -> None:
    answer = said("compile_ok.json").replace('"size": 84080', '"size": 910000')
    fake.answer("compile", answer)
    done = the_object(command("deploy", "--json", "-w", workspace))
    report = done["report"]
    assert (report["flash_bytes"], report["ram_bytes"], done["port"]) == (910000, 43968, "")
    assert "imu-gesture update" in done["warnings"][0]


def test_a_long_sketch_is_warned_of(
    command: Command, workspace: Path, fake: FakeArduinoCli
) -> None:
    fake.answer("compile", said("compile_ok.json").replace('"size": 84080', '"size": 910000'))
    done = command("deploy", "-w", workspace)
    assert done.code == 0
    assert "\nwarning: the sketch takes 910000 bytes of flash; beyond 901120" in done.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--upload",), "no board is there"),
        (("--port", "/dev/ttyACM99"), "there is no such port"),
        (("--measure",), "--measure needs the board"),
        (("--port", "x", "--no-compile"), "leave out --no-compile"),
        (("--arduino-cli", "/nowhere/arduino-cli"), "there is no such program"),
    ],
)
def test_a_wish_that_cannot_be_fulfilled_is_told_before_anything_is_done(
    arguments: tuple[str, ...],
    words: str,
    command: Command,
    workspace: Path,
    fake: FakeArduinoCli,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("serial.tools.list_ports.comports", list)
    done = command("deploy", "-w", workspace, *arguments)
    assert words in done.err
    assert done.err.startswith("error: ")
    assert (done.code, done.out, fake.called) == (1, "", [])
    assert not (workspace / "firmware_sketch").exists()


def test_settings_of_the_sensors_stay_in_the_sketch(command: Command, workspace: Path) -> None:
    """For the next model, and `verify` takes them as they are."""
    asked = ("deploy", "--no-compile", "--json", "-w", workspace)
    assert json.loads(command(*asked).out)["sensors"]["acc_range_g"] == 4
    done = json.loads(command(*asked, "--acc-range", "8", "--rate", "238").out)
    assert done["sensors"] == {"rate_hz": 238, "acc_range_g": 8, "gyr_range_dps": 2000}
    again = json.loads(command(*asked).out)
    assert again["sensors"] == done["sensors"]
    model = load_model(Workspace(workspace), None)
    assert sketch_rung(workspace / "firmware_sketch", *model).state == "passed"
    assert command(*asked, "--acc-range", "3").code == 2


@pytest.mark.parametrize("arguments", [("--compile",), ("--upload",), ("--port", "/dev/ttyACM0")])
def test_without_the_tool_it_is_told_how_to_get_it(
    arguments: tuple[str, ...], command: Command, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(workspace))
    done = command("deploy", "-w", workspace, *arguments)
    assert "arduino-cli: there is no such program; install it from" in done.problem


def test_without_a_network_it_is_told_where_the_log_is(
    command: Command, workspace: Path, fake: FakeArduinoCli
) -> None:
    fake.answer("compile", said("compile_offline.json"), code=1)
    done = command("deploy", "--json", "-w", workspace)
    assert (done.code, done.out) == (1, "")
    assert "error: arduino-cli compile: there is no network" in done.err
    log = workspace / "logs" / "arduino-cli-compile.log"
    assert str(log) in done.err
    assert "loading required platform arduino:mbed_nano@4.5.0" in log.read_text()


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_whoever_stops_it_stops_the_tool_and_what_it_has_started(
    name: str, code: int, workspace: Path, fake: FakeArduinoCli
) -> None:
    fake.answer("compile", said("compile_ok.json"), sh=BUSY)
    file = fake.path.parent / "started"
    with started("deploy", "-w", workspace) as process:
        end_s = time.monotonic() + 20
        while not (file.exists() and file.read_text().strip()) and time.monotonic() < end_s:
            time.sleep(0.02)
        process.send_signal(signal.Signals[name])
        done = finish(process, 15)
    assert done.code == code
    assert "Traceback" not in done.err
    assert ends_soon(int(file.read_text()))
    assert not list(workspace.rglob("*.new"))
    fake.answer("compile", said("compile_ok.json"))
    with started("deploy", "-w", workspace) as again:
        assert finish(again).code == 0
