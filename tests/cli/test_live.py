"""`imu-gesture live`: a line for each gesture, from the board and from the host."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import make
from tests.cli.command import PROGRAM, Done, finish, started
from tests.cli.conftest import Command
from tests.link.lines import line, page
from tests.link.terminal import Terminal

posix = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals or signals")


def objects(text: str) -> list[dict[str, Any]]:
    """One JSON object on each line, and nothing else."""
    found = [json.loads(line) for line in text.splitlines()]
    assert all(set(entry) == {"device_time_us", "label", "score", "by"} for entry in found)
    return found


def test_host_and_board_say_the_same(command: Command, workspace: Path) -> None:
    done = command("live", "--virtual", "--fast", "--seconds", "10", "--json", "-w", workspace)
    found = objects(done.out)
    assert (done.code, done.err) == (0, "")
    host, board = (
        [
            (entry["device_time_us"], entry["label"], entry["score"])
            for entry in found
            if entry["by"] == by
        ]
        for by in ("host", "board")
    )
    assert host == board != []


def test_without_json_the_same_is_said_in_words(command: Command, workspace: Path) -> None:
    arguments = ("live", "--virtual", "--fast", "--seconds", "10", "-w", workspace)
    lines = command(*arguments).out.splitlines()
    assert len(lines) == len(objects(command(*arguments, "--json").out)) > 0
    assert all(" s  " in line and line.endswith(("  host", "  board")) for line in lines)


def test_without_the_host_only_the_board_is_heard(command: Command, workspace: Path) -> None:
    done = command(
        "live", "--virtual", "--fast", "--seconds", "10", "--json", "--no-host", "-w", workspace
    )
    assert {entry["by"] for entry in objects(done.out)} == {"board"}


def test_it_stops_after_so_many_seconds_of_the_board(command: Command, workspace: Path) -> None:
    short, long = (
        objects(
            command("live", "--virtual", "--fast", "--seconds", s, "--json", "-w", workspace).out
        )
        for s in ("1.5", "10")
    )
    host = [entry for entry in long if entry["by"] == "host"]
    expected = [entry for entry in host if entry["device_time_us"] <= 1_500_000]
    assert [entry for entry in short if entry["by"] == "host"] == expected
    assert 0 < len(expected) < len(host)


@posix
def test_a_real_port_is_listened_to(workspace: Path) -> None:
    recorded, _ = make.gestures(["circle", "wave"] * 2)
    lines = [
        line(int(time_us), *acc_g, *gyr_dps)
        for time_us, acc_g, gyr_dps in zip(
            recorded.device_time_us, recorded.acc_g, recorded.gyr_or_zero_dps, strict=True
        )
    ]
    with (
        Terminal() as board,
        started("live", "--text", "--port", board.port, "--json", "-w", workspace) as process,
    ):
        board.wait_for_host()
        board.say(page(lines))
        assert process.stdout is not None
        found = [json.loads(process.stdout.readline())]
        process.send_signal(signal.SIGINT)
        done = finish(process)
    assert done.code == 130
    found += objects(done.out)
    assert {entry["by"] for entry in found} == {"host"}


@posix
def test_ctrl_c_ends_it_quietly(workspace: Path) -> None:
    with started("live", "--virtual", "-w", workspace) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        done = finish(process)
    assert done.code == 130
    assert done.err.splitlines()[-1] == "stopped"
    assert "Traceback" not in done.err


@posix
def test_a_reader_who_has_heard_enough_is_no_traceback(workspace: Path) -> None:
    command = f"{PROGRAM} live --virtual --fast --seconds 20 --json -w {workspace} | head -n 1"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, timeout=60, check=True
    )
    assert len(objects(done.stdout)) == 1
    assert done.stderr == ""


@posix
def test_gestures_set_off_what_a_file_says(
    command: Command, workspace: Path, tmp_path: Path
) -> None:
    names = {entry["label"] for entry in objects(_fast(command, workspace).out)}
    told = tmp_path / "told"
    file = tmp_path / "actions.toml"
    run = json.dumps(["sh", "-c", f"echo $IMU_GESTURE >> {told}"])
    file.write_text("".join(f"[{name}]\nrun = {run}\ncooldown_s = 0\n" for name in names))
    done = _fast(command, workspace, "--actions", file)
    reported = [entry["label"] for entry in objects(done.out) if entry["by"] == "board"]
    assert (done.code, done.err) == (0, "")
    assert sorted(told.read_text().split()) == sorted(reported) != []


def test_a_file_of_actions_for_another_model_is_refused(
    command: Command, workspace: Path, tmp_path: Path
) -> None:
    file = tmp_path / "actions.toml"
    file.write_text('[somersault]\nrun = ["a"]\n')
    done = _fast(command, workspace, "--actions", file)
    assert "the model reports no 'somersault'; it reports " in done.problem


def _fast(command: Command, workspace: Path, *more: str | Path) -> Done:
    seconds = ("--seconds", "10", "--fast", "--json")
    return command("live", "--virtual", *seconds, "-w", workspace, *more)
