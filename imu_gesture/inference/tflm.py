"""TensorFlow Lite Micro, the code that runs on the board, through its own Python wheel."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np
from tflite_micro.python.tflite_micro import runtime

from imu_gesture.errors import ModelError
from imu_gesture.inference.classifier import Int8Array, as_batch, input_and_classes

_ARENA_BYTES = 1 << 20  # ample; `arena.py` measures what is needed


class TflmClassifier:
    """Reference kernels; bit-identical to the board's where `deploy` accepts the model."""

    exact = True

    def __init__(self, model: bytes) -> None:
        self.name = f"tflite-micro {version('tflite-micro')}"
        self._shape, self._classes = input_and_classes(model)
        try:
            self._interpreter = runtime.Interpreter.from_bytes(model, arena_size=_ARENA_BYTES)
        except RuntimeError as error:
            raise ModelError(f"TensorFlow Lite Micro cannot run this model ({error})") from error

    def scores(self, windows: Int8Array) -> Int8Array:
        """(n, samples, channels) int8 -> (n, classes) int8."""
        scores = np.empty((len(windows), self._classes), np.int8)
        for row, window in zip(scores, as_batch(windows, self._shape), strict=True):
            self._interpreter.set_input(window, 0)
            self._interpreter.invoke()
            row[:] = self._interpreter.get_output(0)[0]
        return scores
