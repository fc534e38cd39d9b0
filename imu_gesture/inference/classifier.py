"""The seam between windows and scores."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from imu_gesture.errors import ModelError

Int8Array = NDArray[np.int8]


class Classifier(Protocol):
    """An int8 model ready to run.

    `exact` tells whether its scores are, byte for byte, those of TensorFlow Lite Micro.
    """

    name: str
    exact: bool

    def scores(self, windows: Int8Array) -> Int8Array:
        """(n, samples, channels) int8 -> (n, classes) int8."""
        ...


def open_classifier(model: bytes) -> Classifier:
    """The best runtime installed: TensorFlow Lite Micro, else LiteRT.

    Raises:
        ModelError: no runtime is installed, or it cannot run the model.
    """
    try:
        from imu_gesture.inference.tflm import TflmClassifier
    except ImportError:
        return _open_litert(model)
    return TflmClassifier(model)


def _open_litert(model: bytes) -> Classifier:
    try:
        from imu_gesture.inference.litert import LiteRtClassifier
    except ImportError as error:
        raise ModelError(
            "no runtime for int8 models is installed; install one with `pip install ai-edge-litert`"
        ) from error
    return LiteRtClassifier(model)


def as_batch(windows: Int8Array, shape: tuple[int, ...]) -> Int8Array:
    """Windows (n, samples, channels) in the model's own input shape, one leading axis more."""
    if windows.ndim != 3 or windows[:1].size not in (0, int(np.prod(shape))):
        raise ModelError(
            f"windows of shape {windows.shape[1:]} do not fit the model's input {shape}"
        )
    return windows.reshape(len(windows), *shape)
