"""A streaming form of the network: would it compute the same, and what would it save?

Its convolutions have no padding, so that a step of theirs depends on the rows under the filter
only. Each convolution's last rows are kept from one call to the next: they go in as inputs and come
out as outputs, joined to the new rows by CONCATENATION. Nothing of this is part of the product; see
`docs/decisions/streaming-form.md`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

import numpy as np
from form import Options, Row, run_benchmark, say
from numpy.typing import NDArray

from imu_gesture.deploy.cost.decision import model_instructions, operator_costs
from imu_gesture.inference.flatbuffer import schema
from imu_gesture.inference.flatbuffer_writing import packed, parsed
from imu_gesture.learning.config import Architecture

_CHANNELS, _CLASSES, _RATE_HZ = 6, 5, 50
_BLOCK = 8  # rows: a step of all three strides of two
_STEPS = 3  # of the last convolution, in a window
_ROWS = 31 + _BLOCK * (_STEPS - 1)  # 31 rows lie under the filters of one of them
_USUAL_ROWS, _USUAL_HOP = 48, 5
_BLOCKS = 400

Int8Array = NDArray[np.int8]


@dataclass(frozen=True)
class Streamed:
    """A model of new rows and of rows kept; `kept`: how many, for each input but the first."""

    tflite: bytes
    kept: tuple[int, ...]
    state_bytes: int


def measure(_: Options) -> Iterator[Row]:
    """All rows; `--quick` is the same."""
    from imu_gesture.learning.architecture import build_network

    say("models, untrained")
    whole = _int8(_unpadded(), _ROWS)
    streamed = stream(whole)
    note = f"{_BLOCKS - _ROWS // _BLOCK} windows of {_ROWS} rows of noise, in TensorFlow Lite Micro"
    yield Row("streaming.differing_bytes", differing_bytes(whole, streamed), "bytes", note=note)
    yield Row("streaming.state_bytes", streamed.state_bytes, "bytes", note="kept between calls")
    usual = _int8(_network(build_network, _USUAL_ROWS), _USUAL_ROWS)
    costs = {
        "streamed": _instructions(streamed.tflite),
        "unpadded window": _instructions(whole),
        "window of today": _instructions(usual),
    }
    peers = {name: costs[name] for name in ("unpadded window", "window of today")}
    yield Row("streaming.model_instructions", costs["streamed"], "instr", peers, "of one call")
    hops = {"streamed": _BLOCK, "unpadded window": _BLOCK, "window of today": _USUAL_HOP}
    each_s = {name: cost * _RATE_HZ / hops[name] for name, cost in costs.items()}
    peers = {name: each_s[name] for name in peers}
    note = f"{_RATE_HZ} rows a second; a call every {_BLOCK} of them, today every {_USUAL_HOP}"
    yield Row("streaming.model_instructions_per_s", each_s["streamed"], "instr", peers, note)


def stream(tflite: bytes) -> Streamed:
    """The streaming form of a model whose convolutions come first and have no padding."""
    model = parsed(tflite)
    graph = model.subgraphs[0]
    join = _Joining(model, graph)
    source, rows = int(graph.inputs[0]), _BLOCK
    _set_rows(graph.tensors[source], rows)
    operators = []
    for operator in graph.operators:
        if isinstance(operator.builtinOptions, schema().Conv2DOptionsT):
            assert operator.builtinOptions.padding == schema().Padding.VALID
            stride = operator.builtinOptions.strideH
            before = int(graph.tensors[operator.inputs[1]].shape[1]) - stride
            operators += [join.join(source, before), operator]
            _take(operator, join.outputs[-1])
            source = int(operator.outputs[0])
            rows //= stride
            _set_rows(graph.tensors[source], rows)
        else:
            if len(join.outputs) == join.convolutions:  # the first behind them sees all steps
                operators.append(join.join(source, _STEPS - rows))
                _take(operator, join.outputs[-1])
            operators.append(operator)
    graph.operators = operators
    graph.inputs = [int(graph.inputs[0]), *join.inputs]
    graph.outputs = [int(graph.outputs[0]), *join.outputs]
    state_bytes = sum(int(np.prod(graph.tensors[place].shape)) for place in join.inputs)
    return Streamed(packed(model), tuple(join.kept), state_bytes)


def _set_rows(tensor: Any, rows: int) -> None:
    tensor.shape = np.array([tensor.shape[0], rows, *tensor.shape[2:]], np.int32)
    tensor.shapeSignature = None


def _take(operator: Any, source: int) -> None:
    operator.inputs = np.array([source, *operator.inputs[1:]], np.int32)


class _Joining:
    """Puts rows that were kept before new ones; `outputs` are both together."""

    def __init__(self, model: Any, graph: Any) -> None:
        self._model, self._graph = model, graph
        code = schema().OperatorCodeT()
        code.builtinCode = code.deprecatedBuiltinCode = schema().BuiltinOperator.CONCATENATION
        code.version = 2
        model.operatorCodes.append(code)
        options = [operator.builtinOptions for operator in graph.operators]
        self.convolutions = sum(isinstance(each, schema().Conv2DOptionsT) for each in options)
        self.inputs: list[int] = []
        self.outputs: list[int] = []
        self.kept: list[int] = []

    def join(self, new: int, before: int) -> Any:
        rows = int(self._graph.tensors[new].shape[1])
        self.inputs.append(self._like(new, before))
        self.outputs.append(self._like(new, before + rows))
        self.kept.append(before)
        joining = schema().OperatorT()
        joining.opcodeIndex = len(self._model.operatorCodes) - 1
        joining.inputs, joining.outputs = [self.inputs[-1], new], [self.outputs[-1]]
        joining.builtinOptionsType = schema().BuiltinOptions.ConcatenationOptions
        joining.builtinOptions = schema().ConcatenationOptionsT()
        joining.builtinOptions.axis = 1
        return joining

    def _like(self, place: int, rows: int) -> int:
        old, made = self._graph.tensors[place], schema().TensorT()
        made.name, made.type, made.quantization = f"kept {rows}", old.type, old.quantization
        made.shape = np.array([old.shape[0], rows, *old.shape[2:]], np.int32)
        self._graph.tensors.append(made)
        return len(self._graph.tensors) - 1


def differing_bytes(whole: bytes, streamed: Streamed) -> int:
    """Scores of both forms along the same rows, once the streaming one has seen a window."""
    from tflite_micro.python.tflite_micro import runtime

    rng = np.random.default_rng(0)
    rows = rng.integers(-128, 128, (_BLOCKS * _BLOCK, 1, _CHANNELS)).astype(np.int8)
    window, stepped = (
        runtime.Interpreter.from_bytes(model, arena_size=1 << 18)
        for model in (whole, streamed.tflite)
    )
    details = [stepped.get_input_details(place) for place in range(len(streamed.kept) + 1)]
    state = [np.zeros(each["shape"], np.int8) for each in details[1:]]
    different = 0
    for stop in range(_BLOCK, len(rows) + 1, _BLOCK):
        for place, values in enumerate([rows[None, stop - _BLOCK : stop], *state]):
            stepped.set_input(values, place)
        stepped.invoke()
        joined = [stepped.get_output(place + 1) for place in range(len(streamed.kept))]
        state = [each[:, -kept:].copy() for each, kept in zip(joined, streamed.kept, strict=True)]
        if stop >= _ROWS + _BLOCK:
            window.set_input(rows[None, stop - _ROWS : stop], 0)
            window.invoke()
            different += int(np.sum(window.get_output(0) != stepped.get_output(0)))
    return different


def _unpadded() -> Any:
    import keras

    shape = Architecture()
    x = inputs = keras.Input((_ROWS, 1, _CHANNELS))
    for filters, kernel, stride in zip(shape.filters, shape.kernels, shape.strides, strict=True):
        x = keras.layers.Conv2D(filters, (kernel, 1), (stride, 1), activation="relu")(x)
    return keras.Model(inputs, keras.layers.Dense(_CLASSES)(keras.layers.Flatten()(x)))


def _network(build: Any, rows: int) -> Any:
    from imu_gesture.dataset.windows import WindowSpec

    return build(Architecture(), WindowSpec(20_000, rows, _USUAL_HOP, _CHANNELS), _CLASSES)


def _int8(network: Any, rows: int) -> bytes:
    from imu_gesture.learning.conversion import to_int8

    windows = np.random.default_rng(0).normal(size=(64, rows, 1, _CHANNELS)).astype(np.float32)
    with redirect_stdout(sys.stderr):  # Keras tells what it exports
        return to_int8(network, windows)


def _instructions(tflite: bytes) -> float:
    return model_instructions(operator_costs(tflite))


if __name__ == "__main__":
    run_benchmark("streaming_form", measure)
