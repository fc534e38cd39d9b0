"""What a sketch tests its own model with: its checksum, and windows with known scores."""

from __future__ import annotations

import zlib

import numpy as np

from imu_gesture import _core
from imu_gesture.deploy.manifest import ModelManifest
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


def known_scores(manifest: ModelManifest, tflite: bytes) -> tuple[Int8Array, Int8Array]:
    """Inputs (n, samples, channels) and the scores (n, outputs) that a board must find for them.

    None where the runtime here may be a step off: a board that is right would call itself wrong.
    """
    classifier = open_classifier(tflite)
    inputs = golden_inputs(manifest)
    inputs = inputs[: len(inputs) if classifier.exact else 0]
    return inputs, classifier.scores(inputs)


def model_proof(manifest: ModelManifest, tflite: bytes) -> _core.ModelProof:
    """For a virtual board, what `golden_windows.h` is for the sketch."""
    return _core.ModelProof(tflite, zlib.crc32(tflite), *known_scores(manifest, tflite))
