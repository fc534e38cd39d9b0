"""Thresholds of the live window, written to the run when somebody asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from imu_gesture.deploy import demonstration
from imu_gesture.deploy.manifest import ModelManifest, read_run, write_run
from imu_gesture.errors import InputError


def keep_thresholds(run: Path, names: Sequence[str], levels: Sequence[int]) -> ModelManifest:
    """Give classes of a run, by name, these thresholds; the model stays as it is.

    Raises:
        InputError: it is the demonstration model, which comes with the program.
        ModelError: the run is damaged.
    """
    if run == demonstration.FOLDER:
        raise InputError("the demonstration model is not changed; train one of your own")
    manifest, tflite = read_run(run)
    wanted = dict(zip(names, levels, strict=True))
    labels = tuple(
        label.model_copy(update={"threshold": wanted.get(label.name, label.threshold)})
        for label in manifest.labels
    )
    manifest = manifest.model_copy(update={"labels": labels})
    write_run(run, manifest, tflite)
    return manifest
