"""What a .tflite file contains: operators, tensors, scales. Read without TensorFlow."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache
from typing import Any

from imu_gesture.errors import ModelError

IDENTIFIER = b"TFL3"  # of the TensorFlow Lite schema, at byte 4


@dataclass(frozen=True)
class Tensor:
    """One tensor; `shape_is_fixed` is False where a dimension is only known at run time."""

    name: str
    shape: tuple[int, ...]
    shape_is_fixed: bool
    dtype: str
    scales: tuple[float, ...]
    zero_points: tuple[int, ...]
    constant: bool


@dataclass(frozen=True)
class Sliding:
    """How a filter moves over an input: each (rows, columns), in cells."""

    filter: tuple[int, int]
    stride: tuple[int, int]
    dilation: tuple[int, int]
    same_padding: bool


@dataclass(frozen=True)
class Operator:
    """One step of the model, in order of execution; `sliding` of convolutions and pooling only."""

    index: int
    name: str
    version: int
    custom: bool
    inputs: tuple[Tensor | None, ...]
    outputs: tuple[Tensor, ...]
    sliding: Sliding | None


@dataclass(frozen=True)
class ModelFacts:
    """A whole model with one subgraph."""

    schema_version: int
    subgraphs: int
    operators: tuple[Operator, ...]
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]

    @property
    def operator_names(self) -> tuple[str, ...]:
        """The kinds of operators used, each once, sorted."""
        return tuple(sorted({operator.name for operator in self.operators}))


def read_facts(model: bytes) -> ModelFacts:
    """Parse a model.

    Raises:
        ModelError: the bytes are not a TensorFlow Lite model.
    """
    if model[4:8] != IDENTIFIER:
        raise ModelError("not a TensorFlow Lite file (its identifier TFL3 is missing)")
    try:
        return _facts(schema().ModelT.InitFromPackedBuf(model, 0))
    except (struct.error, IndexError, TypeError, AttributeError, ValueError) as error:
        raise ModelError(f"damaged TensorFlow Lite file ({error})") from error


@cache
def schema() -> Any:
    """The generated classes of the format, of whichever runtime is installed."""
    try:
        from tflite_micro.tensorflow.lite.micro.python import schema_py_generated as generated
    except ImportError:
        try:
            from ai_edge_litert import schema_py_generated as generated
        except ImportError as error:
            raise ModelError(
                "neither tflite-micro nor ai-edge-litert is installed; "
                "install one with `pip install ai-edge-litert`"
            ) from error
    return generated


def _facts(model: Any) -> ModelFacts:
    graph = model.subgraphs[0]
    tensors = [_tensor(tensor, model) for tensor in graph.tensors]
    return ModelFacts(
        schema_version=model.version,
        subgraphs=len(model.subgraphs),
        operators=tuple(
            _operator(index, operator, model, tensors)
            for index, operator in enumerate(graph.operators)
        ),
        inputs=tuple(tensors[i] for i in graph.inputs),
        outputs=tuple(tensors[i] for i in graph.outputs),
    )


@cache
def _names(enum: str) -> dict[int, str]:
    kinds = vars(getattr(schema(), enum))
    return {value: name for name, value in kinds.items() if isinstance(value, int)}


def _operator(index: int, operator: Any, model: Any, tensors: list[Tensor]) -> Operator:
    code = model.operatorCodes[operator.opcodeIndex]
    builtin = max(code.builtinCode, code.deprecatedBuiltinCode)
    inputs = tuple(tensors[i] if i >= 0 else None for i in _each(operator.inputs))
    return Operator(
        index=index,
        name=_names("BuiltinOperator").get(builtin, f"operator {builtin}"),
        version=code.version,
        custom=code.customCode is not None,
        inputs=inputs,
        outputs=tuple(tensors[i] for i in _each(operator.outputs)),
        sliding=_sliding(operator.builtinOptions, inputs),
    )


def _sliding(options: Any, inputs: tuple[Tensor | None, ...]) -> Sliding | None:
    """A convolution's filter has the shape of its weights; pooling tells it among its options."""
    if not hasattr(options, "strideH"):
        return None
    weights = inputs[1] if len(inputs) > 1 else None
    rows, columns = weights.shape[1:3] if weights else (options.filterHeight, options.filterWidth)
    return Sliding(
        filter=(rows, columns),
        stride=(options.strideH, options.strideW),
        dilation=(getattr(options, "dilationHFactor", 1), getattr(options, "dilationWFactor", 1)),
        same_padding=options.padding == schema().Padding.SAME,
    )


def _each(vector: Any) -> Any:
    """A flatbuffer may leave an empty vector out."""
    return () if vector is None else vector


def _tensor(tensor: Any, model: Any) -> Tensor:
    quantisation = tensor.quantization
    signature = tensor.shapeSignature
    data = model.buffers[tensor.buffer].data
    return Tensor(
        name=tensor.name.decode() if tensor.name else "",
        shape=tuple(int(size) for size in _each(tensor.shape)),
        shape_is_fixed=signature is None or all(size >= 0 for size in signature),
        dtype=_names("TensorType").get(tensor.type, f"type {tensor.type}"),
        scales=tuple(float(scale) for scale in _each(quantisation and quantisation.scale)),
        zero_points=tuple(int(zero) for zero in _each(quantisation and quantisation.zeroPoint)),
        constant=data is not None and len(data) > 0,
    )
