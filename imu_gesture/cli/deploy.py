"""`imu-gesture deploy`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from imu_gesture.cli.options import json_option, workspace_option


@click.command()
@workspace_option
@click.option("--run", "run_name", help="Which training run.  [default: the newest]")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Sketch folder to write.  [default: firmware_sketch in the workspace]",
)
@click.option("--force", is_flag=True, help="Replace sources in it that were changed by hand.")
@json_option
def deploy(
    workspace: Path, run_name: str | None, output: Path | None, force: bool, as_json: bool
) -> None:
    """Write a complete Arduino sketch with the model in it.

    The model is checked first: what the board's library would compute wrongly is refused.
    """
    from imu_gesture.deploy.manifest import read_run
    from imu_gesture.deploy.sketch import SKETCH_NAME, upload_commands, write_sketch
    from imu_gesture.workspace import Workspace

    folder = Workspace(workspace).run(run_name)
    manifest, tflite = read_run(folder)
    target = output or workspace / SKETCH_NAME
    write_sketch(target, manifest, tflite, force)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "sketch": str(target),
                    "run": str(folder),
                    "model_id": manifest.model_id,
                    "operators": list(manifest.operators),
                    "arena_bytes": manifest.arena.arena_bytes,
                }
            )
        )
        return
    click.echo(
        f"sketch with model {manifest.model_id} ({', '.join(manifest.label_names)}) in {target}"
    )
    click.echo("compile and upload it with the Arduino IDE, or with arduino-cli:")
    for command in upload_commands(target):
        click.echo(f"  {command}")
    click.echo("then: imu-gesture live --port PORT")
