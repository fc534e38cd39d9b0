"""LiteRT, for systems without a TensorFlow Lite Micro wheel. Its scores may differ by 1 of 256."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from imu_gesture.errors import ModelError
from imu_gesture.inference.classifier import Int8Array, as_batch, input_and_outputs


class LiteRtClassifier:
    """Reference kernels without a delegate: XNNPACK would differ from the board by up to 3."""

    exact = False

    def __init__(self, model: bytes) -> None:
        self.name = f"ai-edge-litert {version('ai-edge-litert')}"
        self._shape, self._sizes = input_and_outputs(model)
        try:
            self._interpreter = Interpreter(
                model_content=model,
                experimental_op_resolver_type=OpResolverType.BUILTIN_REF,
                num_threads=1,
            )
            self._interpreter.allocate_tensors()
        except (RuntimeError, ValueError) as error:
            raise ModelError(f"LiteRT cannot run this model ({error})") from error
        self._input_index = self._interpreter.get_input_details()[0]["index"]
        self._outputs = [one["index"] for one in self._interpreter.get_output_details()]

    def scores(self, windows: Int8Array) -> Int8Array:
        """(n, samples, channels) int8 -> (n, outputs) int8: scores, then logits."""
        scores = np.empty((len(windows), sum(self._sizes)), np.int8)
        for row, window in zip(scores, as_batch(windows, self._shape), strict=True):
            self._interpreter.set_tensor(self._input_index, window)
            self._interpreter.invoke()
            np.concatenate([self._interpreter.get_tensor(i)[0] for i in self._outputs], out=row)
        return scores
