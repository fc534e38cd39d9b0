"""`imu-gesture deploy`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from imu_gesture.cli.options import json_option, workspace_option

if TYPE_CHECKING:
    from imu_gesture.deploy.manifest import ModelManifest


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
@json_option
def deploy(
    workspace: Path,
    run_name: str | None,
    model_file: Path | None,
    output: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Write a complete Arduino sketch with the model in it.

    The model is checked first: what the board's library would compute wrongly is refused.
    """
    from imu_gesture.deploy.sketch import SKETCH_NAME, write_sketch
    from imu_gesture.workflow.models import load_model, uses_demonstration
    from imu_gesture.workspace import Workspace

    work = Workspace(workspace)
    manifest, tflite = load_model(work, run_name, model_file)
    target = output or workspace / SKETCH_NAME
    write_sketch(target, manifest, tflite, force)
    if as_json:
        click.echo(json.dumps(_as_json(target, manifest)))
    else:
        click.echo(_as_text(target, manifest, uses_demonstration(work, run_name)))


def _as_json(target: Path, manifest: ModelManifest) -> dict[str, object]:
    return {
        "sketch": str(target),
        "model_id": manifest.model_id,
        "operators": list(manifest.operators),
        "arena_bytes": manifest.arena.arena_bytes,
    }


def _as_text(target: Path, manifest: ModelManifest, is_demonstration: bool) -> str:
    from imu_gesture.deploy.sketch import upload_commands

    lines = [
        f"sketch with model {manifest.model_id} ({', '.join(manifest.label_names)}) in {target}",
        "compile and upload it with the Arduino IDE, or with arduino-cli:",
        *(f"  {command}" for command in upload_commands(target)),
    ]
    if is_demonstration:
        lines += [
            "no model was trained here yet, so this is the demonstration model",
            "then: imu-gesture record --port PORT",
        ]
    else:
        lines += ["then: imu-gesture live --port PORT"]
    return "\n".join(lines)
