"""A trained model as one piece that a board takes over a link; see `model_package.h`."""

from __future__ import annotations

from imu_gesture import _core
from imu_gesture.deploy.golden import known_scores
from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.errors import ModelError


def model_package(manifest: ModelManifest, tflite: bytes) -> bytes:
    """Everything that a board must know of a model.

    Golden windows are in it where the runtime here gives the board's scores byte for byte: one
    that is a step off would have the board refuse the model.

    Raises:
        ModelError: it is larger than the place that a board has for it.
    """
    inputs, scores = known_scores(manifest, tflite)
    package = _core.model_package(
        manifest.firmware_params(),
        list(manifest.label_names),
        bytes.fromhex(manifest.model_id).rjust(8, b"\0"),
        manifest.arena.arena_bytes,
        inputs,
        scores,
        tflite,
    )
    if len(package) > _core.MODEL_ROOM:
        raise ModelError(
            f"the model with what belongs to it has {len(package)} bytes, a board has room for "
            f"{_core.MODEL_ROOM}; train a smaller one, or build it into the sketch with "
            "`imu-gesture deploy`"
        )
    return package
