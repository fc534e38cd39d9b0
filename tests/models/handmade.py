"""Int8 models written operator by operator: no TensorFlow is needed, and every fact is known."""

from __future__ import annotations

from typing import Any

import flatbuffers  # type: ignore[import-untyped]
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from numpy.typing import NDArray

SAMPLES, CHANNELS, CLASSES, FILTERS = 16, 6, 3, 4
ROWS = SAMPLES // 2
INPUT_SCALE, INPUT_ZERO = 0.03125, 5
KERNEL_SCALES = tuple(0.01 * (1 + i) for i in range(FILTERS))


def model(seed: int = 0) -> Any:
    """CONV_2D along time, FULLY_CONNECTED, SOFTMAX: a `ModelT` to change before it is packed."""
    rng = np.random.default_rng(seed)
    graph = _Graph()
    features = graph.tensor("features", (1, SAMPLES, 1, CHANNELS), [INPUT_SCALE], INPUT_ZERO)
    kernel = rng.integers(-127, 128, (FILTERS, 3, 1, CHANNELS)).astype(np.int8)
    kernels = graph.tensor("kernels", kernel.shape, list(KERNEL_SCALES), data=kernel)
    bias = graph.tensor(
        "bias",
        (FILTERS,),
        [INPUT_SCALE * scale for scale in KERNEL_SCALES],
        data=rng.integers(-500, 500, FILTERS).astype(np.int32),
    )
    rows = graph.tensor("conv/relu;conv/convolution", (1, ROWS, 1, FILTERS), [0.05], -128)
    graph.operator("CONV_2D", 3, [features, kernels, bias], [rows], _convolution())
    weight = rng.integers(-127, 128, (CLASSES, ROWS * FILTERS)).astype(np.int8)
    weights = graph.tensor("weights", weight.shape, [0.004], data=weight)
    logits = graph.tensor("scores", (1, CLASSES), [0.06], 3)
    graph.operator(
        "FULLY_CONNECTED", 4, [rows, weights, -1], [logits], schema.FullyConnectedOptionsT()
    )
    out = graph.tensor("probabilities", (1, CLASSES), [1 / 256], -128)
    graph.operator("SOFTMAX", 2, [logits], [out], _softmax())
    return graph.finish([features], [out])


def packed(changed: Any) -> bytes:
    builder = flatbuffers.Builder()
    builder.Finish(changed.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def tflite(seed: int = 0) -> bytes:
    return packed(model(seed))


def tensor(changed: Any, name: str) -> Any:
    """The tensor of that name, to be changed."""
    return next(t for t in changed.subgraphs[0].tensors if t.name == name)


def _convolution() -> Any:
    options = schema.Conv2DOptionsT()
    options.padding = schema.Padding.SAME
    options.strideH, options.strideW = 2, 1
    options.fusedActivationFunction = schema.ActivationFunctionType.RELU
    return options


def _softmax() -> Any:
    options = schema.SoftmaxOptionsT()
    options.beta = 1.0
    return options


class _Graph:
    """Tensors, buffers and operators in the order they are named."""

    def __init__(self) -> None:
        self._model = schema.ModelT()
        self._model.version = 3
        self._model.buffers = [schema.BufferT()]  # the first stands for "no data"
        self._model.operatorCodes = []
        self._graph = schema.SubGraphT()
        self._graph.tensors, self._graph.operators = [], []

    def tensor(
        self,
        name: str,
        shape: tuple[int, ...],
        scales: list[float],
        zero_point: int = 0,
        data: NDArray[np.generic] | None = None,
    ) -> int:
        made = schema.TensorT()
        made.name, made.shape = name, list(shape)
        int32 = data is not None and data.dtype == np.int32
        made.type = schema.TensorType.INT32 if int32 else schema.TensorType.INT8
        made.quantization = schema.QuantizationParametersT()
        made.quantization.scale = scales
        made.quantization.zeroPoint = [zero_point] * len(scales)
        if data is not None:
            made.buffer = len(self._model.buffers)
            buffer = schema.BufferT()
            buffer.data = np.frombuffer(data.tobytes(), np.uint8)
            self._model.buffers.append(buffer)
        self._graph.tensors.append(made)
        return len(self._graph.tensors) - 1

    def operator(
        self, name: str, version: int, inputs: list[int], outputs: list[int], options: Any
    ) -> None:
        code = schema.OperatorCodeT()
        code.builtinCode = code.deprecatedBuiltinCode = getattr(schema.BuiltinOperator, name)
        code.version = version
        step = schema.OperatorT()
        step.opcodeIndex = len(self._model.operatorCodes)
        step.inputs, step.outputs = inputs, outputs
        kind = type(options).__name__.removesuffix("T")
        step.builtinOptionsType = getattr(schema.BuiltinOptions, kind)
        step.builtinOptions = options
        self._model.operatorCodes.append(code)
        self._graph.operators.append(step)

    def finish(self, inputs: list[int], outputs: list[int]) -> Any:
        self._graph.inputs, self._graph.outputs = inputs, outputs
        self._model.subgraphs = [self._graph]
        return self._model
