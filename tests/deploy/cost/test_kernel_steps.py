"""Predicted instructions of an operator, against those counted where the table did not look."""

from __future__ import annotations

import pytest

from imu_gesture.deploy.cost.decision import operator_instructions
from imu_gesture.deploy.cost.kernel_steps import steps_of
from imu_gesture.deploy.cost.kernel_table import KERNEL_STEPS
from imu_gesture.deploy.model_check import KERNELS
from imu_gesture.errors import ModelError
from imu_gesture.inference.flatbuffer import Operator, Sliding, Tensor

Shape = tuple[int, ...]


def operator(
    name: str, inputs: list[Shape], output: Shape, sliding: Sliding | None = None
) -> Operator:
    tensors = [Tensor("", shape, True, "INT8", (), (), False) for shape in [*inputs, output]]
    return Operator(0, name, 1, False, tuple(tensors[:-1]), (tensors[-1],), sliding)


def convolution(rows: int, filters: Shape, end: int, stride: int, same: bool = True) -> Operator:
    sliding = Sliding((filters[1], 1), (stride, 1), (1, 1), same)
    source, output = (1, rows, 1, filters[3]), (1, end, 1, filters[0])
    return operator("CONV_2D", [source, filters], output, sliding)


def depthwise(source: Shape, filters: Shape, end: int, stride: int, same: bool) -> Operator:
    sliding = Sliding((filters[1], 1), (stride, stride), (1, 1), same)
    return operator("DEPTHWISE_CONV_2D", [source, filters], (1, end, 1, filters[3]), sliding)


def dense(terms: int, outputs: int) -> Operator:
    return operator("FULLY_CONNECTED", [(1, terms), (outputs, terms)], (1, outputs))


def pool(name: str, source: Shape, cells: int, stride: int, same: bool) -> Operator:
    end = -(-source[1] // stride) if same else (source[1] - cells) // stride + 1
    sliding = Sliding((cells, 1), (stride, 1), (1, 1), same)
    return operator(name, [source], (1, end, 1, source[3]), sliding)


# Counted as `kernel_table` says, in models that its fit has not seen; whole percents it may be off.
COUNTED = {
    "long": (convolution(48, (24, 9, 1, 12), 48, 1), 435_852, 1),
    "odd channels": (convolution(100, (5, 4, 1, 32), 34, 3), 92_782, 2),
    "odd positions": (convolution(25, (6, 5, 1, 24), 13, 2), 40_008, 2),
    "valid, short": (convolution(16, (12, 9, 1, 5), 3, 3, same=False), 9_990, 3),
    "one cell": (convolution(61, (5, 1, 1, 6), 61, 1), 25_216, 1),
    "one cell, wide": (convolution(61, (4, 1, 1, 24), 61, 1), 27_253, 1),
    "depthwise": (depthwise((1, 61, 1, 12), (1, 4, 1, 12), 20, 3, False), 27_110, 1),
    "depthwise, padded": (depthwise((1, 64, 1, 8), (1, 5, 1, 8), 22, 3, True), 24_768, 1),
    "threefold": (depthwise((1, 32, 1, 4), (1, 7, 1, 12), 26, 1, False), 143_608, 2),
    "fourfold": (depthwise((1, 16, 1, 5), (1, 7, 1, 20), 16, 1, True), 43_122, 1),
    "dense": (dense(256, 4), 3_547, 1),
    "dense, odd": (dense(32, 5), 1_149, 1),
    "dense, every row": (
        operator("FULLY_CONNECTED", [(1, 20, 6), (8, 6)], (1, 20, 8)),
        13_827,
        1,
    ),
    "dense, every row, by fours": (
        operator("FULLY_CONNECTED", [(1, 48, 12), (5, 12)], (1, 48, 5)),
        27_753,
        2,
    ),
    "average, padded": (pool("AVERAGE_POOL_2D", (1, 48, 1, 32), 5, 5, True), 27_372, 1),
    "average": (pool("AVERAGE_POOL_2D", (1, 32, 1, 12), 2, 2, True), 10_566, 1),
    "most": (pool("MAX_POOL_2D", (1, 50, 1, 8), 8, 2, False), 22_808, 1),
    "softmax": (operator("SOFTMAX", [(1, 10)], (1, 10)), 5_057, 2),
    "reshape": (operator("RESHAPE", [(1, 64, 1, 24), (2,)], (1, 1536)), 1_000, 1),
    "relu": (operator("RELU", [(1, 25, 1, 6)], (1, 25, 1, 6)), 7_821, 1),
    "relu6": (operator("RELU6", [(1, 50, 1, 24)], (1, 50, 1, 24)), 13_451, 1),
    "logistic": (operator("LOGISTIC", [(1, 64, 1, 5)], (1, 64, 1, 5)), 251_563, 1),
    "add": (operator("ADD", [(1, 61, 1, 8)] * 2, (1, 61, 1, 8)), 40_704, 1),
    "add a row": (operator("ADD", [(1, 61, 1, 8), (1, 1, 1, 8)], (1, 61, 1, 8)), 81_272, 3),
    "multiply": (operator("MUL", [(1, 24, 1, 16)] * 2, (1, 24, 1, 16)), 14_951, 1),
    "multiply a row": (operator("MUL", [(1, 128, 1, 8), (1, 1, 1, 8)], (1, 128, 1, 8)), 69_789, 6),
    "concatenate": (operator("CONCATENATION", [(1, 64, 1, 12)] * 2, (1, 64, 1, 24)), 6_788, 1),
    "pad": (operator("PAD", [(1, 32, 1, 12), (4, 2)], (1, 38, 1, 12)), 17_841, 4),
}


@pytest.mark.parametrize("name", COUNTED)
def test_prediction_is_what_was_counted(name: str) -> None:
    asked, counted, percent = COUNTED[name]
    assert operator_instructions(asked) == pytest.approx(counted, rel=percent / 100)


@pytest.mark.parametrize("name", COUNTED)
def test_each_step_has_its_cost(name: str) -> None:
    steps = steps_of(COUNTED[name][0])
    assert KERNEL_STEPS[steps.kernel].keys() == {"call", *steps.counts}


def test_every_kernel_of_the_board_is_counted() -> None:
    assert {steps_of(asked).kernel for asked, _, _ in COUNTED.values()} == set(KERNEL_STEPS)
    assert {asked.name for asked, _, _ in COUNTED.values()} == set(KERNELS)


@pytest.mark.parametrize("filters", [(8, 3, 1, 6), (9, 5, 1, 7)])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("same", [True, False])
def test_each_product_is_counted_once(filters: Shape, stride: int, same: bool) -> None:
    rows = 25
    end = -(-rows // stride) if same else (rows - filters[1]) // stride + 1
    counts = steps_of(convolution(rows, filters, end, stride, same)).counts
    products = 4 * (4 * counts["quad four"] + counts["quad one"])
    products += 4 * counts["single four"] + counts["single one"]
    assert products == end * filters[0] * filters[1] * filters[3]
    assert counts["copy"] + counts["padding"] == end * filters[1]
    assert (counts["padding"] == 0) is not same


def test_more_costs_more() -> None:
    costs = [operator_instructions(convolution(48, (n, 5, 1, 6), 24, 2)) for n in range(1, 40)]
    assert costs == sorted(costs)


def test_dilation_leaves_the_fast_kernel() -> None:
    apart = Sliding((3, 1), (1, 1), (2, 1), same_padding=True)
    shapes: list[Shape] = [(1, 16, 1, 4), (1, 3, 1, 4)]
    steps = steps_of(operator("DEPTHWISE_CONV_2D", shapes, (1, 16, 1, 4), apart))
    assert steps.kernel == "DEPTHWISE_CONV_2D multiplied"
    assert steps.counts["product"] == (16 * 3 - 4) * 4


def test_what_is_missing_is_told() -> None:
    with pytest.raises(ModelError, match="does not tell its stride"):
        steps_of(operator("MAX_POOL_2D", [(1, 16, 1, 4)], (1, 8, 1, 4)))
    with pytest.raises(ModelError, match="no input 1"):
        steps_of(operator("FULLY_CONNECTED", [(1, 16)], (1, 8)))
    with pytest.raises(ModelError, match="0 TANH: the board has no such one"):
        operator_instructions(operator("TANH", [(1, 16)], (1, 16)))


def test_a_dense_layer_runs_for_every_row() -> None:
    rows = operator("FULLY_CONNECTED", [(1, 20, 6), (8, 6)], (1, 20, 8))
    assert steps_of(rows).counts["pair"] == 20 * steps_of(dense(6, 8)).counts["pair"] == 80
