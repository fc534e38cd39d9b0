"""`deploy --port` with a fake arduino-cli, whose upload puts a virtual board on the terminal."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from imu_gesture.deploy import demonstration
from imu_gesture.deploy.manifest import read_run, write_run
from imu_gesture.deploy.toolchain.arduino_cli import ArduinoCli
from imu_gesture.errors import DeploymentError, InputError
from imu_gesture.link.port_trouble import PortError
from imu_gesture.link.virtual.device import VirtualDevice
from imu_gesture.link.virtual.port import VirtualPort
from imu_gesture.workflow import uploading
from imu_gesture.workflow.boards import virtual_device
from imu_gesture.workflow.deploying import ARENA_MARGIN_BYTES, DeployOptions, deploy_run
from imu_gesture.workspace import Workspace
from tests.live.small_model import small_model

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
MANIFEST, TFLITE = read_run(demonstration.FOLDER)
FAKE = """#!/bin/sh
echo "$1" >> {folder}/called
case "$1" in
compile) cat {output};;
upload) touch {folder}/uploading; while [ -e {folder}/uploading ]; do sleep 0.02; done;;
esac
"""


@contextmanager
def bench(folder: Path, after: Callable[[], VirtualDevice | None]) -> Iterator[Path]:
    """A board at a port; each upload replaces it by the next one, or by none."""
    output = Path(__file__).parents[1] / "deploy" / "tool_output" / "compile_ok.txt"
    program = folder / "arduino-cli"
    program.write_text(FAKE.format(folder=folder, output=output))
    program.chmod(0o755)
    path, ending = folder / "ttyACM0", threading.Event()
    ports = [VirtualPort(virtual_device(0, small_model()), path)]
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


def as_it_should(seed: int = 0) -> VirtualDevice:
    device = virtual_device(seed, (MANIFEST, TFLITE))
    device.core.use_arena(3300)
    return device


def test_the_board_that_comes_back_is_checked(tmp_path: Path) -> None:
    lines: list[str] = []
    with bench(tmp_path, as_it_should) as port:
        done = deploy_run(workspace(tmp_path), options(tmp_path), lines.append)
    assert done.port == str(port)
    assert done.size is not None
    assert done.size.flash_bytes == 312416
    assert "waiting for the board to come back" in lines
    assert (tmp_path / "called").read_text().split() == ["compile", "upload"]


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


def test_to_a_port_that_is_not_there_nothing_is_uploaded(tmp_path: Path) -> None:
    wanted = options(tmp_path, port=str(tmp_path / "ttyACM9"))
    with bench(tmp_path, as_it_should), pytest.raises(PortError, match="ttyACM9") as caught:
        deploy_run(workspace(tmp_path), wanted, lambda _: None)
    assert caught.value.kind == "missing"
    assert (tmp_path / "called").read_text().split() == ["compile"]


@pytest.mark.parametrize(
    ("port", "compiles", "measure", "words"),
    [("ttyACM0", False, False, "leave out --no-compile"), (None, False, True, "needs the board")],
)
def test_options_that_exclude_each_other_are_told(
    port: str | None, compiles: bool, measure: bool, words: str, tmp_path: Path
) -> None:
    wanted = DeployOptions(port=port, compiles=compiles, measure=measure)
    with pytest.raises(InputError, match=words):
        deploy_run(workspace(tmp_path), wanted, lambda _: None)


def test_the_arena_is_built_again_as_the_board_has_measured_it(tmp_path: Path) -> None:
    place = workspace(tmp_path)
    with bench(tmp_path, as_it_should):
        done = deploy_run(place, options(tmp_path, measure=True), lambda _: None)
    wanted = -(-(3300 + ARENA_MARGIN_BYTES) // 16) * 16
    assert done.manifest.arena.arena_bytes == wanted
    kept, _ = read_run(place.run(None))
    assert (kept.arena.used_bytes, kept.arena.arena_bytes) == (3300, wanted)
    assert kept.arena.runtime.startswith("nano33ble-rev1, firmware ")
    header = (done.sketch / "src" / "model" / "model_manifest.h").read_text()
    assert f"kModelArenaBytes = {wanted};" in header
    assert (tmp_path / "called").read_text().split() == ["compile", "upload"] * 2


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
