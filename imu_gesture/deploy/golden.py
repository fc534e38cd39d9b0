"""What a sketch tests its own model with: its checksum, and windows with known scores."""

from __future__ import annotations

import zlib

from imu_gesture import _core
from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.deploy.package import golden_windows
from imu_gesture.inference.classifier import Int8Array, open_classifier


def known_scores(manifest: ModelManifest, tflite: bytes) -> tuple[Int8Array, Int8Array]:
    """Inputs (n, samples, channels) and the scores (n, classes) that a board must find for them.

    None where the runtime here may be a step off: a board that is right would call itself wrong.
    """
    inputs, scores = golden_windows(manifest, tflite)
    count = len(inputs) if open_classifier(tflite).exact else 0
    return inputs[:count], scores[:count]


def model_proof(manifest: ModelManifest, tflite: bytes) -> _core.ModelProof:
    """For a virtual board, what `golden_windows.h` is for the sketch."""
    return _core.ModelProof(tflite, zlib.crc32(tflite), *known_scores(manifest, tflite))
