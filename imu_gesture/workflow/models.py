"""Which model a user's options mean."""

from __future__ import annotations

from pathlib import Path

from imu_gesture.deploy import demonstration
from imu_gesture.deploy.manifest import ModelManifest, read_run
from imu_gesture.deploy.measured import with_model
from imu_gesture.deploy.model_check import check_model
from imu_gesture.errors import InputError
from imu_gesture.inference.flatbuffer import read_facts
from imu_gesture.workspace import Workspace


def uses_demonstration(workspace: Workspace, run_name: str | None) -> bool:
    """Whether no run is named and there is none: then the demonstration model takes its place."""
    return run_name is None and not workspace.runs()


def run_folder(workspace: Workspace, run_name: str | None) -> Path:
    """The folder of the named run, the newest, or the demonstration model."""
    if uses_demonstration(workspace, run_name):
        return demonstration.FOLDER
    return workspace.run(run_name)


def load_model(
    workspace: Workspace, run_name: str | None, file: Path | None = None
) -> tuple[ModelManifest, bytes]:
    """Manifest and flatbuffer of a run; with `file`, that flatbuffer in the place of the run's.

    Raises:
        InputError: there is no such run or file.
        ModelError: the run is damaged, or the file's model cannot be trusted or does not fit.
    """
    if file is None:
        return read_run(run_folder(workspace, run_name))
    try:
        tflite = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from error
    check_model(read_facts(tflite))  # what is wrong with it matters before any run does
    manifest, _ = read_run(run_folder(workspace, run_name))
    return with_model(manifest, tflite, file.name), tflite
