"""Proof that the host's batch path and the firmware's streaming path compute the same bytes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from imu_gesture import _core
from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.inference.classifier import Classifier, Int8Array
from imu_gesture.samples import Samples
from imu_gesture.simulation.board import Inference


def batch_inputs(samples: Samples, manifest: ModelManifest) -> Int8Array:
    """(n, samples, channels) int8: the input of every window, computed as training computes it."""
    params = manifest.firmware_params()
    rows, _, run, _ = _core.condition(
        params.conditioner, samples.device_time_us, samples.acc_g, samples.gyr_or_zero_dps
    )
    size = manifest.window.samples
    windows = [
        stretch[start : start + size]
        for stretch in np.split(rows, np.flatnonzero(np.diff(run)) + 1)
        for start in _core.due_windows(params.window, manifest.window.period_us, stretch)
    ]
    stacked = np.array(windows, np.float32).reshape(-1, size, manifest.window.channels)
    seen = _core.front_end(params.front_end, manifest.window.period_us, stacked)
    return _core.quantise(params.input, _core.features(params.features, seen))


def differing_bytes(
    samples: Samples,
    manifest: ModelManifest,
    classifier: Classifier,
    inferences: Sequence[Inference],
) -> int:
    """Bytes in which the firmware's inputs and scores differ from the batch path's.

    A window that only one side has counts whole.
    """
    inputs = batch_inputs(samples, manifest)
    scores = classifier.scores(inputs)
    firmware_inputs = np.array([inference.input for inference in inferences], np.int8)
    firmware_scores = np.array([inference.scores for inference in inferences], np.int8)
    return _difference(inputs, firmware_inputs) + _difference(scores, firmware_scores)


def _difference(left: Int8Array, right: Int8Array) -> int:
    shared = min(len(left), len(right))
    unmatched = left[shared:].size + right[shared:].size
    return int(np.sum(left[:shared] != right[:shared])) + unmatched if shared else unmatched
