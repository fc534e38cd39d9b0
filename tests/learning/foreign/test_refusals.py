"""ONNX models that the board cannot run: refused by the name of the layer, or with the cure."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import onnx
import pytest

from imu_gesture.errors import ModelError
from imu_gesture.learning.fitting import FittingPool
from tests.learning.foreign import onnx_models as o
from tests.learning.foreign.onnx_models import CHANNELS, SAMPLES, Net
from tests.learning.foreign.running import RebuildJob, written

pytestmark = pytest.mark.slow
ROWS = 4 * (SAMPLES - 2)


def two_inputs() -> onnx.ModelProto:
    model = o.default_form().model()
    model.graph.input.append(
        onnx.helper.make_tensor_value_info("age", onnx.TensorProto.FLOAT, (1, 1))
    )
    return model


def doubles() -> onnx.ModelProto:
    model = o.default_form().model()
    model.graph.input[0].type.tensor_type.elem_type = onnx.TensorProto.DOUBLE
    model.graph.node[0].op_type = "Identity"
    del model.graph.node[0].input[1:], model.graph.node[1:], model.graph.node[0].attribute[:]
    model.graph.output[0].name = model.graph.node[0].output[0]
    return model


def two_outputs() -> onnx.ModelProto:
    net = o.default_form()
    return net.model(outputs=[net.last, "relu1_out"])


def foreign_domain() -> onnx.ModelProto:
    model = o.default_form().model()
    model.graph.node[1].domain = "com.example"
    model.opset_import.append(onnx.helper.make_opsetid("com.example", 1))
    return model


def strange_constant() -> onnx.ModelProto:
    """Its bias comes from somebody's own operator on a constant."""
    model = o.default_form().model()
    bias = model.graph.node[0].input[2]
    own = onnx.helper.make_node("Halve", [bias], ["half"], name="half", domain="com.example")
    model.graph.node.insert(0, own)
    model.graph.node[1].input[2] = "half"
    model.opset_import.append(onnx.helper.make_opsetid("com.example", 1))
    return model


def flat(*, activation: str, **settings: Any) -> Net:
    net = Net().conv(CHANNELS, 4, 3).add(activation, **settings)
    return net.add("Flatten").head(ROWS)


def recurrent() -> Net:
    net = Net().add("Transpose", perm=[2, 0, 1])
    net.add("GRU", net.weight(1, 12, CHANNELS), net.weight(1, 12, 4), hidden_size=4)
    return net.reshape(1, SAMPLES * 4).head(SAMPLES * 4)


def along_the_sensors() -> Net:
    net = Net((1, SAMPLES, CHANNELS)).conv(SAMPLES, 4, 3)
    return net.add("Flatten").head(4 * (CHANNELS - 2))


REFUSED: dict[str, tuple[Callable[[], Net | onnx.ModelProto], str]] = {
    "unknown activation": (
        partial(flat, activation="LeakyRelu"),
        r"layer 'leakyrelu1' \(LeakyRelu\)\npossible are Add, AveragePool",
    ),
    "recurrent": (recurrent, r"layer 'gru1' \(GRU\)"),
    "two unknown at once": (
        lambda: flat(activation="Tanh").add("Erf"),
        r"layer 'tanh1' \(Tanh\)\n  layer 'erf4' \(Erf\)",
    ),
    "of somebody's own": (foreign_domain, r"layer 'relu1' \(com\.example\.Relu\)"),
    "constant of somebody's own": (strange_constant, r"layer 'half' \(Halve\): .* constants"),
    "two inputs": (two_inputs, r"2 inputs \(features, age\); one is wanted"),
    "two outputs": (two_outputs, r"2 outputs \(gemm5_out, relu1_out\)"),
    "any length": (
        partial(o.default_form, (1, CHANNELS, "time")),
        r"sides of variable length \(time\)",
    ),
    "a batch of its own": (
        partial(o.default_form, (32, CHANNELS, SAMPLES)),
        "takes 32 windows at a time",
    ),
    "double precision": (doubles, "is DOUBLE; export the float32 model"),
    "along the sensors": (along_the_sensors, "layer 'conv0'.*not the last axis in memory"),
    "softmax within": (
        partial(flat, activation="Softmax", axis=1),
        "layer 'softmax1'.*only the last layer may be a softmax",
    ),
    "a score for each class": (
        lambda: o.default_form().add("Sigmoid"),
        r"layer 'sigmoid6' \(Sigmoid\): ends in a score for each class",
    ),
    "groups": (
        lambda: Net().conv(CHANNELS, 4, 3, group=2).add("Flatten").head(ROWS),
        "layer 'conv0'.*2 groups of 6 channels",
    ),
    "average beyond the end": (
        partial(o.pooled, "AveragePool", 4, kernel_shape=[4], strides=[4], ceil_mode=1),
        "layer 'averagepool2'.*pool without padding and ceil_mode",
    ),
    "padded largest without ReLU": (
        lambda: (
            Net()
            .conv(CHANNELS, 4, 3)
            .add("MaxPool", kernel_shape=[2], strides=[2], pads=[1, 1])
            .add("Flatten")
            .head(4 * 8)
        ),
        "layer 'maxpool1'.*pool without padding",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_board_cannot_do_is_named_with_its_layer(
    name: str, pool: FittingPool, tmp_path: Path
) -> None:
    make, message = REFUSED[name]
    path = written(make(), tmp_path)
    with pytest.raises(ModelError, match=message):
        pool.result(pool.submit(RebuildJob(path)))
