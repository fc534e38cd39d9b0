"""`deploy --port` with a fake arduino-cli, whose upload puts a virtual board on the terminal."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from imu_gesture.deploy import demonstration
from imu_gesture.deploy.manifest import MeasuredArena, ModelManifest, read_run, write_run
from imu_gesture.deploy.pins import sketch_pins
from imu_gesture.deploy.toolchain.arduino_cli import ArduinoCli
from imu_gesture.errors import DeploymentError, InputError
from imu_gesture.link.port_trouble import PortError
from imu_gesture.link.virtual.device import VirtualDevice
from imu_gesture.link.virtual.port import VirtualPort
from imu_gesture.workflow import measuring, uploading
from imu_gesture.workflow.boards import virtual_device
from imu_gesture.workflow.deploying import DeployOptions, deploy_run
from imu_gesture.workflow.measuring import ARENA_MARGIN_BYTES
from imu_gesture.workspace import Workspace
from tests.deploy.fake_tool import FakeArduinoCli
from tests.deploy.tool_output import said
from tests.live.small_model import small_model

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
MANIFEST, TFLITE = read_run(demonstration.FOLDER)
# The upload ends when the board has been replaced.
UPLOADING = 'touch "$here/uploading"; while [ -e "$here/uploading" ]; do sleep 0.02; done'
LIBRARY = sketch_pins().tensor_library
REV1 = "nano33ble-rev1"
USED = 3300
WANTED = -(-(USED + ARENA_MARGIN_BYTES) // 16) * 16


@contextmanager
def bench(
    folder: Path,
    after: Callable[[], VirtualDevice | None],
    before: tuple[ModelManifest, bytes] | None = None,
) -> Iterator[Path]:
    """A board at a port; each upload replaces it by the next one, or by none."""
    FakeArduinoCli(folder).answer("upload", said("upload_ok.json"), sh=UPLOADING)
    path, ending = folder / "ttyACM0", threading.Event()
    ports = [VirtualPort(virtual_device(0, before or small_model()), path)]
    ports[0].__enter__()

    def serve() -> None:
        while not ending.is_set():
            if (folder / "uploading").exists():
                ports.pop().__exit__()
                device = after()
                if device is not None:
                    ports.append(VirtualPort(device, path))
                    ports[0].__enter__()
                (folder / "uploading").unlink()
            time.sleep(0.02)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield path
    finally:
        ending.set()
        thread.join()
        for port in ports:
            port.__exit__()


def options(folder: Path, **more: object) -> DeployOptions:
    entries = {"port": str(folder / "ttyACM0"), "arduino_cli": str(folder / "arduino-cli")}
    return DeployOptions(**(entries | more))  # type: ignore[arg-type]


def workspace(folder: Path) -> Workspace:
    run = folder / "work" / "models" / "run-001"
    run.mkdir(parents=True)
    write_run(run, MANIFEST, TFLITE)
    return Workspace(folder / "work")


def as_it_should(seed: int = 0, used: int = USED) -> VirtualDevice:
    device = virtual_device(seed, (MANIFEST, TFLITE))
    device.core.use_arena(used)
    return device


def called(folder: Path) -> list[str]:
    """What arduino-cli was asked, in a word each."""
    lines = (folder / "called").read_text().splitlines() if (folder / "called").exists() else []
    return [line.split()[0] for line in lines if not line.startswith("version")]


def built_arena(sketch: Path) -> int:
    header = (sketch / "src" / "model" / "model_manifest.h").read_text()
    (found,) = re.findall(r"kModelArenaBytes = (\d+);", header)
    return int(found)


def test_the_board_that_comes_back_is_checked(tmp_path: Path) -> None:
    lines: list[str] = []
    with bench(tmp_path, as_it_should) as port:
        done = deploy_run(workspace(tmp_path), options(tmp_path), lines.append)
    assert done.port == str(port)
    assert done.size is not None
    assert done.size.flash_bytes == 84080
    assert "waiting for the board to come back" in lines
    assert called(tmp_path) == ["compile", "upload"]


@pytest.mark.parametrize(
    ("name", "after", "words"),
    [
        ("another board", lambda: as_it_should(3), "is another one plugged in"),
        (
            "the old model",
            lambda: virtual_device(0, small_model()),
            "the upload has not taken",
        ),
        ("no model", lambda: virtual_device(0), "the board runs no model"),
        ("nothing", lambda: None, "has not come back within"),
    ],
)
def test_what_comes_back_otherwise_is_told(
    name: str,
    after: Callable[[], VirtualDevice | None],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(uploading, "_BACK_S", 1.5)
    with bench(tmp_path, after), pytest.raises(DeploymentError, match=words):
        deploy_run(workspace(tmp_path), options(tmp_path), lambda _: None)
    assert name


def test_for_a_port_that_is_not_there_nothing_is_even_compiled(tmp_path: Path) -> None:
    wanted = options(tmp_path, port=str(tmp_path / "ttyACM9"))
    with bench(tmp_path, as_it_should), pytest.raises(PortError, match="ttyACM9") as caught:
        deploy_run(workspace(tmp_path), wanted, lambda _: None)
    assert caught.value.kind == "missing"
    assert called(tmp_path) == []


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"port": "ttyACM0", "compiles": False}, "leave out --no-compile"),
        ({"upload": True, "compiles": False}, "leave out --no-compile"),
        ({"measure": True}, "needs the board: --upload, or --port"),
    ],
)
def test_options_that_exclude_each_other_are_told(
    asked: dict[str, Any], words: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=words):
        deploy_run(workspace(tmp_path), DeployOptions(**asked), lambda _: None)


def test_the_arena_is_built_again_as_the_board_has_measured_it(tmp_path: Path) -> None:
    place = workspace(tmp_path)
    with bench(tmp_path, as_it_should):
        done = deploy_run(place, options(tmp_path, measure=True), lambda _: None)
    assert done.manifest.arena.arena_bytes == built_arena(done.sketch) == WANTED
    assert called(tmp_path) == ["compile", "upload"] * 2
    kept, _ = read_run(place.run(None))
    first = MANIFEST.arena
    assert kept.arena.model_copy(update={"measured": ()}) == first
    (measured,) = kept.arena.measured
    assert (measured.board, measured.library) == (REV1, LIBRARY)
    assert (measured.used_bytes, measured.arena_bytes) == (USED, WANTED)
    assert dt.date.fromisoformat(measured.date) <= dt.datetime.now(dt.UTC).date()


@pytest.mark.parametrize(
    ("board", "library", "arena_bytes"),
    [
        (REV1, LIBRARY, 3568),
        ("nano33ble-rev2", LIBRARY, MANIFEST.arena.arena_bytes),
        (REV1, "Chirale_TensorFLowLite 1.0.0", MANIFEST.arena.arena_bytes),
    ],
)
def test_later_what_was_measured_counts_for_boards_of_the_kind_alone(
    board: str, library: str, arena_bytes: int, tmp_path: Path
) -> None:
    place = workspace(tmp_path)
    measured = MeasuredArena(
        board=board, library=library, used_bytes=3300, arena_bytes=3568, date="2026-11-25"
    )
    write_run(place.run(None), MANIFEST.with_measured(measured), TFLITE)
    with bench(tmp_path, as_it_should, before=(MANIFEST, TFLITE)):
        done = deploy_run(place, options(tmp_path), lambda _: None)
    assert built_arena(done.sketch) == arena_bytes
    nowhere = deploy_run(place, DeployOptions(compiles=False), lambda _: None)
    assert built_arena(nowhere.sketch) == MANIFEST.arena.arena_bytes


def test_a_board_that_needs_another_arena_the_second_time_is_told(tmp_path: Path) -> None:
    place, needs = workspace(tmp_path), [USED, USED + 16]
    measuring_it = options(tmp_path, measure=True)
    with (
        bench(tmp_path, lambda: as_it_should(used=needs.pop(0))),
        pytest.raises(DeploymentError, match=r"reports to use 3316, and 3300 before; nothing was"),
    ):
        deploy_run(place, measuring_it, lambda _: None)
    assert read_run(place.run(None))[0] == MANIFEST


@pytest.mark.parametrize(
    ("used", "words"), [(0, "reports no use of its arena"), (None, r"reported its health within")]
)
def test_a_board_that_does_not_tell_is_no_reason_to_wait_for_ever(
    used: int | None, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if used is None:
        monkeypatch.setattr(measuring, "_HEALTH_S", 0.0)
    with (
        bench(tmp_path, lambda: as_it_should(used=used or 0)),
        pytest.raises(DeploymentError, match=words),
    ):
        deploy_run(workspace(tmp_path), options(tmp_path, measure=True), lambda _: None)


def test_whoever_stops_an_upload_is_told_how_the_board_is_left(tmp_path: Path) -> None:
    """The fake sends the Ctrl-C itself, to the process that has started it."""
    lines: list[str] = []
    with bench(tmp_path, as_it_should):
        (tmp_path / "answers" / "upload.sh").write_text("kill -INT $PPID; sleep 30")
        with pytest.raises(KeyboardInterrupt):
            deploy_run(workspace(tmp_path), options(tmp_path), lines.append)
    assert "orange light pulses" in lines[-1]


def test_a_long_sketch_is_told_what_it_loses(tmp_path: Path) -> None:
    answer = said("compile_ok.json").replace('"size": 84080', '"size": 910000')
    with bench(tmp_path, as_it_should):
        (tmp_path / "answers" / "compile.out").write_text(answer)
        done = deploy_run(workspace(tmp_path), options(tmp_path), lambda _: None)
    (warning,) = done.warnings
    assert "forgets its pairing" in warning


def test_an_old_arduino_cli_is_told_before_anything_is_done(tmp_path: Path) -> None:
    FakeArduinoCli(tmp_path).answer("version", '{"VersionString": "0.35.3"}')
    wanted = DeployOptions(arduino_cli=str(tmp_path / "arduino-cli"))
    with pytest.raises(DeploymentError, match=r"version 0\.35\.3, 1\.0\.0 or newer.*--no-compile"):
        deploy_run(workspace(tmp_path), wanted, lambda _: None)
    assert called(tmp_path) == []


def test_without_arduino_cli_the_sketch_is_written_and_the_commands_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = deploy_run(workspace(tmp_path), DeployOptions(), lambda _: None)
    assert (done.size, done.port) == (None, "")
    with pytest.raises(DeploymentError, match="install it from"):
        deploy_run(workspace(tmp_path / "b"), DeployOptions(port="/dev/ttyACM0"), lambda _: None)
    assert shutil.which("arduino-cli") is None
    assert ArduinoCli("x", tmp_path).program == "x"
