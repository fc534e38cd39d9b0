"""Small ONNX models, operator by operator: seeded weights, every shape known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

SAMPLES, CHANNELS, CLASSES = 16, 6, 3
OPSET = 17
Shape = Sequence[int | str]


class Net:
    """Grows by one operation after the other; each takes the result of the last."""

    def __init__(self, shape: Shape = (1, CHANNELS, SAMPLES), seed: int = 0) -> None:
        self.shape = shape
        self.last = "features"
        self._rng = np.random.default_rng(seed)
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []

    def weight(self, *shape: int, scale: float = 0.5) -> str:
        return self.constant(self._rng.normal(0, scale, shape).astype(np.float32))

    def constant(self, values: NDArray[Any]) -> str:
        name = f"w{len(self._weights)}"
        self._weights.append(numpy_helper.from_array(values, name))
        return name

    def add(self, kind: str, *more: str, first: str = "", **settings: Any) -> Net:
        """An operation on the last result, or on `first`, with constants or results after it."""
        name = f"{kind.lower()}{len(self._nodes)}"
        given = [first or self.last, *more]
        self._nodes.append(helper.make_node(kind, given, [f"{name}_out"], name=name, **settings))
        self.last = f"{name}_out"
        return self

    def reversed(self, kind: str, constant: str) -> Net:
        """An operation with the constant on the left."""
        return self.add(kind, self.last, first=constant)

    def conv(self, inputs: int, outputs: int, *kernel: int, **settings: Any) -> Net:
        per_group = inputs // settings.get("group", 1)
        weights = self.weight(outputs, per_group, *kernel), self.weight(outputs)
        return self.add("Conv", *weights, **settings)

    def reshape(self, *shape: int) -> Net:
        return self.add("Reshape", self.constant(np.array(shape, np.int64)))

    def head(self, inputs: int, classes: int = CLASSES) -> Net:
        return self.add("Gemm", self.weight(classes, inputs), self.weight(classes), transB=1)

    def model(self, opset: int = OPSET, outputs: Sequence[str] = ()) -> onnx.ModelProto:
        ends = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ("rows", "scores"))
            for name in outputs or (self.last,)
        ]
        start = helper.make_tensor_value_info("features", TensorProto.FLOAT, self.shape)
        graph = helper.make_graph(self._nodes, "net", [start], ends, self._weights)
        return helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8
        )


def default_form(shape: Shape = (1, CHANNELS, SAMPLES)) -> Net:
    """As PyTorch users write it: convolutions along time, flattened with channels first."""
    net = Net(shape)
    net.conv(CHANNELS, 8, 5, strides=[2], pads=[2, 2]).add("Relu")
    net.conv(8, 8, 3, strides=[2], pads=[1, 1]).add("Relu")
    return net.add("Flatten").head(8 * SAMPLES // 4)


def normalisation(net: Net, channels: int) -> Net:
    numbers = [net.weight(channels), net.weight(channels), net.weight(channels)]
    variance = net.constant(np.linspace(0.5, 2, channels).astype(np.float32))
    return net.add("BatchNormalization", *numbers, variance)


def residual() -> Net:
    net = Net().conv(CHANNELS, 4, 3, pads=[1, 1])
    start = net.last
    net.conv(4, 4, 3, pads=[1, 1]).add("Relu")
    return net.add("Add", start).add("Flatten").head(4 * SAMPLES)


def branches(flat: bool) -> Net:
    net = Net().conv(CHANNELS, 4, 3, pads=[1, 1])
    start = net.last
    left = net.conv(4, 3, 1).add("Flatten").last if flat else net.conv(4, 3, 1).last
    right = net.add("Relu", first=start)
    right = right.add("Flatten") if flat else right
    net.add("Concat", left, first=right.last, axis=1)
    return (net if flat else net.add("Flatten")).head(7 * SAMPLES)


def image_of_sensors(shape: Shape, kernel: tuple[int, int]) -> Net:
    """(n, 1, samples, channels) or the other way round, convolved as a picture is."""
    net = Net(shape).conv(1, 4, *kernel, strides=[1, 1]).add("Relu")
    return net.add("Flatten").head(4 * (SAMPLES - 2))


def old_view() -> Net:
    """x.view(x.size(0), -1) as the first exporters wrote it, for any batch."""
    net = Net(("batch", CHANNELS, SAMPLES)).conv(CHANNELS, 4, 3)
    rows = net.last
    net.add("Shape").add("Gather", net.constant(np.array(0)), axis=0)
    net.add("Unsqueeze", net.constant(np.array([0], np.int64)))
    net.add("Concat", net.constant(np.array([-1], np.int64)), axis=0)
    return net.add("Reshape", net.last, first=rows).head(4 * (SAMPLES - 2))


def pooled(kind: str, length: int, **settings: Any) -> Net:
    """Fourteen rows behind the convolution."""
    net = Net().conv(CHANNELS, 4, 3).add("Relu").add(kind, **settings)
    return net.add("Flatten").head(4 * length)
