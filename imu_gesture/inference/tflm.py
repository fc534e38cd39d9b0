"""TensorFlow Lite Micro, the code that runs on the board, through its own Python wheel."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np
from tflite_micro.python.tflite_micro import runtime

from imu_gesture.errors import ModelError
from imu_gesture.inference.classifier import Int8Array, as_batch, input_and_outputs

_ARENA_BYTES = 1 << 20  # ample; `arena.py` measures what is needed


class TflmClassifier:
    """Reference kernels; bit-identical to the board's where `deploy` accepts the model."""

    exact = True

    def __init__(self, model: bytes) -> None:
        self.name = f"tflite-micro {version('tflite-micro')}"
        self._shape, self._sizes = input_and_outputs(model)
        try:
            self._interpreter = runtime.Interpreter.from_bytes(model, arena_size=_ARENA_BYTES)
        except RuntimeError as error:
            raise ModelError(f"TensorFlow Lite Micro cannot run this model ({error})") from error

    def scores(self, windows: Int8Array) -> Int8Array:
        """(n, samples, channels) int8 -> (n, outputs) int8: scores, then logits."""
        every = range(len(self._sizes))
        scores = np.empty((len(windows), sum(self._sizes)), np.int8)
        for row, window in zip(scores, as_batch(windows, self._shape), strict=True):
            self._interpreter.set_input(window, 0)
            self._interpreter.invoke()
            np.concatenate([self._interpreter.get_output(i)[0] for i in every], out=row)
        return scores
