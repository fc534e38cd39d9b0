"""From a run to a sketch, to a program, to a board that runs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from imu_gesture.deploy.cost.report import BuildReport, build_report
from imu_gesture.deploy.manifest import ArenaEntry, ModelManifest, write_run
from imu_gesture.deploy.sketch import SKETCH_NAME, sketch_sources, write_sketch
from imu_gesture.deploy.toolchain import platformio
from imu_gesture.deploy.toolchain.arduino_cli import ArduinoCli, find_arduino_cli
from imu_gesture.deploy.toolchain.output import BuildSize
from imu_gesture.errors import DeploymentError, InputError
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.link import HealthReported
from imu_gesture.link.serial_port import SerialPort
from imu_gesture.workflow.models import load_model, run_folder, uses_demonstration
from imu_gesture.workflow.uploading import upload
from imu_gesture.workspace import Workspace

ARENA_MARGIN_BYTES = 256
_ALIGNMENT = 16

Tell = Callable[[str], None]


@dataclass(frozen=True)
class DeployOptions:
    """What `imu-gesture deploy` is asked; see its help."""

    run_name: str | None = None
    model_file: Path | None = None
    output: Path | None = None
    force: bool = False
    port: str | None = None
    measure: bool = False
    compiles: bool | None = None
    arduino_cli: str | None = None
    platformio: bool = False


@dataclass(frozen=True)
class Deployed:
    """What came of it.

    Attributes:
        size: of the program; None where it was not compiled.
        port: at which the board runs it; empty where it was not uploaded.
        report: its size and speed.
    """

    sketch: Path
    manifest: ModelManifest
    is_demonstration: bool
    size: BuildSize | None
    port: str
    report: BuildReport


def deploy_run(workspace: Workspace, options: DeployOptions, tell: Tell) -> Deployed:
    """Write the sketch; compile and upload it as far as is asked and there are tools.

    Raises:
        ModelError, DeploymentError, InputError, LinkError: and says what to do.
    """
    manifest, tflite = load_model(workspace, options.run_name, options.model_file)
    sketch = options.output or workspace.root / SKETCH_NAME
    write_sketch(sketch, manifest, tflite, options.force)
    if options.platformio:
        _as_platformio(sketch, workspace, options, tell)
    tool = _tool(workspace, options, tell)
    size = tool.compile(sketch) if tool else None
    port = ""
    if options.port and tool:
        port = upload(tool, sketch, manifest, options.port, tell)
        if options.measure:
            manifest = measured(manifest, port)
            write_sketch(sketch, manifest, tflite, options.force)
            size = tool.compile(sketch)
            port = upload(tool, sketch, manifest, port, tell)
            _keep(workspace, options, manifest, tflite)
    demonstration = uses_demonstration(workspace, options.run_name)
    report = build_report(manifest, tflite, size)
    return Deployed(sketch, manifest, demonstration, size, port, report)


def measured(manifest: ModelManifest, port: str) -> ModelManifest:
    """The manifest with the arena that the board at a port reports to need, and a margin.

    Raises:
        DeploymentError: it does not report one.
    """
    with BoardLink(SerialPort(port)) as link:
        board = f"{link.info.board}, firmware {link.info.firmware}"
        for event in link.events():
            if isinstance(event, HealthReported):
                used = event.health.arena_used_bytes
                break
    if not used:
        raise DeploymentError(f"{port}: the board does not report how much arena it has used")
    wanted = -(-(used + ARENA_MARGIN_BYTES) // _ALIGNMENT) * _ALIGNMENT
    arena = ArenaEntry(arena_bytes=wanted, used_bytes=used, runtime=board)
    return manifest.model_copy(update={"arena": arena})


def _tool(workspace: Workspace, options: DeployOptions, tell: Tell) -> ArduinoCli | None:
    if options.measure and not options.port:
        raise InputError("--measure needs the board: --port PORT")
    if options.compiles is False and options.port:
        raise InputError("--port uploads what was compiled now; leave out --no-compile")
    if options.compiles is False:
        return None
    program = find_arduino_cli(options.arduino_cli)
    if program is None and (options.compiles or options.port):
        find_arduino_cli("arduino-cli")  # raises, with how to install it
    return ArduinoCli(program, workspace.root / "logs", tell) if program else None


def _as_platformio(sketch: Path, workspace: Workspace, options: DeployOptions, tell: Tell) -> None:
    pins = (sketch_sources() / "sketch.yaml").read_text(encoding="utf-8")
    (sketch / platformio.INI).write_text(platformio.platformio_ini(pins), encoding="utf-8")
    if options.compiles:
        platformio.build(sketch, workspace.root / "logs", tell)


def _keep(
    workspace: Workspace, options: DeployOptions, manifest: ModelManifest, tflite: bytes
) -> None:
    """A measured arena belongs to the run; the demonstration model's own stays as it is."""
    if not uses_demonstration(workspace, options.run_name) and options.model_file is None:
        write_run(run_folder(workspace, options.run_name), manifest, tflite)
