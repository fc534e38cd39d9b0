"""ONNX models rebuilt for the board: equal to ONNX's own reference, or refused by layer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray

from imu_gesture.deploy.model_check import check_model
from imu_gesture.errors import ModelError
from imu_gesture.inference.flatbuffer import read_facts
from imu_gesture.learning.fitting import FittingPool
from imu_gesture.learning.foreign.axes import Layout, find_axes
from imu_gesture.learning.foreign.conversion import (
    ConversionJob,
    convert_model,
    inspect_model,
)
from imu_gesture.learning.foreign.onnx_graph import load_onnx, read_graph, run_reference
from tests.learning.foreign import onnx_models as o
from tests.learning.foreign.onnx_models import CHANNELS, CLASSES, SAMPLES, Net

pytestmark = pytest.mark.slow
ROWS = 4 * (SAMPLES - 2)  # elements behind a convolution of length three with four filters


def squeezed() -> Net:
    net = Net((1, CHANNELS, SAMPLES, 1)).conv(CHANNELS, 4, 3, 1)
    net.add("Squeeze", net.constant(np.array([3], np.int64))).conv(4, 4, 3, dilations=[2])
    return net.add("Flatten").head(4 * (SAMPLES - 6))


def channels_last() -> Net:
    """As from TensorFlow: transposed before the convolutions, and back behind them."""
    net = Net(("n", SAMPLES, 1, CHANNELS)).add("Transpose", perm=[0, 3, 1, 2])
    net.conv(CHANNELS, 4, 3, 1).add("Transpose", perm=[0, 2, 3, 1])
    return net.reshape(-1, ROWS).head(ROWS)


def standardised() -> Net:
    net = Net()
    net.add("Sub", net.weight(CHANNELS, 1)).add("Div", net.constant(np.full((1,), 2.5, np.float32)))
    net.add("Mul", net.weight(1, CHANNELS, SAMPLES)).reversed("Sub", net.weight(CHANNELS, 1))
    return net.add("Flatten").head(CHANNELS * SAMPLES)


def pooled(kind: str, length: int, **settings: Any) -> Net:
    """Fourteen rows behind the convolution."""
    net = Net().conv(CHANNELS, 4, 3).add("Relu").add(kind, **settings)
    return net.add("Flatten").head(4 * length)


def mean(keepdims: int) -> Net:
    net = Net().conv(CHANNELS, 4, 3).add("ReduceMean", axes=[-1], keepdims=keepdims)
    return (net.add("Flatten") if keepdims else net).head(4)


def padded() -> Net:
    net = Net()
    net.add("Pad", net.constant(np.array([0, 0, 2, 0, 0, 1], np.int64)), mode="constant")
    return net.conv(CHANNELS, 4, 3).add("Flatten").head(4 * (SAMPLES + 1))


def clipped() -> Net:
    net = Net().conv(CHANNELS, 4, 3)
    net.add("Clip", net.constant(np.array(0, np.float32)), net.constant(np.array(6, np.float32)))
    return net.add("Flatten").head(ROWS)


def several_dense() -> Net:
    net = o.normalisation(Net(), CHANNELS).add("Flatten").head(CHANNELS * SAMPLES, 8).add("Relu")
    net.add("MatMul", net.weight(8, CLASSES)).add("Add", net.weight(CLASSES))
    return net.add("LogSoftmax", axis=-1)


def gated() -> Net:
    net = Net().conv(CHANNELS, 4, 3)
    start = net.last
    return net.add("Sigmoid").add("Mul", start).add("Flatten").head(ROWS)


RIGHT: dict[str, Callable[[], Net]] = {
    "as PyTorch writes it": o.default_form,
    "any batch": partial(o.default_form, ("batch", CHANNELS, SAMPLES)),
    "view of the first exporters": o.old_view,
    "columns of one, squeezed, dilated": squeezed,
    "transposed as from TensorFlow": channels_last,
    "picture of samples and sensors": partial(
        o.image_of_sensors, (1, 1, SAMPLES, CHANNELS), (3, CHANNELS)
    ),
    "picture of sensors and samples": partial(
        o.image_of_sensors, (1, 1, CHANNELS, SAMPLES), (CHANNELS, 3)
    ),
    "depthwise": lambda: (
        Net().conv(CHANNELS, 12, 3, group=CHANNELS, strides=[2]).add("Flatten").head(12 * 7)
    ),
    "normalised behind the convolution": lambda: (
        o.normalisation(Net().conv(CHANNELS, 4, 3), 4).add("Flatten").head(ROWS)
    ),
    "standardised before everything": standardised,
    "same padding, more at the start": lambda: (
        Net().conv(CHANNELS, 4, 4, auto_pad="SAME_LOWER").add("Flatten").head(4 * SAMPLES)
    ),
    "largest of three": partial(pooled, "MaxPool", 4, kernel_shape=[3], strides=[3]),
    "largest, padded behind ReLU": partial(
        pooled, "MaxPool", 8, kernel_shape=[2], strides=[2], pads=[1, 1]
    ),
    "average to the last row": partial(
        pooled, "AveragePool", 5, kernel_shape=[3], strides=[3], ceil_mode=1
    ),
    "average that counts zeros": partial(
        pooled,
        "AveragePool",
        8,
        kernel_shape=[2],
        strides=[2],
        pads=[1, 1],
        count_include_pad=1,
    ),
    "average of all": partial(pooled, "GlobalAveragePool", 1),
    "largest of all": partial(pooled, "GlobalMaxPool", 1),
    "largest of all, in four dimensions": lambda: (
        Net((1, CHANNELS, SAMPLES, 1))
        .conv(CHANNELS, 4, 3, 1)
        .add("GlobalMaxPool")
        .add("Flatten")
        .head(4)
    ),
    "mean": partial(mean, 1),
    "mean, its axis gone": partial(mean, 0),
    "padded by itself": padded,
    "up to six": clipped,
    "dense alone, log softmax": several_dense,
    "sum of two": o.residual,
    "product of two": gated,
    "joined channels": partial(o.branches, flat=False),
    "joined rows": partial(o.branches, flat=True),
}


def features(n: int = 12) -> NDArray[np.float32]:
    return np.random.default_rng(1).normal(size=(n, SAMPLES, CHANNELS)).astype(np.float32)


def rebuilt(path: Path) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What the rebuilt network and ONNX's reference say; runs in the fitting process."""
    from imu_gesture.learning.foreign.rebuild import rebuild

    graph = read_graph(load_onnx(path))
    axes = find_axes(graph.shapes[graph.input], None, None)
    ours = np.asarray(rebuild(graph, axes)(features()[:, :, None]))
    theirs = run_reference(graph.model, np.ascontiguousarray(axes.arranged(features())))
    if graph.steps[-1].kind == "LogSoftmax":
        ours = ours - np.log(np.exp(ours).sum(axis=1, keepdims=True))
    return ours, theirs


def written(net: Net | onnx.ModelProto, folder: Path) -> Path:
    path = folder / "model.onnx"
    onnx.save(net.model() if isinstance(net, Net) else net, path)
    return path


@pytest.mark.parametrize("name", RIGHT)
def test_the_rebuilt_network_computes_the_same(
    name: str, pool: FittingPool, tmp_path: Path
) -> None:
    ours, theirs = pool.result(pool.call(rebuilt, written(RIGHT[name](), tmp_path)))
    assert theirs.shape == (12, CLASSES)
    assert np.ptp(theirs, axis=0).min() > 0.01
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


FAMILY = {"CONV_2D", "FULLY_CONNECTED", "RESHAPE", "SOFTMAX"}


@pytest.mark.parametrize(
    ("name", "layout", "operators"),
    [
        ("as PyTorch writes it", "channels-samples", FAMILY | {"PAD"}),
        ("transposed as from TensorFlow", "samples-channels", FAMILY),
        ("product of two", "channels-samples", FAMILY | {"LOGISTIC", "MUL"}),
        ("standardised before everything", "channels-samples", None),
    ],
)
def test_the_int8_model_passes_the_boards_check(
    name: str, layout: Layout, operators: set[str] | None, pool: FittingPool, tmp_path: Path
) -> None:
    path = written(RIGHT[name](), tmp_path)
    facts = pool.result(pool.call(inspect_model, path))
    assert facts.classes == CLASSES
    axes = find_axes(facts.shape, (SAMPLES, CHANNELS), None)
    assert axes.layout == layout
    converted = pool.result(pool.call(convert_model, ConversionJob(path, axes, features(40))))
    found = read_facts(converted.tflite)
    check_model(found)
    assert found.inputs[0].shape == (1, SAMPLES, 1, CHANNELS)
    assert operators is None or set(found.operator_names) == operators
    assert converted.difference < 1e-5


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
        partial(pooled, "AveragePool", 4, kernel_shape=[4], strides=[4], ceil_mode=1),
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
        pool.result(pool.call(rebuilt, path))


def test_a_file_that_is_no_onnx_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"weights")
    with pytest.raises(ModelError, match=r"model\.onnx: not a whole ONNX model"):
        load_onnx(path)


def test_an_old_opset_is_brought_up_to_date(pool: FittingPool, tmp_path: Path) -> None:
    path = written(o.default_form().model(opset=9), tmp_path)
    ours, theirs = pool.result(pool.call(rebuilt, path))
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)
