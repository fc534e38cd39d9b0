"""`imu-gesture deploy`."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from imu_gesture.cli.keys import ending_on_termination
from imu_gesture.cli.options import json_option, workspace_option
from imu_gesture.deploy.sensor_settings import ACC_RANGES_G, GYR_RANGES_DPS, RATES_HZ

if TYPE_CHECKING:
    from imu_gesture.workflow.deploying import Deployed


@click.command()
@workspace_option
@click.option(
    "--run",
    "run_name",
    help="Which training run.  [default: the newest; the demonstration model if there is none]",
)
@click.option(
    "--model",
    "model_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A .tflite from elsewhere, in the place of the run's own.",
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Sketch folder to write.  [default: firmware_sketch in the workspace]",
)
@click.option("--force", is_flag=True, help="Replace sources in it that were changed by hand.")
@click.option("--upload", is_flag=True, help="Upload to the only board there is, and check it.")
@click.option("--port", help="Upload to the board at this port, and check what comes back.")
@click.option(
    "--measure",
    is_flag=True,
    help="And build again with the tensor arena that the board has reported.",
)
@click.option(
    "--compile/--no-compile",
    "compiles",
    default=None,
    help="Compile the sketch.  [default: where arduino-cli is installed]",
)
@click.option("--arduino-cli", "arduino_cli", help="The program.  [default: the one on PATH]")
@click.option(
    "--rate",
    "rate_hz",
    type=click.Choice(RATES_HZ),
    help="Samples a second of the inertial sensors; a Rev2 takes 100, 200, 400 or 800.",
)
@click.option(
    "--acc-range", "acc_range_g", type=click.Choice(ACC_RANGES_G), help="Of the accelerometer, g."
)
@click.option(
    "--gyr-range",
    "gyr_range_dps",
    type=click.Choice(GYR_RANGES_DPS),
    help="Of the gyroscope, deg/s.  [default: of all three, what the sketch has; 119, 4, 2000]",
)
@click.option("--platformio", is_flag=True, help="Make it a PlatformIO project, too.")
@json_option
def deploy(workspace: Path, as_json: bool, **said: Any) -> None:
    """Write a complete Arduino sketch with the model in it; compile it; upload it where asked.

    The model is checked first: what the board's library would compute wrongly is refused. Without
    arduino-cli the sketch is written, and the commands are told.
    """
    from imu_gesture.workflow.deploying import DeployOptions, deploy_run
    from imu_gesture.workspace import Workspace

    tell = (lambda _: None) if as_json else partial(click.echo, err=True)
    with ending_on_termination():
        done = deploy_run(Workspace(workspace), DeployOptions(**said), tell)
    click.echo(json.dumps(_as_json(done)) if as_json else _as_text(done))


def _as_json(done: Deployed) -> dict[str, object]:
    return {
        "sketch": str(done.sketch),
        "model_id": done.manifest.model_id,
        "operators": list(done.manifest.operators),
        "arena_bytes": done.manifest.arena.arena_bytes,
        "port": done.port,
        "sensors": asdict(done.sensors),
        "warnings": done.warnings,
        "report": done.report.as_json(),
    }


def _as_text(done: Deployed) -> str:
    from imu_gesture.deploy.sketch import upload_commands

    manifest = done.manifest
    labels = ", ".join(manifest.label_names)
    lines = [
        f"sketch with model {manifest.model_id} ({labels}) in {done.sketch}",
        f"model {manifest.model_bytes} bytes, tensor arena {manifest.arena.arena_bytes} bytes",
        f"sensors at {done.sensors}",
        done.report.as_text(),
    ]
    lines += [f"warning: {warning}" for warning in done.warnings]
    if done.port:
        lines.append(f"{done.port}: the board runs it")
    elif done.size:
        lines.append("upload it: imu-gesture deploy --upload")
    else:
        lines.append("compile and upload it with the Arduino IDE, or with arduino-cli:")
        lines += [f"  {command}" for command in upload_commands(done.sketch)]
    if done.is_demonstration:
        lines += [
            "no model was trained here yet, so this is the demonstration model",
            "then: imu-gesture record --port PORT",
        ]
    else:
        lines += ["then: imu-gesture live --port PORT"]
    return "\n".join(lines)
