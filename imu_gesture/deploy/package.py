"""A trained model as one piece that a board takes over a link; see `model_package.h`."""

from __future__ import annotations

import numpy as np

from imu_gesture import _core
from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.errors import ModelError
from imu_gesture.inference.classifier import Int8Array, open_classifier

GOLDEN_WINDOWS = 4
_SPREAD = 60.0  # of golden inputs, in quantisation steps: a third of the range


def golden_inputs(manifest: ModelManifest) -> Int8Array:
    """Model inputs (n, samples, channels) that a board checks a model with.

    They are walks, as movements are, and the same for the same model.
    """
    rng = np.random.default_rng(int(manifest.model_id, 16))
    window = manifest.window
    steps = rng.normal(size=(GOLDEN_WINDOWS, window.samples, window.channels))
    walks = np.cumsum(steps, axis=1)
    walks *= _SPREAD / walks.std(axis=(1, 2), keepdims=True)
    return np.clip(np.rint(walks + manifest.input.zero_point), -128, 127).astype(np.int8)


def model_package(manifest: ModelManifest, tflite: bytes) -> bytes:
    """Everything that a board must know of a model.

    Golden windows are in it where the runtime here gives the board's scores byte for byte: one
    that is a step off would have the board refuse the model.

    Raises:
        ModelError: it is larger than the place that a board has for it.
    """
    classifier = open_classifier(tflite)
    inputs = golden_inputs(manifest)[: GOLDEN_WINDOWS if classifier.exact else 0]
    package = _core.model_package(
        manifest.firmware_params(),
        list(manifest.label_names),
        bytes.fromhex(manifest.model_id).rjust(8, b"\0"),
        manifest.arena.arena_bytes,
        inputs,
        classifier.scores(inputs),
        tflite,
    )
    if len(package) > _core.MODEL_ROOM:
        raise ModelError(
            f"the model with what belongs to it has {len(package)} bytes, a board has room for "
            f"{_core.MODEL_ROOM}; train a smaller one, or build it into the sketch with "
            "`imu-gesture deploy`"
        )
    return package
