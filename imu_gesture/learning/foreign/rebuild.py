"""An ONNX graph as a Keras network in the form that the board runs. Imported in workers only."""

from __future__ import annotations

from collections.abc import Iterator

import keras
import numpy as np

from imu_gesture.errors import ModelError
from imu_gesture.learning.foreign.axes import InputAxes
from imu_gesture.learning.foreign.builder import Builder
from imu_gesture.learning.foreign.layers import LAYERS
from imu_gesture.learning.foreign.onnx_graph import Graph, Step
from imu_gesture.learning.foreign.values import Value, as_row

_QUANTISED = ("QuantizeLinear", "DequantizeLinear", "QLinearConv", "ConvInteger")


def rebuild(graph: Graph, axes: InputAxes) -> keras.Model:
    """A network from features (n, samples, 1, channels) to logits (n, classes).

    A softmax at the end is left out: the conversion to int8 adds its own.

    Raises:
        ModelError: layers that the board does not know, each by its name.
    """
    check_kinds(graph)
    builder = Builder(graph)
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
    if last and last.kind == "Sigmoid":
        raise ModelError(
            f"{last}: ends in a score for each class by itself; the board wants one choice among "
            "all classes (softmax)"
        )
    ends = last is not None and last.kind in ("Softmax", "LogSoftmax")
    for step in steps[:-1] if ends else steps:
        if step.kind in ("Softmax", "LogSoftmax"):
            raise ModelError(f"{step}: only the last layer may be a softmax")
        yield step
