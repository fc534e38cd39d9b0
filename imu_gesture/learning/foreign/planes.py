"""Foreign convolutions and pooling as Keras layers. Imported in workers only."""

from __future__ import annotations

from collections.abc import Mapping

import keras
import numpy as np

from imu_gesture.errors import ModelError
from imu_gesture.learning.foreign.onnx_graph import Array, Step
from imu_gesture.learning.foreign.values import Plane, Value, as_plane

Pads = tuple[tuple[int, int], tuple[int, int]]  # rows, columns: before and after
Constants = Mapping[str, Array]
_NO_PADS: Pads = ((0, 0), (0, 0))


def convolution(step: Step, value: Value, constants: Constants, name: str) -> Value:
    """Conv, with one group or depthwise."""
    plane = as_plane(value, step)
    kernel = _kernel(step, plane, constants)
    strides = plane.pair(step.settings.get("strides"), 1)
    dilations = plane.pair(step.settings.get("dilations"), 1)
    reach = tuple((kernel.shape[i] - 1) * dilations[i] + 1 for i in (0, 1))
    tensor, padding = _padded(step, plane, (reach[0], reach[1]), strides)
    groups, inputs = step.settings.get("group", 1), plane.tensor.shape[-1]
    bias = constants[step.inputs[2]] if len(step.inputs) > 2 and step.inputs[2] else None
    common = {"padding": padding, "dilation_rate": dilations, "use_bias": bias is not None}
    if groups == 1:
        weights = kernel.transpose(0, 1, 3, 2)
        layer = keras.layers.Conv2D(
            weights.shape[-1], weights.shape[:2], strides, name=name, **common
        )
    elif groups == inputs:
        weights = kernel.reshape(*kernel.shape[:2], inputs, -1)
        layer = keras.layers.DepthwiseConv2D(
            weights.shape[:2],
            _equal(step, plane, strides),
            depth_multiplier=weights.shape[-1],
            name=name,
            **common,
        )
    else:
        raise ModelError(
            f"{step}: {groups} groups of {inputs} channels; the board knows one group, or as many "
            "as channels"
        )
    out = layer(tensor)
    layer.set_weights([weights] if bias is None else [weights, bias])
    return plane.value(out)


def pooling(step: Step, value: Value, name: str) -> Value:
    """MaxPool, AveragePool and their global forms."""
    plane = as_plane(value, step)
    is_global = step.kind.startswith("Global")
    size = plane.sizes if is_global else plane.pair(step.settings["kernel_shape"], 1)
    strides = size if is_global else plane.pair(step.settings.get("strides"), 1)
    if any(entry != 1 for entry in step.settings.get("dilations", ())):
        raise ModelError(f"{step}: pooling with dilation is not known to the board")
    is_max = step.kind.endswith("MaxPool")
    zeros_count = value.positive if is_max else bool(step.settings.get("count_include_pad", 0))
    tensor, padding = _padded(step, plane, size, strides, zeros_count)
    kind = keras.layers.MaxPooling2D if is_max else keras.layers.AveragePooling2D
    return plane.value(kind(size, strides, padding=padding, name=name)(tensor), value.positive)


def mean(step: Step, value: Value, axes: list[int], name: str) -> Value:
    """ReduceMean over all axes of space."""
    plane = as_plane(value, step)
    if {axis % plane.rank for axis in axes} != set(range(2, plane.rank)):
        raise ModelError(f"{step}: mean over axes {axes}; the board averages over time alone")
    # The board's library computes a global pooling, a MEAN, a step off.
    tensor = keras.layers.AveragePooling2D(plane.sizes, name=name)(plane.tensor)
    pooled = plane.value(tensor, value.positive)
    if step.settings.get("keepdims", 1):
        return pooled
    return pooled.reindexed(pooled.index.reshape(pooled.index.shape[:2]))


def pad(step: Step, value: Value, amounts: list[int], name: str) -> Value:
    """Pad with zeros, along the axes of space; `amounts` as ONNX has them, for every axis."""
    plane = as_plane(value, step)
    before, after = amounts[: plane.rank], amounts[plane.rank :]
    if step.settings.get("mode", "constant") != "constant" or any((*before[:2], *after[:2])):
        raise ModelError(f"{step}: only zeros along time can be added on the board")
    pads = _pairs(plane, [*before[2:], *after[2:]])
    return plane.value(keras.layers.ZeroPadding2D(pads, name=name)(plane.tensor), value.positive)


def _kernel(step: Step, plane: Plane, constants: Constants) -> Array:
    """(outputs, inputs, space...) -> (rows, columns, outputs, inputs)."""
    if step.inputs[1] not in constants:
        raise ModelError(f"{step}: its weights are computed; the board wants constant ones")
    kernel = constants[step.inputs[1]]
    kernel = kernel[..., None] if plane.rank == 3 else kernel
    kernel = kernel.swapaxes(2, 3) if plane.swapped else kernel
    return np.ascontiguousarray(kernel.transpose(2, 3, 0, 1))


def _equal(step: Step, plane: Plane, strides: tuple[int, int]) -> tuple[int, int]:
    """Depthwise kernels know one stride for both axes; where one has size one, any will do."""
    if strides[0] == strides[1] or plane.sizes[1] == 1:
        return strides[0], strides[0]
    if plane.sizes[0] == 1:
        return strides[1], strides[1]
    raise ModelError(f"{step}: strides {strides}; depthwise ones must be equal on the board")


def _padded(
    step: Step,
    plane: Plane,
    reach: tuple[int, int],
    strides: tuple[int, int],
    zeros_count: bool = True,
) -> tuple[object, str]:
    """The tensor to work on and Keras' name for what is still to be padded.

    `reach` are the rows and columns that one result looks at; `zeros_count` tells whether added
    zeros compute the same as what is left out.
    """
    pads = _pads(step, plane, reach, strides)
    if pads == _NO_PADS:
        return plane.tensor, "valid"
    if pads == _same(plane.sizes, reach, strides):
        return plane.tensor, "same"
    if not zeros_count:
        raise ModelError(
            f"{step}: pads {pads} around {plane.sizes} cannot be left out of the result on the "
            "board; pool without padding and ceil_mode"
        )
    return keras.layers.ZeroPadding2D(pads)(plane.tensor), "valid"


def _pads(step: Step, plane: Plane, reach: tuple[int, int], strides: tuple[int, int]) -> Pads:
    mode = step.settings.get("auto_pad", "NOTSET")
    same = _same(plane.sizes, reach, strides)
    if mode == "SAME_UPPER":
        return same
    if mode == "SAME_LOWER":
        return same[0][::-1], same[1][::-1]
    if mode == "VALID":
        return _NO_PADS
    pads = _pairs(plane, step.settings.get("pads", ()))
    return _whole(plane.sizes, pads, reach, strides) if step.settings.get("ceil_mode") else pads


def _pairs(plane: Plane, foreign: object) -> Pads:
    """ONNX has all that come before, then all that come after."""
    entries = list(foreign)  # type: ignore[call-overload]
    half = len(entries) // 2
    before, after = plane.pair(entries[:half], 0), plane.pair(entries[half:], 0)
    return (before[0], after[0]), (before[1], after[1])


def _same(sizes: tuple[int, int], reach: tuple[int, int], strides: tuple[int, int]) -> Pads:
    """What TensorFlow adds with "same": what the last result lacks, the odd one at the end."""
    lacking = [
        max(0, (-(-size // stride) - 1) * stride + length - size)
        for size, length, stride in zip(sizes, reach, strides, strict=True)
    ]
    rows, columns = [(n // 2, n - n // 2) for n in lacking]
    return rows, columns


def _whole(
    sizes: tuple[int, int], pads: Pads, reach: tuple[int, int], strides: tuple[int, int]
) -> Pads:
    """With ceil_mode the last result may look beyond the end."""
    found = []
    for size, (before, after), length, stride in zip(sizes, pads, reach, strides, strict=True):
        steps = -(-(size + before + after - length) // stride)
        if steps * stride >= size + before:  # it would look at nothing but padding
            steps -= 1
        found.append((before, max(after, steps * stride + length - size - before)))
    return found[0], found[1]
