"""`imu-gesture record` at a terminal: keys, what is drawn, and the terminal afterwards."""

from __future__ import annotations

import signal
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest

from imu_gesture.labels import BACKGROUND
from imu_gesture.link.virtual.device import VirtualDevice
from imu_gesture.recording.mcap_file import read_recording
from imu_gesture.simulation.chips import LSM9DS1_BOARD
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.performer import Performer
from tests import make

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")

if sys.platform != "win32":
    from imu_gesture.link.virtual.port import VirtualPort
    from tests.cli.on_terminal import OnTerminal, on_terminal

ENDLESS = ("record", "--virtual", "--fast", "--label", "push", "--repeats", "100000", "-w")


def the_recording(workspace: Path) -> Path:
    (path,) = workspace.glob("recordings/*.mcap")
    return path


@pytest.mark.parametrize(
    ("end", "code"),
    [
        pytest.param(lambda t: t.press("q"), 0, id="q"),
        pytest.param(lambda t: t.press("\x03"), 0, id="Ctrl-C"),
        pytest.param(lambda t: t.process.send_signal(signal.SIGTERM), 143, id="kill"),
        pytest.param(lambda t: t.process.send_signal(signal.SIGHUP), 129, id="closed"),
    ],
)
def test_however_it_ends_file_and_terminal_are_whole(
    end: Callable[[OnTerminal], None], code: int, tmp_path: Path
) -> None:
    with on_terminal(*ENDLESS, tmp_path) as terminal:
        terminal.wait_for("✓ push (3 of 100000)")
        assert not terminal.settings()[3] & termios.ICANON
        end(terminal)
        assert terminal.end() == code
        assert terminal.settings() == terminal.before
    path = the_recording(tmp_path)
    assert len(make.labels_of(path)) >= 3
    samples = len(read_recording(path).samples)
    assert f"{path}: {samples} samples" in terminal.drawn
    assert ("stopped" in terminal.drawn) == (code == 0)


def test_an_error_restores_the_terminal_too(tmp_path: Path) -> None:
    arguments = ("record", "--virtual", "--fast", "--label", "nod", "-w", tmp_path)
    with on_terminal(*arguments) as terminal:
        assert terminal.end() == 1
        assert terminal.settings() == terminal.before
    assert "error: the virtual person cannot perform 'nod'" in terminal.drawn


def test_keys_take_again_and_pause(tmp_path: Path) -> None:
    with on_terminal(*ENDLESS, tmp_path) as terminal:
        terminal.wait_for("r take it again   p pause   q end")
        terminal.press("r")
        terminal.wait_for("• once more: push (")
        terminal.press("p")
        terminal.wait_for("paused; p goes on")
        terminal.press("p")
        terminal.wait_for("✓ push (")
        terminal.press("x")  # means nothing
        terminal.press("q")
        assert terminal.end() == 0
        assert terminal.settings() == terminal.before
    assert len(make.labels_of(the_recording(tmp_path))) >= 1


def test_q_ends_the_wait_for_a_board_that_is_away(tmp_path: Path) -> None:
    device = VirtualDevice(Device(LSM9DS1_BOARD, 0), Performer(0))
    arguments = ("--label", "push", "-w", tmp_path)
    with (
        VirtualPort(device, tmp_path / "tty") as port,
        on_terminal("record", "--port", port.path, *arguments) as terminal,
    ):
        terminal.wait_for("0:01 recorded")
        port.unplug()
        terminal.wait_for("waiting for it")
        terminal.press("q")
        assert terminal.end() == 0
    assert read_recording(the_recording(tmp_path)).samples.duration_s > 0.4


def test_keys_work_again_after_another_program_had_the_terminal(tmp_path: Path) -> None:
    with on_terminal(*ENDLESS, tmp_path) as terminal:
        terminal.wait_for("✓ push (1 of 100000)")
        terminal.process.send_signal(signal.SIGSTOP)
        terminal.set_as_before()
        terminal.process.send_signal(signal.SIGCONT)
        terminal.wait_for("✓ push (")
        terminal.press("q")
        assert terminal.end() == 0
        assert terminal.settings() == terminal.before


def test_the_line_shows_how_the_link_is(tmp_path: Path) -> None:
    arguments = ("record", "--virtual", "--label", "push", "--repeats", "1", "-w", tmp_path)
    with on_terminal(*arguments) as terminal:
        terminal.wait_for("Hz · 0 lost · 0 damaged · 0.0% clipped · 25.")
        terminal.wait_for("push (1 of 1) · 0:02 recorded, 0:03 to go")
        terminal.wait_for("go: push (1 of 1)")
        assert terminal.end() == 0
    drawn_last = terminal.drawn.strip().splitlines()[-1]
    assert drawn_last.startswith(f"{the_recording(tmp_path)}: ")
    assert drawn_last.endswith("samples, 1 label; good")


def test_it_asks_what_and_offers_background_first(tmp_path: Path) -> None:
    arguments = ("record", "--virtual", "--fast", "--repeats", "1", "-w", tmp_path)
    with on_terminal(*arguments) as terminal:
        terminal.wait_for("gestures, separated by commas (or background): ")
        terminal.press("push, twist\r")
        terminal.wait_for("a model without background fires all day; record a minute first? [Y/n]")
        terminal.press("\r")
        assert terminal.end() == 0
    names = {path.stem.split("-")[0]: path for path in tmp_path.glob("recordings/*.mcap")}
    assert set(names) == {"push", "twist", BACKGROUND}
    (label,) = make.labels_of(names[BACKGROUND])
    assert label.end_s - label.start_s == pytest.approx(60, abs=0.1)
    with on_terminal(*arguments) as terminal:  # there is background now: not offered again
        terminal.press("push\r")
        assert terminal.end() == 0
    assert "fires all day" not in terminal.drawn


def test_hands_free_counts_and_rings(tmp_path: Path) -> None:
    arguments = ("--hands-free", "--label", "twist", "--repeats", "3", "-w", tmp_path)
    with on_terminal("record", "--virtual", "--fast", *arguments) as terminal:
        assert terminal.end() == 0
    assert terminal.drawn.count("\a") == 3
    assert len(make.labels_of(the_recording(tmp_path))) == 3
