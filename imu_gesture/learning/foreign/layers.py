"""Each operator of ONNX that can be rebuilt, and by what. Imported in workers only."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from imu_gesture.errors import ModelError
from imu_gesture.learning.foreign import elements, planes
from imu_gesture.learning.foreign.builder import Builder
from imu_gesture.learning.foreign.onnx_graph import Array, Step
from imu_gesture.learning.foreign.values import Value


def _softmax(_: Builder, step: Step) -> Value:
    raise ModelError(f"{step}: only the last layer may be a softmax")


def _same(builder: Builder, step: Step) -> Value:
    return builder.value(step)


def _convolution(builder: Builder, step: Step) -> Value:
    return planes.convolution(
        step, builder.value(step), builder.graph.constants, builder.name(step)
    )


def _pooling(builder: Builder, step: Step) -> Value:
    return planes.pooling(step, builder.value(step), builder.name(step))


def _global_average(builder: Builder, step: Step) -> Value:
    value = builder.value(step)
    return planes.mean(step, value, list(range(2, value.index.ndim)), builder.name(step))


def _mean(builder: Builder, step: Step) -> Value:
    given = builder.constant(step, 1)
    axes = step.settings.get("axes", []) if given is None else given.tolist()
    return planes.mean(step, builder.value(step), list(axes), builder.name(step))


def _pad(builder: Builder, step: Step) -> Value:
    value, amounts = builder.value(step), builder.wanted(step, 1).tolist()
    filling = builder.constant(step, 2)
    if filling is not None and filling.any():
        raise ModelError(f"{step}: only zeros can be added on the board")
    axes = builder.constant(step, 3)
    if axes is not None:
        rank, half = value.index.ndim, len(amounts) // 2
        whole = [0] * (2 * rank)
        for place, axis in enumerate(axes.tolist()):
            whole[axis % rank], whole[rank + axis % rank] = amounts[place], amounts[half + place]
        amounts = whole
    return planes.pad(step, value, amounts, builder.name(step))


def _gemm(builder: Builder, step: Step) -> Value:
    settings = step.settings
    weights = builder.wanted(step, 1) * np.float32(settings.get("alpha", 1.0))
    if settings.get("transA"):
        raise ModelError(f"{step}: transposes its input")
    bias = builder.constant(step, 2)
    if bias is not None:
        bias = bias.ravel() * np.float32(settings.get("beta", 1.0))
    weights = weights.T if settings.get("transB") else weights
    return elements.dense(step, builder.value(step), weights, bias, builder.name(step))


def _matmul(builder: Builder, step: Step) -> Value:
    weights = builder.wanted(step, 1)
    return elements.dense(step, builder.value(step), weights, None, builder.name(step))


def _normalised(builder: Builder, step: Step) -> Value:
    numbers = [builder.wanted(step, place) for place in (1, 2, 3, 4)]
    if step.settings.get("training_mode"):
        raise ModelError(f"{step}: is still in training; export after model.eval()")
    return elements.normalised(step, builder.value(step), numbers, builder.name(step))


def _arithmetic(builder: Builder, step: Step) -> Value:
    """Add, Sub, Mul and Div: of a value and a constant, or Add and Mul of two values."""
    left, right = (builder.constant(step, place) for place in (0, 1))
    name = builder.name(step)
    if right is not None:
        factor, shift = _line(step.kind, right)
        return elements.scaled(builder.value(step), factor, shift, name)
    if left is not None and step.kind != "Div":
        factor = np.array(-1.0, np.float32) if step.kind == "Sub" else None
        if step.kind == "Mul":
            return elements.scaled(builder.value(step, 1), left, None, name)
        return elements.scaled(builder.value(step, 1), factor, left, name)
    if step.kind in ("Sub", "Div"):
        raise ModelError(f"{step}: of two computed values; the board knows sums and products")
    return elements.combined(step, builder.value(step), builder.value(step, 1), name)


def _line(kind: str, constant: Array) -> tuple[Array | None, Array | None]:
    """Factor and shift that do the same as the constant on the right."""
    match kind:
        case "Add":
            return None, constant
        case "Sub":
            return None, np.negative(constant)
        case "Mul":
            return constant, None
        case _:
            return np.reciprocal(constant), None


def _concat(builder: Builder, step: Step) -> Value:
    values = [builder.value(step, place) for place in range(len(step.inputs))]
    return elements.joined(step, values, builder.name(step))


def _relu(builder: Builder, step: Step) -> Value:
    return elements.activation(step, builder.value(step), 0.0, np.inf, builder.name(step))


def _clip(builder: Builder, step: Step) -> Value:
    low, high = builder.constant(step, 1), builder.constant(step, 2)
    lowest = -np.inf if low is None else float(low)
    highest = np.inf if high is None else float(high)
    return elements.activation(step, builder.value(step), lowest, highest, builder.name(step))


def _sigmoid(builder: Builder, step: Step) -> Value:
    return elements.sigmoid(builder.value(step), builder.name(step))


def _reshape(builder: Builder, step: Step) -> Value:
    """Reshape, Flatten, Squeeze and Unsqueeze: the foreign shape is known already."""
    value = builder.value(step)
    return value.reindexed(value.index.reshape(builder.graph.shape_of(step.outputs[0])))


def _transpose(builder: Builder, step: Step) -> Value:
    value = builder.value(step)
    return value.reindexed(value.index.transpose(step.settings.get("perm")))


LAYERS: dict[str, Callable[[Builder, Step], Value]] = {
    "Add": _arithmetic,
    "AveragePool": _pooling,
    "BatchNormalization": _normalised,
    "Clip": _clip,
    "Concat": _concat,
    "Conv": _convolution,
    "Div": _arithmetic,
    "Dropout": _same,
    "Flatten": _reshape,
    "Gemm": _gemm,
    "GlobalAveragePool": _global_average,
    "GlobalMaxPool": _pooling,
    "Identity": _same,
    "LogSoftmax": _softmax,
    "MatMul": _matmul,
    "MaxPool": _pooling,
    "Mul": _arithmetic,
    "Pad": _pad,
    "ReduceMean": _mean,
    "Relu": _relu,
    "Reshape": _reshape,
    "Sigmoid": _sigmoid,
    "Softmax": _softmax,
    "Squeeze": _reshape,
    "Sub": _arithmetic,
    "Transpose": _transpose,
    "Unsqueeze": _reshape,
}
