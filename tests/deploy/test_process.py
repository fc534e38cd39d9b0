"""Other programs: what they say, and that nothing of them is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from imu_gesture.deploy.toolchain import group
from imu_gesture.deploy.toolchain.process import run
from imu_gesture.errors import DeploymentError
from tests.deploy.fake_tool import posix

# A tool that starts another one, which holds its outputs and lives for a minute.
WITH_CHILD = """
import subprocess, sys, time
code = "import signal, time; {handling}; time.sleep(60)"
child = subprocess.Popen([sys.executable, "-c", code])
print(child.pid, flush=True)
time.sleep({lives_s})
"""
STUBBORN = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
CALLER = """
import pathlib, sys
from imu_gesture.deploy.toolchain.process import run
run([sys.executable, "-c", sys.argv[1]], pathlib.Path("log"), lambda l: print(l, flush=True), 1)
"""


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and nobody has asked for does not."""
    try:
        os.kill(pid, 0)
        stat = Path(f"/proc/{pid}/stat")
        return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def ends_soon(pid: int) -> bool:
    end_s = time.monotonic() + 5
    while is_alive(pid) and time.monotonic() < end_s:
        time.sleep(0.02)
    return not is_alive(pid)


@posix
@pytest.mark.parametrize("handling", ["pass", STUBBORN])
def test_ctrl_c_ends_the_tool_and_what_it_has_started(handling: str, tmp_path: Path) -> None:
    tool = WITH_CHILD.format(handling=handling, lives_s=60)
    with subprocess.Popen(
        [sys.executable, "-c", CALLER, tool],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as caller:
        assert caller.stdout is not None
        grandchild = int(caller.stdout.readline())
        assert is_alive(grandchild)
        time.sleep(0.3)  # until it can no longer be asked politely
        caller.send_signal(signal.SIGINT)
        _, err = caller.communicate(timeout=15)
    assert "KeyboardInterrupt" in err
    assert ends_soon(grandchild)


@posix
def test_a_timeout_ends_both_too(tmp_path: Path) -> None:
    lines: list[str] = []
    tool = WITH_CHILD.format(handling="pass", lives_s=60)
    with pytest.raises(DeploymentError, match=r"has not ended within 0\.01 minutes.*log"):
        run([sys.executable, "-c", tool], tmp_path / "log", lines.append, 0.01)
    assert ends_soon(int(lines[0]))


@posix
def test_what_a_tool_leaves_behind_does_not_keep_it_from_ending(tmp_path: Path) -> None:
    started_s = time.monotonic()
    tool = WITH_CHILD.format(handling="pass", lives_s=0)
    done = run([sys.executable, "-c", tool], tmp_path / "log", lambda _: None, 1)
    assert done.code == 0
    assert time.monotonic() - started_s < 10
    assert ends_soon(int(done.out))


@posix
def test_one_that_does_not_listen_is_ended_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group, "_GRACE_S", 0.2)
    stubborn = f"import signal, time; {STUBBORN}; print('there', flush=True); time.sleep(60)"

    def give_up(_: str) -> None:
        raise KeyboardInterrupt

    started_s = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run([sys.executable, "-c", stubborn], tmp_path / "log", give_up, 1)
    assert time.monotonic() - started_s < 5


@posix
def test_tools_are_asked_to_speak_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    done = run(["sh", "-c", "echo $LC_ALL"], tmp_path / "log", lambda _: None, 1)
    assert done.output == "C.UTF-8\n"


@posix
def test_a_tool_that_asks_gets_no_answer(tmp_path: Path) -> None:
    done = run(["sh", "-c", "read x; echo \"got '$x'\""], tmp_path / "log", lambda _: None, 1)
    assert done.out == "got ''\n"


def test_a_log_holds_everything_and_lines_come_as_they_are(tmp_path: Path) -> None:
    lines: list[str] = []
    code = "print('größe'); import sys; print('second', file=sys.stderr); sys.exit(3)"
    command = [sys.executable, "-X", "utf8", "-c", code]
    done = run(command, tmp_path / "a" / "log", lines.append, 1)
    assert (done.code, done.out, done.err) == (3, "größe\n", "second\n")
    assert sorted(lines) == ["größe", "second"]
    kept = (tmp_path / "a" / "log").read_text("utf-8")
    assert sorted(kept.splitlines()) == ["größe", "second"]


def test_while_a_tool_is_silent_there_is_time_for_something_else(tmp_path: Path) -> None:
    ticks: list[int] = []
    code = "import time; time.sleep(0.7)"
    run(
        [sys.executable, "-c", code],
        tmp_path / "log",
        lambda _: None,
        1,
        meanwhile=lambda: ticks.append(1),
    )
    assert len(ticks) >= 2
