"""`imu-gesture calibrate` and its window as a person has them: a process, a display, keys."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import finish, started
from tests.cli.conftest import Command
from tests.conftest import RunPython
from tests.screen import Screen, share_of, wait_until

TITLE = "imu-gesture calibrate"
VIRTUAL = ("calibrate", "--virtual", "--seed", "3")
HEADLINE_INK = "#1A1A1A"


def profiles(folder: Path) -> list[Path]:
    return list((folder / "calibration").glob("*.json"))


def window_is_drawn(screen: Screen) -> bool:
    return share_of(screen.pixels(), HEADLINE_INK) > 0.002


def test_a_display_is_reason_enough_for_a_window_and_q_leaves_it(
    screen: Screen, tmp_path: Path
) -> None:
    with started(*VIRTUAL, "--fast", "-w", tmp_path) as process:
        wait_until(lambda: bool(profiles(tmp_path)), "the profile")
        wait_until(lambda: window_is_drawn(screen), "the window")
        assert process.poll() is None  # it stays open until a key
        screen.press("q", TITLE)
        done = finish(process)
    assert (done.code, done.err) == (0, "")
    (profile,) = profiles(tmp_path)
    assert str(profile) in done.out
    assert "inclination_error_deg" in done.out


@pytest.mark.parametrize("how", ["Ctrl-C", "Escape"])
def test_leaving_early_is_stopping_as_in_text_mode(
    how: str, screen: Screen, tmp_path: Path
) -> None:
    with started(*VIRTUAL, "--window", "-w", tmp_path) as process:
        wait_until(lambda: window_is_drawn(screen), "the window")
        if how == "Ctrl-C":
            process.send_signal(signal.SIGINT)
        else:
            screen.press(how, TITLE)
        done = finish(process)
    assert (done.code, done.out, done.err.strip()) == (130, "", "stopped")
    assert profiles(tmp_path) == []


@pytest.mark.usefixtures("screen")
@pytest.mark.parametrize("option", ["--json", "--no-window"])
def test_text_is_had_for_the_asking(option: str, command: Command, tmp_path: Path) -> None:
    done = command(*VIRTUAL, option, "-w", tmp_path)
    assert done.code == 0
    assert "window" not in done.err
    assert len(profiles(tmp_path)) == 1


@pytest.mark.usefixtures("no_display")
def test_without_a_display_it_says_so_in_a_line_and_goes_on_in_text(
    command: Command, tmp_path: Path
) -> None:
    done = command(*VIRTUAL, "-w", tmp_path)
    assert done.code == 0
    first, *told = done.err.splitlines()
    assert first.startswith("no window, so in text: there is no display")
    assert "ssh -X" in first
    assert any(line.startswith("lay the board flat") for line in told)


def broken(display: str, missing: str) -> tuple[int, str]:
    """`calibrate --window` on such a display, in a Python without this package."""
    absent = f"sys.modules[{missing!r}] = None; " if missing else ""
    code = f"import sys; {absent}from imu_gesture.cli import main; main()"
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    }
    done = subprocess.run(
        [sys.executable, "-c", code, *VIRTUAL, "--window"],
        env=environment | {"DISPLAY": display},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="displays have names on Linux")
@pytest.mark.parametrize(
    ("display", "missing", "words"),
    [
        ("", "", ["no display", "DISPLAY", "ssh -X"]),
        (":4711", "", ["does not answer", "DISPLAY=:4711"]),
        ("", "PySide6", ["not installed: PySide6-Essentials", "imu-gesture[window]"]),
        ("", "matplotlib", ["not installed: matplotlib", "imu-gesture[window]"]),
    ],
    ids=["no display", "dead display", "no Qt", "no matplotlib"],
)
def test_a_window_that_was_asked_for_and_cannot_be_is_an_error(
    display: str, missing: str, words: list[str]
) -> None:
    code, said = broken(display, missing)
    (line,) = said.splitlines()
    assert line.startswith("error: ")
    assert code == 1
    assert [word for word in words if word not in line] == []


def test_looking_for_a_display_loads_no_toolkit(run_python: RunPython) -> None:
    code = """
from imu_gesture.cli.calibrate import window_wanted
window_wanted(None, False)
print("PySide6.QtCore" in sys.modules)
"""
    assert run_python(code).strip() == "False"
