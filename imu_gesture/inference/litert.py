"""LiteRT, for systems without a TensorFlow Lite Micro wheel. Its scores may differ by 1 of 256."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from imu_gesture.errors import ModelError
from imu_gesture.inference.classifier import Int8Array, as_batch


class LiteRtClassifier:
    """Reference kernels without a delegate: XNNPACK would differ from the board by up to 3."""

    exact = False

    def __init__(self, model: bytes) -> None:
        self.name = f"ai-edge-litert {version('ai-edge-litert')}"
        try:
            self._interpreter = Interpreter(
                model_content=model,
                experimental_op_resolver_type=OpResolverType.BUILTIN_REF,
                num_threads=1,
            )
            self._interpreter.allocate_tensors()
        except (RuntimeError, ValueError) as error:
            raise ModelError(f"LiteRT cannot run this model ({error})") from error
        self._input = self._interpreter.get_input_details()[0]
        self._output = self._interpreter.get_output_details()[0]

    def scores(self, windows: Int8Array) -> Int8Array:
        """(n, samples, channels) int8 -> (n, classes) int8."""
        outputs = []
        for window in as_batch(windows, tuple(self._input["shape"].tolist())):
            self._interpreter.set_tensor(self._input["index"], window)
            self._interpreter.invoke()
            outputs.append(self._interpreter.get_tensor(self._output["index"])[0])
        return np.array(outputs, np.int8).reshape(len(windows), -1)
