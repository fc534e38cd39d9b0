"""The last dense layer of a model, taken off and put on: everything before it is an embedding.

Done in the flatbuffer itself, without TensorFlow. Models of our family end in FULLY_CONNECTED and
SOFTMAX, quantised as the TensorFlow Lite specification says: int8 weights with one scale and zero
point 0, int32 biases with the product of input and weight scale, int8 logits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imu_gesture.errors import ModelError
from imu_gesture.inference.flatbuffer import read_facts, schema
from imu_gesture.inference.flatbuffer_writing import packed, parsed, quantise, set_constant

_WEIGHT_LEVELS = 127
_LOGIT_LEVELS = 255
_BIAS_LEVELS = 2**31 - 1


@dataclass(frozen=True, eq=False)
class DenseHead:
    """logits = embedding @ weights.T + bias.

    Attributes:
        weights: (classes, size).
        bias: (classes,).
        logit_range: least and greatest logit that must fit into the int8 output.
    """

    weights: NDArray[np.float64]
    bias: NDArray[np.float64]
    logit_range: tuple[float, float]


@dataclass(frozen=True)
class EmbeddingOutput:
    """What a model hands its dense layer: real = scale * (q - zero_point), `size` values."""

    size: int
    scale: float
    zero_point: int


def embedding_output(tflite: bytes) -> EmbeddingOutput:
    """Of the model as a whole, or of one that was cut.

    Raises:
        ModelError: it does not end in a dense layer and a softmax.
    """
    operators = read_facts(tflite).operators
    names = [operator.name for operator in operators[-2:]]
    tensor = operators[-2].inputs[0] if names == ["FULLY_CONNECTED", "SOFTMAX"] else None
    if tensor is None or tensor.dtype != "INT8" or len(tensor.scales) != 1:
        raise ModelError(
            f"the model ends in {' and '.join(names) or 'nothing'}; only an int8 model that ends "
            "in FULLY_CONNECTED and SOFTMAX can be taught new gestures"
        )
    return EmbeddingOutput(tensor.shape[-1], tensor.scales[0], tensor.zero_points[0])


def without_head(tflite: bytes) -> bytes:
    """The model up to what it hands its dense layer: (1, size) int8 is its output."""
    embedding_output(tflite)
    model = parsed(tflite)
    graph = model.subgraphs[0]
    graph.outputs = np.array([graph.operators[-2].inputs[0]], np.int32)
    graph.operators = graph.operators[:-2]
    model.signatureDefs = None
    return packed(model)


def with_logits(tflite: bytes) -> bytes:
    """The model with what it hands its softmax as a second output: (1, classes) int8.

    Raises:
        ModelError: it does not end in a dense layer and a softmax.
    """
    embedding_output(tflite)
    model = parsed(tflite)
    graph = model.subgraphs[0]
    softmax = graph.operators[-1]
    graph.outputs = np.array([softmax.outputs[0], softmax.inputs[0]], np.int32)
    model.signatureDefs = None
    return packed(model)


def logit_step(tflite: bytes) -> float | None:
    """What one level of the logits is worth that a model gives; None where it gives scores only."""
    outputs = read_facts(tflite).outputs
    return outputs[1].scales[0] if len(outputs) > 1 else None


def with_head(tflite: bytes, head: DenseHead) -> bytes:
    """The model with another dense layer, of any number of classes.

    Raises:
        ModelError: the head is of another size, or its numbers do not fit.
    """
    output = embedding_output(tflite)
    classes, size = head.weights.shape
    if size != output.size:
        raise ModelError(f"a head of {size} inputs does not fit an embedding of {output.size}")
    model = parsed(tflite)
    graph = model.subgraphs[0]
    dense, softmax = graph.operators[-2:]
    weights, bias = graph.tensors[dense.inputs[1]], _bias(graph, dense)
    logits, scores = graph.tensors[dense.outputs[0]], graph.tensors[softmax.outputs[0]]
    scale, quantised = _weights(head.weights)
    set_constant(model, weights, quantised, scale)
    set_constant(model, bias, _biases(head.bias, output.scale * scale), output.scale * scale)
    for tensor in (logits, scores):
        tensor.shape = np.array([1, classes], np.int32)
        tensor.shapeSignature = None
    logit_scale, zero_point = _logit_scale(head.logit_range)
    quantise(logits, logit_scale, zero_point)
    return packed(model)


def _bias(graph: Any, dense: Any) -> Any:
    """The layer's bias, which the converter leaves out where all of it is zero."""
    if len(dense.inputs) < 3 or dense.inputs[2] < 0:
        tensor = schema().TensorT()
        tensor.name, tensor.type, tensor.hasRank = b"head/bias", schema().TensorType.INT32, True
        graph.tensors.append(tensor)
        dense.inputs = np.array([*dense.inputs[:2], len(graph.tensors) - 1], np.int32)
    return graph.tensors[dense.inputs[2]]


def _weights(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.int8]]:
    scale = max(float(np.abs(weights).max()), 1e-9) / _WEIGHT_LEVELS
    return scale, np.rint(weights / scale).astype(np.int8)


def _biases(bias: NDArray[np.float64], scale: float) -> NDArray[np.int32]:
    levels = np.rint(bias / scale)
    if not np.all(np.abs(levels) <= _BIAS_LEVELS):
        raise ModelError(
            "the head's biases do not fit into 32 bits; the examples are all alike, or not numbers"
        )
    return levels.astype(np.int32)


def _logit_scale(logit_range: tuple[float, float]) -> tuple[float, int]:
    """Scale and zero point at which the range, and zero, fit into int8."""
    low, high = min(logit_range[0], 0.0), max(logit_range[1], 0.0)
    scale = max(high - low, 1e-6) / _LOGIT_LEVELS
    return scale, int(np.clip(np.rint(-128 - low / scale), -128, 127))
