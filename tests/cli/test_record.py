"""`imu-gesture record`, as a process of its own: prompts, Ctrl-C, a cable that is pulled."""

import io
import json
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import pytest

from imu_gesture.recording.mcap_file import read_recording
from imu_gesture.recording.quality import quality
from tests import make
from tests.cli.command import finish, started
from tests.cli.conftest import Command
from tests.link.lines import STEP_US, TIMED, page, samples
from tests.link.terminal import Terminal

posix = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals or signals")


def wait_for(process: subprocess.Popen[str], text: str) -> None:
    assert process.stdout is not None
    assert any(text in line for line in process.stdout), f"ended without {text!r}"


@posix
def test_ctrl_c_ends_it_and_keeps_what_there_is(tmp_path: Path) -> None:
    arguments = ("--virtual", "--label", "wave", "--repeats", "5000", "-w", tmp_path)
    with started("record", *arguments) as process:
        wait_for(process, "go: wave (4 of")
        process.send_signal(signal.SIGINT)
        done = finish(process)
    assert (done.code, done.err) == (0, "")
    assert "stopped" in done.out
    recording = tmp_path / "recordings" / "wave-unknown-1.mcap"
    assert done.out.splitlines()[-1].startswith(
        f"{recording}: {len(read_recording(recording).samples)}"
    )
    assert len(make.labels_of(recording)) >= 3


@posix
def test_a_board_that_is_unplugged_is_waited_for_and_ctrl_c_keeps_what_there_is(
    tmp_path: Path,
) -> None:
    with (
        Terminal() as board,
        started(
            *("record", "--columns", TIMED, "--port", board.port, "--label", "wave"),
            *("-w", tmp_path),
        ) as process,
    ):
        board.wait_for_host()
        board.say(page(samples(1450)))
        wait_for(process, "go: wave (3 of 10)")
        board.vanish()
        wait_for(process, f"{board.port}: the board is gone")
        process.send_signal(signal.SIGINT)
        done = finish(process)
    assert (done.code, done.err) == (0, "")
    recording = tmp_path / "recordings" / "wave-unknown-1.mcap"
    times = read_recording(recording).samples.device_time_us.tolist()
    assert times == [i * STEP_US for i in range(len(times))]
    assert len(times) * STEP_US > 9e6
    assert [label.name for label in make.labels_of(recording)] == ["wave", "wave"]


@posix
def test_a_real_port_is_recorded_to_the_end(tmp_path: Path) -> None:
    arguments = ("--json", "--label", "background", "--seconds", "2", "--participant", "Zoë")
    with (
        Terminal() as board,
        started("record", *arguments, "--text", "--port", board.port, "-w", tmp_path) as process,
    ):
        board.wait_for_host()
        board.say(page([*samples(400), b"12,noise", *samples(300, 400)]))
        done = finish(process)
    (report,) = json.loads(done.out)["recordings"]
    assert done.code == 0
    *counted, go, warning = done.err.splitlines()
    assert counted == ["3", "2", "1"]
    assert go == "go: background; move and rest as you like, but none of the gestures"
    assert "keep one value" in warning
    assert report["warnings"] == [warning]
    assert report["damaged"] == 1
    recording = read_recording(Path(report["recording"]))
    assert recording.info.participant == "Zoë"
    assert recording.info.source == board.port
    assert len(recording.samples) == report["samples"] > 500


@posix
def test_a_sketch_without_times_is_recorded_at_its_measured_rate(tmp_path: Path) -> None:
    arguments = ("--json", "--label", "background", "--seconds", "1", "--columns", "ax,ay,az")
    with (
        Terminal() as board,
        started("record", *arguments, "--port", board.port, "-w", tmp_path) as process,
    ):
        board.wait_for_host()
        for number in count():
            if process.poll() is not None:
                break
            board.say(f"0.0{number % 7};-0.0{number % 5};0.9{number % 9}\r\n".encode())
            time.sleep(0.01)
        done = finish(process)
    assert (done.code, done.err.count("\n")) == (0, 4)
    recording = read_recording(Path(json.loads(done.out)["recordings"][0]["recording"]))
    assert recording.info.time_source == "rate"
    found = quality(recording)
    assert (found.jitter_us, found.clock_error_ppm) == (None, None)
    assert 40 < found.rate_hz < 105


def test_the_gesture_is_asked_for_on_the_error_stream(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("wave\n"))
    done = command("record", "--virtual", "--repeats", "1", "--json", "-w", tmp_path)
    assert done.err.startswith("gestures, separated by commas (or background): ")
    assert json.loads(done.out)["recordings"][0]["recording"].endswith("wave-unknown-1.mcap")


def test_nobody_to_ask_is_no_traceback(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    done = command("record", "--virtual", "-w", tmp_path)
    assert (done.code, done.out) == (130, "")
    assert done.err.endswith("stopped\n")
    assert not (tmp_path / "recordings").exists()


def test_a_second_recording_gets_a_name_of_its_own(command: Command, tmp_path: Path) -> None:
    for _ in range(3):
        done = command("record", "--virtual", "--label", "push", "--repeats", "1", "-w", tmp_path)
        assert (done.code, done.err) == (0, "")
    names = sorted(path.name for path in tmp_path.glob("recordings/*.mcap"))
    assert names == ["push-unknown-1-2.mcap", "push-unknown-1-3.mcap", "push-unknown-1.mcap"]


def test_another_seed_is_another_person_and_board(command: Command, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        seed = {"a": 1, "b": 1, "c": 2}[name]
        command(
            *("record", "--virtual", "--seed", str(seed), "--label", "push", "--repeats", "1"),
            *("--participant", name, "-w", tmp_path),
        )
    one, same, other = (
        read_recording(tmp_path / "recordings" / f"push-{name}-1.mcap").samples.acc_g.tobytes()
        for name in ("a", "b", "c")
    )
    assert one == same != other
