"""ONNX models rebuilt for the board: equal to ONNX's own reference, or refused by layer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from imu_gesture.deploy.model_check import check_model
from imu_gesture.errors import ModelError
from imu_gesture.inference.flatbuffer import read_facts
from imu_gesture.learning.fitting import FittingPool
from imu_gesture.learning.foreign.axes import Layout, find_axes
from imu_gesture.learning.foreign.conversion import ConversionJob, InspectionJob
from imu_gesture.learning.foreign.onnx_graph import load_onnx
from tests.learning.foreign import onnx_models as o
from tests.learning.foreign.onnx_models import CHANNELS, CLASSES, SAMPLES, Net
from tests.learning.foreign.running import RebuildJob, features, written

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


def dead_end() -> Net:
    """With a layer that is unknown to the board and leads nowhere."""
    net = o.default_form()
    scores = net.last
    net.add("Tanh")
    net.last = scores
    return net


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
    "largest of three": partial(o.pooled, "MaxPool", 4, kernel_shape=[3], strides=[3]),
    "largest, padded behind ReLU": partial(
        o.pooled, "MaxPool", 8, kernel_shape=[2], strides=[2], pads=[1, 1]
    ),
    "average to the last row": partial(
        o.pooled, "AveragePool", 5, kernel_shape=[3], strides=[3], ceil_mode=1
    ),
    "average that counts zeros": partial(
        o.pooled,
        "AveragePool",
        8,
        kernel_shape=[2],
        strides=[2],
        pads=[1, 1],
        count_include_pad=1,
    ),
    "average of all": partial(o.pooled, "GlobalAveragePool", 1),
    "largest of all": partial(o.pooled, "GlobalMaxPool", 1),
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
    "a step that leads nowhere": dead_end,
    "product of two": gated,
    "joined channels": partial(o.branches, flat=False),
    "joined rows": partial(o.branches, flat=True),
}


@pytest.mark.parametrize("name", RIGHT)
def test_the_rebuilt_network_computes_the_same(
    name: str, pool: FittingPool, tmp_path: Path
) -> None:
    ours, theirs = pool.result(pool.submit(RebuildJob(written(RIGHT[name](), tmp_path))))
    assert theirs.shape == (12, CLASSES)
    assert np.ptp(theirs, axis=0).min() > 0.01
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


POOLED = {"CONV_2D", "FULLY_CONNECTED", "SOFTMAX"}
FAMILY = POOLED | {"RESHAPE"}


@pytest.mark.parametrize(
    ("name", "layout", "operators"),
    [
        ("as PyTorch writes it", "channels-samples", FAMILY | {"PAD"}),
        ("transposed as from TensorFlow", "samples-channels", FAMILY),
        ("product of two", "channels-samples", FAMILY | {"LOGISTIC", "MUL"}),
        ("average of all", "channels-samples", POOLED | {"AVERAGE_POOL_2D"}),
        ("mean, its axis gone", "channels-samples", POOLED | {"AVERAGE_POOL_2D"}),
        ("largest of all", "channels-samples", POOLED | {"MAX_POOL_2D"}),
        ("standardised before everything", "channels-samples", None),
    ],
)
def test_the_int8_model_passes_the_boards_check(
    name: str, layout: Layout, operators: set[str] | None, pool: FittingPool, tmp_path: Path
) -> None:
    path = written(RIGHT[name](), tmp_path)
    facts = pool.result(pool.submit(InspectionJob(path)))
    assert facts.classes == CLASSES
    axes = find_axes(facts.shape, (SAMPLES, CHANNELS), None)
    assert axes.layout == layout
    converted = pool.result(pool.submit(ConversionJob(path, axes, features(40))))
    found = read_facts(converted.tflite)
    check_model(found)
    assert found.inputs[0].shape == (1, SAMPLES, 1, CHANNELS)
    assert operators is None or set(found.operator_names) == operators
    assert converted.difference < 1e-5


def test_a_file_that_is_no_onnx_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"weights")
    with pytest.raises(ModelError, match=r"model\.onnx: not a whole ONNX model"):
        load_onnx(path)


def test_an_old_opset_is_brought_up_to_date(pool: FittingPool, tmp_path: Path) -> None:
    path = written(o.default_form().model(opset=9), tmp_path)
    ours, theirs = pool.result(pool.submit(RebuildJob(path)))
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)
