"""From a run to a sketch, to a program, to a board that runs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from imu_gesture.deploy.cost.report import BuildReport, build_report
from imu_gesture.deploy.manifest import ModelManifest, write_run
from imu_gesture.deploy.pins import sketch_pins
from imu_gesture.deploy.sensor_settings import SensorSettings, read_settings
from imu_gesture.deploy.sketch import SKETCH_NAME, write_sketch
from imu_gesture.deploy.toolchain import platformio
from imu_gesture.deploy.toolchain.arduino_cli import PROGRAM, ArduinoCli, find_arduino_cli
from imu_gesture.deploy.toolchain.size import BuildSize
from imu_gesture.device import DeviceInfo
from imu_gesture.errors import InputError
from imu_gesture.workflow.choosing import the_only_board
from imu_gesture.workflow.measuring import check_arena_at, measure_arena_at
from imu_gesture.workflow.models import load_model, run_folder, uses_demonstration
from imu_gesture.workflow.uploading import board_at, upload
from imu_gesture.workspace import Workspace

Tell = Callable[[str], None]


@dataclass(frozen=True)
class DeployOptions:
    """What `imu-gesture deploy` is asked; see its help."""

    run_name: str | None = None
    model_file: Path | None = None
    output: Path | None = None
    force: bool = False
    port: str | None = None
    upload: bool = False
    measure: bool = False
    compiles: bool | None = None
    arduino_cli: str | None = None
    platformio: bool = False
    rate_hz: int | None = None
    acc_range_g: int | None = None
    gyr_range_dps: int | None = None

    def sensors(self, sketch: Path) -> SensorSettings:
        """Those asked for; the others stay as they are in a sketch that is there."""
        return read_settings(sketch).but(self.rate_hz, self.acc_range_g, self.gyr_range_dps)


@dataclass(frozen=True)
class Deployed:
    """What came of it.

    Attributes:
        port: at which the board runs it; empty where it was not uploaded.
        report: size and speed of the program.
    """

    sketch: Path
    manifest: ModelManifest
    is_demonstration: bool
    port: str
    sensors: SensorSettings
    report: BuildReport

    @property
    def size(self) -> BuildSize | None:
        """Of the program; None where it was not compiled."""
        return self.report.size

    @property
    def warnings(self) -> list[str]:
        """What the sketch cannot do although it was built."""
        return [self.size.warning] if self.size and self.size.warning else []


def deploy_run(workspace: Workspace, options: DeployOptions, tell: Tell) -> Deployed:
    """Write the sketch; compile and upload it as far as is asked and there are tools.

    Raises:
        ModelError, DeploymentError, InputError, LinkError: and says what to do.
    """
    _check(options)
    manifest, tflite = load_model(workspace, options.run_name, options.model_file)
    tool = _tool(workspace, options, tell)
    port = options.port or (the_only_board() if options.upload else "")
    board = board_at(port) if port else DeviceInfo()
    library = sketch_pins().tensor_library
    sketch = options.output or workspace.root / SKETCH_NAME
    bench = _Bench(sketch, tflite, options, tool)
    sized = manifest.for_board(board.board, library)
    size = bench.build(sized)
    if options.platformio:
        _as_platformio(sketch, workspace, options, tell)
    if tool and port:
        board = upload(tool, sketch, sized, board, tell)
    if tool and port and options.measure:
        measured = measure_arena_at(board.source, library)
        manifest = manifest.with_measured(measured)
        sized = manifest.for_board(measured.board, library)
        size = bench.build(sized)
        board = upload(tool, sketch, sized, board, tell)
        check_arena_at(board.source, measured)
        _keep(workspace, options, manifest, tflite, tell)
    demonstration = uses_demonstration(workspace, options.run_name)
    sensors = read_settings(sketch)
    report = build_report(sized, tflite, size, sensors)
    return Deployed(sketch, sized, demonstration, board.source, sensors, report)


@dataclass(frozen=True)
class _Bench:
    """Where a sketch is written and, with a tool, compiled."""

    sketch: Path
    tflite: bytes
    options: DeployOptions
    tool: ArduinoCli | None

    def build(self, manifest: ModelManifest) -> BuildSize | None:
        settings = self.options.sensors(self.sketch)
        write_sketch(self.sketch, manifest, self.tflite, self.options.force, settings)
        return self.tool.compile(self.sketch) if self.tool else None


def _check(options: DeployOptions) -> None:
    """Raises InputError: options that exclude each other."""
    uploads = bool(options.port) or options.upload
    if options.measure and not uploads:
        raise InputError("--measure needs the board: --upload, or --port PORT")
    if options.compiles is False and uploads:
        raise InputError("what is uploaded is what was compiled now; leave out --no-compile")


def _tool(workspace: Workspace, options: DeployOptions, tell: Tell) -> ArduinoCli | None:
    """arduino-cli, where it is to be used and is there; it must be there where it is needed."""
    if options.compiles is False:
        return None
    program = find_arduino_cli(options.arduino_cli)
    uploads = bool(options.port) or options.upload
    if program is None and (uploads or (options.compiles and not options.platformio)):
        find_arduino_cli(PROGRAM)  # raises, with how to install it
    if program is None:
        return None
    tool = ArduinoCli(program, workspace.root / "logs", tell)
    tool.check_version()
    return tool


def _as_platformio(sketch: Path, workspace: Workspace, options: DeployOptions, tell: Tell) -> None:
    ini = platformio.platformio_ini(sketch_pins())
    (sketch / platformio.INI).write_text(ini, encoding="utf-8")
    if options.compiles:
        platformio.build(sketch, workspace.root / "logs", tell)


def _keep(
    workspace: Workspace,
    options: DeployOptions,
    manifest: ModelManifest,
    tflite: bytes,
    tell: Tell,
) -> None:
    """A measured arena belongs to the run; the demonstration model's own stays as it is."""
    if uses_demonstration(workspace, options.run_name) or options.model_file is not None:
        tell("the measured arena is in the sketch only: there is no run of this model to keep it")
        return
    write_run(run_folder(workspace, options.run_name), manifest, tflite)
