"""`imu-gesture live` and its window as a person has them: a process, a display, keys."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from imu_gesture.live import theme
from tests.cli.command import finish, started
from tests.cli.conftest import Command
from tests.cli.test_live import objects
from tests.screen import Screen, share_of, wait_until

TITLE = "imu-gesture live"


def is_drawn(screen: Screen) -> bool:
    return share_of(screen.pixels(), theme.EMPTY) > 0.01  # the troughs of the bars


@pytest.mark.parametrize("how", ["q", "Ctrl-C", "seconds"])
def test_a_display_is_reason_enough_for_a_window(how: str, screen: Screen, workspace: Path) -> None:
    seconds = ("--seconds", "2") if how == "seconds" else ()
    with started("live", "--virtual", *seconds, "-w", workspace) as process:
        wait_until(lambda: is_drawn(screen), "the window")
        if how == "q":
            screen.press("q", TITLE)
        elif how == "Ctrl-C":
            process.send_signal(signal.SIGINT)
        done = finish(process)
    stopped = how == "Ctrl-C"
    assert (done.code, done.out, done.err.strip()) == (
        (130, "", "stopped") if stopped else (0, "", "")
    )


@pytest.mark.usefixtures("screen")
@pytest.mark.parametrize("option", ["--json", "--headless", "--no-window"])
def test_lines_are_had_for_the_asking(option: str, command: Command, workspace: Path) -> None:
    done = command("live", "--virtual", "--fast", "--seconds", "10", option, "-w", workspace)
    assert (done.code, done.err) == (0, "")
    if option == "--no-window":
        assert done.out.splitlines()[0].endswith(("  host", "  board"))
    else:
        assert len(objects(done.out)) > 0


@pytest.mark.usefixtures("no_display")
def test_without_a_display_it_says_so_and_prints_lines(command: Command, workspace: Path) -> None:
    arguments = ("live", "--virtual", "--fast", "--seconds", "5", "-w", workspace)
    done = command(*arguments)
    assert done.code == 0
    assert done.err.startswith("no window, so in text: there is no display")
    assert done.out
    assert command(*arguments, "--headless").err == ""
    assert "no display" in command(*arguments, "--window").problem
