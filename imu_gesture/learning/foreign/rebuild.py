"""An ONNX graph as a Keras network in the form that the board runs. Imported in workers only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import keras
import numpy as np

from imu_gesture.errors import ModelError
from imu_gesture.learning.foreign import elements, planes
from imu_gesture.learning.foreign.axes import InputAxes
from imu_gesture.learning.foreign.onnx_graph import Array, Graph, Step
from imu_gesture.learning.foreign.values import Value, as_row

_NO_NAME = re.compile(r"[^A-Za-z0-9_.-]+")
_QUANTISED = ("QuantizeLinear", "DequantizeLinear", "QLinearConv", "ConvInteger")


def rebuild(graph: Graph, axes: InputAxes) -> keras.Model:
    """A network from features (n, samples, 1, channels) to logits (n, classes).

    A softmax at the end is left out: the conversion to int8 adds its own.

    Raises:
        ModelError: layers that the board does not know, each by its name.
    """
    check_kinds(graph)
    builder = _Builder(graph)
    inputs = keras.Input((axes.samples, 1, axes.channels), name="features")
    index = np.arange(axes.samples * axes.channels).reshape(1, axes.samples, axes.channels)
    builder.values[graph.input] = Value(inputs, axes.arranged(index))
    steps = list(_without_softmax(graph))
    for step in steps:
        builder.values[step.outputs[0]] = LAYERS[step.kind](builder, step)
    last = builder.values[steps[-1].outputs[0] if steps else graph.input]
    if not np.array_equal(last.index.ravel(), np.arange(last.index.size)):
        raise ModelError("the scores come out in another order than their classes; end with Gemm")
    return keras.Model(inputs, as_row(last), name="foreign")


@dataclass(eq=False)
class _Builder:
    """What is known while a network is built, by the foreign model's names."""

    graph: Graph
    values: dict[str, Value] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def value(self, step: Step, place: int = 0) -> Value:
        """A computed input."""
        if step.inputs[place] not in self.values:
            raise ModelError(f"{step}: its input {step.inputs[place]!r} is not computed before it")
        return self.values[step.inputs[place]]

    def constant(self, step: Step, place: int) -> Array | None:
        """A constant input; None where it is left out or computed."""
        if place >= len(step.inputs):
            return None
        return self.graph.constants.get(step.inputs[place])

    def wanted(self, step: Step, place: int) -> Array:
        """A constant input that must be there."""
        found = self.constant(step, place)
        if found is None:
            raise ModelError(f"{step}: input {place} is computed; the board wants a constant")
        return found

    def name(self, step: Step) -> str:
        """The layer's name as Keras takes it, each once."""
        stem = _NO_NAME.sub("_", step.layer).strip("_.") or step.kind
        name, number = stem, 1
        while name in self.names:
            number += 1
            name = f"{stem}_{number}"
        self.names.add(name)
        return name


def check_kinds(graph: Graph) -> None:
    """Refuse layers that the board does not know.

    Raises:
        ModelError: each of them by its name.
    """
    quantised = [step for step in graph.steps if step.kind in _QUANTISED]
    if quantised:
        raise ModelError(
            f"{quantised[0]}: already quantised; import the float model it was made of"
        )
    unknown = [step for step in graph.steps if step.kind not in LAYERS]
    if unknown:
        lines = "\n  ".join(str(step) for step in unknown)
        raise ModelError(
            f"layers that the board's library does not compute, or not rightly:\n  {lines}\n"
            f"possible are {', '.join(sorted(LAYERS))}"
        )


def _without_softmax(graph: Graph) -> Iterator[Step]:
    """All steps but a last softmax over the classes.

    Raises:
        ModelError: the scores are not one distribution over classes.
    """
    steps = list(graph.steps)
    last = steps[-1] if steps else None
    if last and last.outputs[0] == graph.output and last.kind == "Sigmoid":
        raise ModelError(
            f"{last}: ends in a score for each class by itself; the board wants one choice among "
            "all classes (softmax)"
        )
    ends = last is not None and last.kind in ("Softmax", "LogSoftmax")
    for step in steps[:-1] if ends else steps:
        if step.kind in ("Softmax", "LogSoftmax"):
            raise ModelError(f"{step}: only the last layer may be a softmax")
        yield step


def _softmax(_: _Builder, step: Step) -> Value:
    raise ModelError(f"{step}: only the last layer may be a softmax")


def _same(builder: _Builder, step: Step) -> Value:
    return builder.value(step)


def _convolution(builder: _Builder, step: Step) -> Value:
    return planes.convolution(
        step, builder.value(step), builder.graph.constants, builder.name(step)
    )


def _pooling(builder: _Builder, step: Step) -> Value:
    return planes.pooling(step, builder.value(step), builder.name(step))


def _global_average(builder: _Builder, step: Step) -> Value:
    value = builder.value(step)
    return planes.mean(step, value, list(range(2, value.index.ndim)), builder.name(step))


def _mean(builder: _Builder, step: Step) -> Value:
    given = builder.constant(step, 1)
    axes = step.settings.get("axes", []) if given is None else given.tolist()
    return planes.mean(step, builder.value(step), list(axes), builder.name(step))


def _pad(builder: _Builder, step: Step) -> Value:
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


def _gemm(builder: _Builder, step: Step) -> Value:
    settings = step.settings
    weights = builder.wanted(step, 1) * np.float32(settings.get("alpha", 1.0))
    if settings.get("transA"):
        raise ModelError(f"{step}: transposes its input")
    bias = builder.constant(step, 2)
    if bias is not None:
        bias = bias.ravel() * np.float32(settings.get("beta", 1.0))
    weights = weights.T if settings.get("transB") else weights
    return elements.dense(step, builder.value(step), weights, bias, builder.name(step))


def _matmul(builder: _Builder, step: Step) -> Value:
    weights = builder.wanted(step, 1)
    return elements.dense(step, builder.value(step), weights, None, builder.name(step))


def _normalised(builder: _Builder, step: Step) -> Value:
    numbers = [builder.wanted(step, place) for place in (1, 2, 3, 4)]
    if step.settings.get("training_mode"):
        raise ModelError(f"{step}: is still in training; export after model.eval()")
    return elements.normalised(step, builder.value(step), numbers, builder.name(step))


def _arithmetic(builder: _Builder, step: Step) -> Value:
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


def _concat(builder: _Builder, step: Step) -> Value:
    values = [builder.value(step, place) for place in range(len(step.inputs))]
    return elements.joined(step, values, builder.name(step))


def _relu(builder: _Builder, step: Step) -> Value:
    return elements.activation(step, builder.value(step), 0.0, np.inf, builder.name(step))


def _clip(builder: _Builder, step: Step) -> Value:
    low, high = builder.constant(step, 1), builder.constant(step, 2)
    lowest = -np.inf if low is None else float(low)
    highest = np.inf if high is None else float(high)
    return elements.activation(step, builder.value(step), lowest, highest, builder.name(step))


def _sigmoid(builder: _Builder, step: Step) -> Value:
    return elements.sigmoid(builder.value(step), builder.name(step))


def _reshape(builder: _Builder, step: Step) -> Value:
    """Reshape, Flatten, Squeeze and Unsqueeze: the foreign shape is known already."""
    value = builder.value(step)
    return value.reindexed(value.index.reshape(builder.graph.shape_of(step.outputs[0])))


def _transpose(builder: _Builder, step: Step) -> Value:
    value = builder.value(step)
    return value.reindexed(value.index.transpose(step.settings.get("perm")))


LAYERS: dict[str, Callable[[_Builder, Step], Value]] = {
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
