"""Facts of a .tflite file: right for a good one, and `ModelError` for anything else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema
from tflite_micro.python.tflite_micro import runtime

from imu_gesture.deploy.model_check import check_model
from imu_gesture.errors import ModelError
from imu_gesture.inference.flatbuffer import Sliding, read_facts
from tests.models import handmade


def test_operators_in_order_of_execution() -> None:
    facts = read_facts(handmade.tflite())
    found = [(o.index, o.name, o.version, o.custom) for o in facts.operators]
    assert found == [
        (0, "CONV_2D", 3, False),
        (1, "FULLY_CONNECTED", 4, False),
        (2, "SOFTMAX", 2, False),
    ]
    assert facts.operator_names == ("CONV_2D", "FULLY_CONNECTED", "SOFTMAX")
    assert (facts.schema_version, facts.subgraphs) == (3, 1)


def test_input_and_output() -> None:
    facts = read_facts(handmade.tflite())
    (features,), (scores,) = facts.inputs, facts.outputs
    assert (features.name, features.shape, features.dtype) == ("features", (1, 16, 1, 6), "INT8")
    assert (features.scales, features.zero_points) == ((0.03125,), (5,))
    assert features.shape_is_fixed
    assert not features.constant
    assert (scores.shape, scores.scales, scores.zero_points) == ((1, 3), (1 / 256,), (-128,))


def test_weights_with_their_scales() -> None:
    convolution, dense, _ = read_facts(handmade.tflite()).operators
    _, kernels, bias = convolution.inputs
    assert kernels is not None
    assert bias is not None
    assert kernels.scales == tuple(float(np.float32(s)) for s in handmade.KERNEL_SCALES)
    assert kernels.zero_points == (0, 0, 0, 0)
    assert (kernels.constant, bias.constant, bias.dtype) == (True, True, "INT32")
    assert dense.inputs[2] is None  # no bias


def test_how_a_filter_moves() -> None:
    changed = handmade.model()
    options = changed.subgraphs[0].operators[0].builtinOptions
    options.padding, options.dilationHFactor = schema.Padding.VALID, 2
    convolution, dense, _ = read_facts(handmade.packed(changed)).operators
    assert convolution.sliding == Sliding((3, 1), (2, 1), (2, 1), same_padding=False)
    assert dense.sliding is None


def test_pooling_has_no_weights_and_tells_its_filter() -> None:
    changed = handmade.model()
    pooling = schema.Pool2DOptionsT()
    pooling.strideH, pooling.strideW, pooling.filterHeight, pooling.filterWidth = 2, 1, 4, 1
    code, step = changed.operatorCodes[0], changed.subgraphs[0].operators[0]
    code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.AVERAGE_POOL_2D
    step.inputs, step.builtinOptions = step.inputs[:1], pooling
    step.builtinOptionsType = schema.BuiltinOptions.Pool2DOptions
    found = read_facts(handmade.packed(changed)).operators[0].sliding
    assert found == Sliding((4, 1), (2, 1), (1, 1), same_padding=True)


def test_each_kind_of_operator_is_named_once() -> None:
    changed = handmade.model()
    changed.operatorCodes[1] = changed.operatorCodes[2]
    assert read_facts(handmade.packed(changed)).operator_names == ("CONV_2D", "SOFTMAX")


def test_a_dimension_known_only_at_run_time() -> None:
    changed = handmade.model()
    handmade.tensor(changed, "features").shapeSignature = [-1, 16, 1, 6]
    assert not read_facts(handmade.packed(changed)).inputs[0].shape_is_fixed


def test_a_scalar_is_a_tensor_without_dimensions() -> None:
    changed = handmade.model()
    handmade.tensor(changed, "weights").shape = None
    weights = read_facts(handmade.packed(changed)).operators[1].inputs[1]
    assert weights is not None
    assert weights.shape == ()


@pytest.mark.parametrize(
    ("change", "name", "custom"),
    [
        (lambda code: setattr(code, "builtinCode", 28), "TANH", False),
        (lambda code: setattr(code, "builtinCode", 9999), "operator 9999", False),
        (lambda code: setattr(code, "customCode", "Mine"), "SOFTMAX", True),
    ],
)
def test_operators_of_any_kind_have_a_name(
    change: Callable[[Any], None], name: str, custom: bool
) -> None:
    changed = handmade.model()
    change(changed.operatorCodes[2])
    operator = read_facts(handmade.packed(changed)).operators[2]
    assert (operator.name, operator.custom) == (name, custom)


@pytest.mark.parametrize(
    "content",
    [b"", b"TFL3", b"\0" * 64, b"PK\3\4" * 100, "[1, 2]".encode("utf-16"), b"\0\0\0\0TFL2" * 9],
)
def test_other_files_are_refused(content: bytes) -> None:
    with pytest.raises(ModelError, match="not a TensorFlow Lite file"):
        read_facts(content)


@pytest.mark.parametrize("filling", [b"\0", b"\xff", b"\x08\0\0\0", b"TFL3"])
def test_only_the_identifier_is_not_enough(filling: bytes) -> None:
    with pytest.raises(ModelError, match="damaged"):
        read_facts(b"\x20\0\0\0TFL3" + filling * 64)


def test_every_cut_off_file_is_refused() -> None:
    content = handmade.tflite()
    for length in range(len(content)):
        with pytest.raises(ModelError):
            read_facts(content[:length])


@pytest.mark.parametrize("flip", [0x02, 0x80])
def test_any_changed_byte_gives_facts_or_a_model_error(flip: int) -> None:
    content = handmade.tflite()
    refused = 0
    for position in range(len(content)):
        changed = bytearray(content)
        changed[position] ^= flip
        try:
            check_model(read_facts(bytes(changed)))
        except ModelError:
            refused += 1
    assert refused > len(content) / 10  # the rest is weights, names and options


@pytest.mark.parametrize("missing", ["tflite_micro", "ai_edge_litert"])
def test_either_runtime_reads_the_same(
    missing: str, run_python: Callable[..., str], tmp_path: Path
) -> None:
    path = tmp_path / "model.tflite"
    path.write_bytes(handmade.tflite())
    code = (
        "from pathlib import Path\nfrom imu_gesture.inference.flatbuffer import read_facts\n"
        "print(read_facts(Path(sys.argv[1]).read_bytes()))"
    )
    found = run_python(code, path, missing=[missing])
    assert found.strip() == str(read_facts(handmade.tflite()))


def test_without_a_runtime_the_cure_is_named(run_python: Callable[..., str]) -> None:
    code = (
        "from imu_gesture.inference.flatbuffer import read_facts\n"
        "from imu_gesture.errors import ModelError\n"
        "try:\n    read_facts(b'\\0\\0\\0\\0TFL3')\nexcept ModelError as error:\n    print(error)"
    )
    found = run_python(code, missing=["tflite_micro", "ai_edge_litert"])
    assert "pip install ai-edge-litert" in found


@pytest.mark.slow
def test_what_tensorflow_converts(tensorflow_models: dict[str, bytes]) -> None:
    facts = read_facts(tensorflow_models["trained"])
    assert [operator.name for operator in facts.operators] == [
        *(["CONV_2D"] * 3),
        "RESHAPE",
        "FULLY_CONNECTED",
        "SOFTMAX",
    ]
    assert [tensor.shape for tensor in facts.inputs] == [(1, 48, 1, 6)]
    assert [tensor.shape for tensor in facts.outputs] == [(1, 3)]
    assert not read_facts(tensorflow_models["dynamic_batch"]).inputs[0].shape_is_fixed


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["trained", "float", "no_softmax"])
def test_facts_are_what_tensorflow_lite_micro_says(
    kind: str, tensorflow_models: dict[str, bytes]
) -> None:
    content = tensorflow_models[kind]
    facts = read_facts(content)
    interpreter = runtime.Interpreter.from_bytes(content)
    for tensor, details in (
        (facts.inputs[0], interpreter.get_input_details(0)),
        (facts.outputs[0], interpreter.get_output_details(0)),
    ):
        quantisation = details["quantization_parameters"]
        assert tensor.shape == tuple(details["shape"])
        assert tensor.dtype.lower() == np.dtype(details["dtype"]).name
        assert tensor.scales == tuple(quantisation["scales"])
        assert tensor.zero_points == tuple(quantisation["zero_points"])
