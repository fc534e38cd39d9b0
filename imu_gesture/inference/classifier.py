"""The seam between windows and scores."""

from __future__ import annotations

from math import prod
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from imu_gesture.errors import ModelError
from imu_gesture.inference.flatbuffer import read_facts

Int8Array = NDArray[np.int8]


class Classifier(Protocol):
    """An int8 model ready to run: it gives a score for each class, some then a logit for each.

    `exact` tells whether its scores are, byte for byte, those of TensorFlow Lite Micro.
    """

    name: str
    exact: bool

    def scores(self, windows: Int8Array) -> Int8Array:
        """(n, samples, channels) int8 -> (n, outputs) int8: scores, then any logits."""
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


def input_and_outputs(model: bytes) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The shape that a model wants its input in, and how many values each of its outputs has.

    Raises:
        ModelError: not a model with one int8 input and int8 outputs: scores, and perhaps logits.
    """
    facts = read_facts(model)
    tensors = (*facts.inputs, *facts.outputs)
    found = [tensor.dtype for tensor in tensors]
    if len(facts.inputs) != 1 or found not in (["INT8"] * 2, ["INT8"] * 3):
        raise ModelError(
            f"one int8 input and one int8 output are wanted, the model has {', '.join(found)}; "
            "convert with inference_input_type and inference_output_type tf.int8"
        )
    return facts.inputs[0].shape, tuple(prod(tensor.shape) for tensor in facts.outputs)


def as_batch(windows: Int8Array, shape: tuple[int, ...]) -> Int8Array:
    """Windows (n, samples, channels) in the model's own input shape, one leading axis more."""
    if windows.shape[1:] != tuple(size for size in shape if size != 1):
        raise ModelError(
            f"windows of shape {windows.shape[1:]} do not fit the model's input {shape}"
        )
    return windows.reshape(len(windows), *shape)
