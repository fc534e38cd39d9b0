"""What compilers and uploaders say, and what people are told of it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from imu_gesture.deploy.toolchain.arduino_cli import ArduinoCli, find_arduino_cli
from imu_gesture.deploy.toolchain.output import RAM_BYTES, BuildSize, explain, size_of
from imu_gesture.deploy.toolchain.platformio import platformio_ini
from imu_gesture.deploy.toolchain.process import run
from imu_gesture.errors import DeploymentError

OUTPUT = Path(__file__).parent / "tool_output"
RESET = "Cannot perform port reset: TOUCH: error during reset: opening port at 1200bps: "
SKETCH = Path(__file__).parents[2] / "firmware_sketch"


def said(name: str) -> str:
    return (OUTPUT / f"{name}.txt").read_text(encoding="utf-8")


def test_sizes_are_read() -> None:
    assert size_of(said("compile_ok")) == BuildSize(312416, 38616)
    assert size_of(said("upload_no_device")) == BuildSize(84504, 44560)
    assert size_of("nothing of the kind") == BuildSize(None, None)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (BuildSize(983_040, 262_144), ""),
        (BuildSize(983_041, 1), "983041 bytes of flash, a Nano 33 BLE has 983040"),
        (BuildSize(1, RAM_BYTES + 1), "bytes of memory, a Nano 33 BLE has 262144"),
    ],
)
def test_a_limit_that_is_broken_is_named(size: BuildSize, words: str) -> None:
    assert words in size.problem
    assert bool(size.problem) == bool(words)


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (said("upload_no_device"), "press its reset button twice quickly"),
        (f"{RESET}Permission denied\n{said('upload_no_device')}", "usermod -aG dialout"),
        (f"{RESET}Serial port busy\n{said('upload_no_device')}", "another program has the port"),
        (f"{RESET}Serial port not found\n{said('upload_no_device')}", "there is no such port"),
        ("C:\\a b\\classifier.cpp:12:3: error: no", "C:\\a b\\classifier.cpp:12: no"),
        ("data section exceeds available space in board", "larger than the board"),
        (said("compile_error"), "DAC.h:21: expected ')' before '*' token"),
        (said("json_failed"), "Error during build: exit status 1"),
        ("Error opening port: Permission denied (/dev/ttyACM0)", "usermod -aG dialout"),
        ("could not open port COM3: Access is denied.", "usermod -aG dialout"),
        ("Serial port busy: Device or resource busy", "another program has the port open"),
        (
            "Get https://downloads.arduino.cc: dial tcp: lookup downloads.arduino.cc: no such host",
            "there is no network",
        ),
        ("Platform 'arduino:mbed_nano' not found: platform not installed", "core install"),
        ("Library 'ArduinoBLE@2.0.1' not found", "lib update-index"),
        (
            "x.cpp:3:10: fatal error: ArduinoBLE.h: No such file or directory\n #include <A>",
            "x.cpp:3: ArduinoBLE.h: No such file or directory; a library is missing",
        ),
        ("x.cpp:3:10: fatal error: imu_chip.h: No such file or directory", "it does not compile"),
        ("ld: cannot open core.a: Permission denied", "core.a: Permission denied"),
        ("HTTPClientError:", "there is no network"),
        ("region `FLASH' overflowed by 20 bytes", "the sketch is larger than the board"),
        ("", "it said nothing"),
    ],
)
def test_what_a_tool_says_becomes_what_to_do(output: str, words: str) -> None:
    assert words in explain(output)


def fake(folder: Path, text: str, code: int) -> ArduinoCli:
    program = folder / "arduino-cli"
    program.write_text(
        f"#!/bin/sh\necho \"$@\" >> {folder}/called\ncat <<'END'\n{text}\nEND\nexit {code}\n"
    )
    program.chmod(0o755)
    return ArduinoCli(str(program), folder / "logs")


posix = pytest.mark.skipif(sys.platform == "win32", reason="the fake is a shell script")


@posix
def test_arduino_cli_is_called_with_the_profile_and_its_words_are_kept(tmp_path: Path) -> None:
    tool = fake(tmp_path, said("compile_ok"), 0)
    sketch = tmp_path / "firmware_sketch"
    assert tool.compile(sketch).flash_bytes == 312416
    tool.upload(sketch, "/dev/ttyACM7")
    assert (tmp_path / "called").read_text().splitlines() == [
        f"compile --profile nano33ble {sketch}",
        f"upload --profile nano33ble --port /dev/ttyACM7 {sketch}",
    ]
    assert "Used library" in (tmp_path / "logs" / "arduino-cli-compile.log").read_text()


@posix
def test_a_sketch_that_is_too_large_is_told_with_the_sizes(tmp_path: Path) -> None:
    text = said("compile_ok").replace("312416 bytes", "992416 bytes")
    tool = fake(tmp_path, f"{text}\nError during build: text section exceeds available space", 1)
    with pytest.raises(DeploymentError, match="takes 992416 bytes of flash"):
        tool.compile(tmp_path)


@posix
def test_tools_are_asked_to_speak_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    done = run(["sh", "-c", "echo $LC_ALL"], tmp_path / "log", lambda _: None)
    assert done.output == "C.UTF-8\n"


@posix
def test_an_upload_that_fails_says_why_and_where_the_log_is(tmp_path: Path) -> None:
    tool = fake(tmp_path, said("upload_no_device"), 1)
    with pytest.raises(DeploymentError, match=r"(?s)reset button twice.*arduino-cli-upload\.log"):
        tool.upload(tmp_path, "/dev/ttyACM0")


def test_a_program_that_was_named_and_is_not_there_is_an_error() -> None:
    with pytest.raises(DeploymentError, match=r"no such program; install it from"):
        find_arduino_cli("arduino-cli-that-is-not-there")


@posix
def test_ctrl_c_ends_the_tool_too(tmp_path: Path) -> None:
    """The child writes once a second for a minute; it must be gone with its parent."""
    script = (
        "import sys, pathlib; from imu_gesture.deploy.toolchain.process import run\n"
        "child = 'import time,os;print(os.getpid(),flush=True);time.sleep(60)'\n"
        "run([sys.executable, '-c', child], pathlib.Path('log'), lambda l: print(l, flush=True))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        process.wait(10)
    time.sleep(0.1)
    assert not Path(f"/proc/{child}").exists() or sys.platform != "linux"


def test_a_log_holds_everything_and_lines_come_as_they_are(tmp_path: Path) -> None:
    lines: list[str] = []
    code = "print('größe'); import sys; print('second', file=sys.stderr); sys.exit(3)"
    done = run([sys.executable, "-X", "utf8", "-c", code], tmp_path / "a" / "log", lines.append)
    assert done.code == 3
    assert sorted(lines) == ["größe", "second"]
    assert (tmp_path / "a" / "log").read_text("utf-8") == done.output


def test_platformio_has_the_same_pins_as_the_sketch() -> None:
    pins = (SKETCH / "sketch.yaml").read_text(encoding="utf-8")
    text = platformio_ini(pins)
    assert "platform = nordicnrf52@10.11.0\nboard = nano33ble\nframework = arduino" in text
    for name, version in re.findall(r"- (\w+) \(([\d.]+)\)", pins):
        assert f"    {name}@{version}\n" in text


def test_the_core_that_is_advised_is_the_one_the_sketch_pins() -> None:
    pins = (SKETCH / "sketch.yaml").read_text(encoding="utf-8")
    (version,) = re.findall(r"platform: arduino:mbed_nano \(([\d.]+)\)", pins)
    cure = explain("Platform 'arduino:mbed_nano' not found: platform not installed")
    assert cure.endswith(f"install arduino:mbed_nano@{version}")
