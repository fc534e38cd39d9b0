"""Foreign dense layers, sums and activations as Keras layers. Imported in workers only."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from imu_gesture.errors import ModelError
from imu_gesture.learning.foreign.onnx_graph import Array, Step
from imu_gesture.learning.foreign.values import Value, as_row, in_order, placed, reshaped

_MOST = 127  # no activation of an int8 network comes near it in effect


def dense(step: Step, value: Value, weights: Array, bias: Array | None, name: str) -> Value:
    """A row of all elements times (inputs, outputs), sorted as our elements lie."""
    if value.index.ndim != 2:
        raise ModelError(
            f"{step}: a product over {value.index.ndim} dimensions; flatten first, or use a "
            "convolution of length one"
        )
    ours = np.empty_like(weights)
    ours[value.index.ravel()] = weights
    layer = keras.layers.Dense(weights.shape[1], use_bias=bias is not None, name=name)
    out = layer(as_row(value))
    layer.set_weights([ours] if bias is None else [ours, np.broadcast_to(bias, weights.shape[1:])])
    return Value(out, in_order(out.shape))


def normalised(step: Step, value: Value, numbers: list[Array], name: str) -> Value:
    """BatchNormalization with scale, shift, mean and variance for each channel."""
    channels = (1, -1, *(1,) * (value.index.ndim - 2))
    ours = [placed(entry.reshape(channels), value) for entry in numbers]
    if any(entry.ndim != 1 for entry in ours):
        raise ModelError(
            f"{step}: normalises over elements that are not the last axis in memory; do so before "
            "flattening"
        )
    epsilon = step.settings.get("epsilon", 1e-5)
    size = value.tensor.shape[-1]
    layer = keras.layers.BatchNormalization(epsilon=epsilon, name=name)
    out = layer(value.tensor)
    layer.set_weights([np.broadcast_to(entry, (size,)) for entry in ours])
    return Value(out, value.index)


def scaled(value: Value, factor: Array | None, shift: Array | None, name: str) -> Value:
    """Multiply and shift a value by constants of the foreign model."""
    gain = placed(np.ones((), np.float32) if factor is None else factor, value)
    offset = placed(np.zeros((), np.float32) if shift is None else shift, value)
    if gain.ndim == 1 and offset.ndim == 1:
        size = value.tensor.shape[-1]
        layer = keras.layers.BatchNormalization(epsilon=0.0, name=name)
        out = layer(value.tensor)
        ones, zeros = np.ones(size, np.float32), np.zeros(size, np.float32)
        layer.set_weights([ones * gain, zeros + offset, zeros, ones])
    else:
        out = value.tensor if factor is None else keras.ops.multiply(value.tensor, gain)
        out = out if shift is None else keras.ops.add(out, offset)
    return Value(out, value.index)


def combined(step: Step, first: Value, second: Value, name: str) -> Value:
    """Sum or product of two computed values."""
    if not np.array_equal(first.index, second.index):
        raise ModelError(f"{step}: joins values of different shape or order in memory")
    layer = {"Add": keras.layers.Add, "Mul": keras.layers.Multiply}[step.kind](name=name)
    out = layer([first.tensor, reshaped(second.tensor, first.tensor.shape)])
    return Value(out, first.index, first.positive and second.positive)


def joined(step: Step, values: list[Value], name: str) -> Value:
    """Concat along the channels, or of flat rows."""
    axis, rank = step.settings["axis"], values[0].index.ndim
    if axis % rank != 1:
        raise ModelError(f"{step}: along axis {axis}; the board joins channels")
    positive = all(value.positive for value in values)
    if rank == 2:
        starts = np.cumsum([0, *(value.index.size for value in values)])
        indices = [v.index + start for v, start in zip(values, starts[:-1], strict=True)]
        out = keras.layers.Concatenate(name=name)([as_row(value) for value in values])
        return Value(out, np.concatenate(indices, axis=1), positive)
    sizes = [value.tensor.shape[-1] for value in values]
    ends = [np.moveaxis(value.index, 1, -1) for value in values]
    if any(end.shape[-1] != n for end, n in zip(ends, sizes, strict=True)):
        raise ModelError(f"{step}: its channels are not the last axis in memory")
    out = keras.layers.Concatenate(name=name)([value.tensor for value in values])
    row = np.concatenate(
        [
            (end // n) * sum(sizes) + end % n + before
            for end, n, before in zip(ends, sizes, np.cumsum([0, *sizes[:-1]]), strict=True)
        ],
        axis=-1,
    )
    return Value(out, np.moveaxis(row, -1, 1), positive)


def activation(step: Step, value: Value, low: float, high: float, name: str) -> Value:
    """Relu, and Clip where it is one: from zero to six, or to more than int8 networks reach."""
    if low != 0 or not (high == 6 or high >= _MOST):
        raise ModelError(f"{step}: from {low:g} to {high:g}; the board clips from 0, or 0 to 6")
    if value.positive and high >= _MOST:
        return value
    layer = keras.layers.ReLU(max_value=6.0 if high == 6 else None, name=name)
    return Value(layer(value.tensor), value.index, positive=True)


def sigmoid(value: Value, name: str) -> Value:
    """1 / (1 + exp(-x))."""
    tensor: Any = keras.layers.Activation("sigmoid", name=name)(value.tensor)
    return Value(tensor, value.index, positive=True)
