"""How arduino-cli is called, and what comes of its answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from imu_gesture.deploy.toolchain.arduino_cli import ArduinoCli, find_arduino_cli
from imu_gesture.errors import DeploymentError
from tests.deploy.fake_tool import FakeArduinoCli, posix
from tests.deploy.tool_output import said


@pytest.fixture
def fake(tmp_path: Path) -> FakeArduinoCli:
    return FakeArduinoCli(tmp_path / "bin")


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def tool(fake: FakeArduinoCli, tmp_path: Path, lines: list[str]) -> ArduinoCli:
    return ArduinoCli(str(fake.path), tmp_path / "logs", lines.append)


@posix
def test_it_is_called_with_the_profile_and_its_words_are_kept(
    fake: FakeArduinoCli, tool: ArduinoCli, tmp_path: Path, lines: list[str]
) -> None:
    sketch, logs, port = tmp_path / "firmware_sketch", tmp_path / "logs", "/dev/ttyACM7"
    assert tool.compile(sketch).flash_bytes == 84080
    assert tool.upload(sketch, port) == "/dev/cu.usbmodem2"
    log = f"{sketch} --log-level debug --log-file {logs}/arduino-cli"
    assert fake.called == [
        f"compile --json --profile nano33ble {log}-compile-steps.log",
        f"upload --json --verbose --profile nano33ble --port {port} {log}-upload-steps.log",
    ]
    kept = (logs / "arduino-cli-compile.log").read_text()
    assert kept.startswith("Sketch uses 84080 bytes (8%)")
    assert "Connected at 921600 baud\n" in (logs / "arduino-cli-upload.log").read_text()
    assert lines[0].startswith("compiling")
    assert lines[1] == f"uploading to {port}"


@posix
def test_what_it_is_at_is_told_before_it_ends(
    fake: FakeArduinoCli, tool: ArduinoCli, lines: list[str]
) -> None:
    """The fake waits for a file that appears when the download is told."""
    entry = 'level=info msg="Starting download" url="https://downloads.arduino.cc/gcc.tar.bz2"'
    fake.answer(
        "compile",
        said("compile_ok.json"),
        sh=f"for last; do :; done; echo 'time=x {entry}' >> \"$last\"\n"
        'while [ ! -e "$here/told" ]; do sleep 0.05; done',
    )

    def tell(line: str) -> None:
        lines.append(line)
        if line == "downloading gcc.tar.bz2":
            (fake.path.parent / "told").touch()

    ArduinoCli(tool.program, tool.logs, tell).compile(Path("sketch"))
    assert "downloading gcc.tar.bz2" in lines


@posix
@pytest.mark.parametrize(
    ("out", "words"),
    [
        ("compile_too_large.json", "takes 992416 bytes of flash"),
        ("compile_offline.json", "(?s)there is no network.*arduino-cli-compile.log"),
        ("compile_failed_2022.json", "arduino-cli compile: "),
        ("pio_offline.txt", "there is no network"),
    ],
)
def test_what_does_not_compile_is_explained(
    out: str, words: str, fake: FakeArduinoCli, tool: ArduinoCli, tmp_path: Path
) -> None:
    fake.answer("compile", said(out), code=1)
    with pytest.raises(DeploymentError, match=words):
        tool.compile(tmp_path)


@posix
def test_an_upload_that_fails_says_why_and_where_the_log_is(
    fake: FakeArduinoCli, tool: ArduinoCli, tmp_path: Path
) -> None:
    fake.answer("upload", err=said("upload_failed.json"), code=1)
    with pytest.raises(DeploymentError, match=r"(?s)reset button twice.*arduino-cli-upload\.log"):
        tool.upload(tmp_path, "/dev/ttyACM0")
    kept = (tmp_path / "logs" / "arduino-cli-upload.log").read_text()
    assert "Send auto-baud\nSet binary mode\n" in kept


@posix
@pytest.mark.parametrize(
    ("version", "fine"),
    [
        ("1.0.0", True),
        ("1.5.1", True),
        ("1.6.0-rc.1", True),
        ("10.0.1", True),
        ("git-snapshot", True),
        ("nightly-20260724", True),
        ("0.0.0-git", True),
        ("0.35.3", False),
        ("0.36.0-rc.2", False),
    ],
)
def test_a_version_that_answers_otherwise_is_not_used(
    version: str, fine: bool, fake: FakeArduinoCli, tool: ArduinoCli
) -> None:
    fake.answer("version", f'{{"VersionString": "{version}"}}')
    if fine:
        assert tool.check_version() == version
    else:
        with pytest.raises(DeploymentError, match=rf"is version {version}, 1\.0\.0 or newer"):
            tool.check_version()


@posix
def test_one_that_knows_no_json_yet_is_too_old(fake: FakeArduinoCli, tool: ArduinoCli) -> None:
    fails = 'case "$*" in *--json*) echo "Error: unknown flag: --json" >&2; exit 1;; esac'
    fake.answer("version", said("version_old.txt"), sh=fails)
    with pytest.raises(DeploymentError, match=r"is version 0\.32\.2, 1\.0\.0 or newer is needed"):
        tool.check_version()


@posix
def test_another_program_is_not_taken_for_it(fake: FakeArduinoCli, tool: ArduinoCli) -> None:
    fake.answer("version", "hello\n")
    with pytest.raises(DeploymentError, match="is no arduino-cli"):
        tool.check_version()


def test_a_program_that_was_named_and_is_not_there_is_an_error() -> None:
    with pytest.raises(DeploymentError, match=r"no such program; install it from"):
        find_arduino_cli("arduino-cli-that-is-not-there")
