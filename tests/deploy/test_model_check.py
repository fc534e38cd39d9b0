"""Models that the board would miscompute never get into a sketch; the message has the cure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ai_edge_litert import schema_py_generated as schema

from imu_gesture.deploy.model_check import KERNELS, check_model
from imu_gesture.deploy.sketch import write_sketch
from imu_gesture.errors import ModelError
from imu_gesture.inference.flatbuffer import read_facts
from tests.models import handmade
from tests.models.manifests import manifest

Change = Callable[[Any], None]


def tensor_is(name: str, **values: object) -> Change:
    """Give a tensor other values."""

    def change(model: Any) -> None:
        for field, value in values.items():
            setattr(handmade.tensor(model, name), field, value)

    return change


def operator_is(number: int, **values: object) -> Change:
    """Give the code of an operator other values."""

    def change(model: Any) -> None:
        for field, value in values.items():
            setattr(model.operatorCodes[number], field, value)

    return change


def ends_are(**values: list[int]) -> Change:
    """Give the graph other inputs or outputs."""

    def change(model: Any) -> None:
        for field, value in values.items():
            setattr(model.subgraphs[0], field, value)

    return change


def dense_per_channel(model: Any) -> None:
    quantisation = handmade.tensor(model, "weights").quantization
    quantisation.scale, quantisation.zeroPoint = [0.004] * 3, [0] * 3


def output_scale(scale: float, zero_point: int) -> Change:
    def change(model: Any) -> None:
        quantisation = handmade.tensor(model, "probabilities").quantization
        quantisation.scale, quantisation.zeroPoint = [scale], [zero_point]

    return change


def mean(model: Any) -> None:
    operator_is(1, builtinCode=schema.BuiltinOperator.MEAN, version=2)(model)
    model.operatorCodes[1].deprecatedBuiltinCode = schema.BuiltinOperator.MEAN


REFUSED: dict[str, tuple[Change, list[str]]] = {
    "dense per channel": (
        dense_per_channel,
        [
            "operator 1 FULLY_CONNECTED (scores): 3 weight scales",
            "_experimental_disable_per_channel_quantization_for_dense_layers = True",
        ],
    ),
    "dense too new": (operator_is(1, version=5), ["FULLY_CONNECTED (scores): version 5"]),
    "dense without weights": (
        lambda model: setattr(model.subgraphs[0].operators[1], "inputs", [3]),
        ["operator 1 FULLY_CONNECTED has no input 1"],
    ),
    "convolution too new": (
        operator_is(0, version=4),
        ["operator 0 CONV_2D (conv/relu): version 4", "the TensorFlow that imu-gesture pins"],
    ),
    "mean": (mean, ["operator 1 MEAN (scores): the board's library", "AveragePooling2D"]),
    "unknown operator": (
        operator_is(2, builtinCode=schema.BuiltinOperator.TANH),
        ["operator 2 TANH (probabilities): not among", "SOFTMAX"],
    ),
    "custom operator": (operator_is(2, customCode="Mine"), ["operator 2 SOFTMAX", "not among"]),
    "schema": (lambda model: setattr(model, "version", 4), ["schema version 4"]),
    "control flow": (
        lambda model: model.subgraphs.append(model.subgraphs[0]),
        ["2 subgraphs", "loops"],
    ),
    "two inputs": (ends_are(inputs=[0, 0]), ["2 inputs; one is wanted"]),
    "two outputs": (ends_are(outputs=[5, 6]), ["2 outputs; one is wanted"]),
    "float input": (
        tensor_is("features", type=schema.TensorType.FLOAT32),
        ["input 'features' is FLOAT32", "inference_input_type=tf.int8"],
    ),
    "float weights": (
        tensor_is("kernels", type=schema.TensorType.FLOAT32),
        ["operator 0 CONV_2D (conv/relu): 'kernels' is FLOAT32", "quantise to int8 throughout"],
    ),
    "16-bit activations": (
        tensor_is("scores", type=schema.TensorType.INT16),
        ["'scores' is INT16", "quantise to int8"],
    ),
    "dynamic batch": (
        tensor_is("features", shapeSignature=[-1, 16, 1, 6]),
        ["no fixed batch of one", "batch_size=1"],
    ),
    "batch of two": (tensor_is("features", shape=[2, 16, 1, 6]), ["no fixed batch of one"]),
    "flat input": (
        tensor_is("features", shape=[1, 96]),
        ["input shape (1, 96); (1, samples, 1, channels) is wanted"],
    ),
    "three sides": (tensor_is("features", shape=[1, 16, 2, 3]), ["input shape (1, 16, 2, 3)"]),
    "dynamic shape inside": (
        tensor_is("scores", shapeSignature=[1, -1]),
        ["'scores' has no fixed shape", "batch_size=1"],
    ),
    "no softmax": (
        output_scale(0.06, 3),
        ["output 'probabilities' is INT8 with scales (0.05999", "end the model with a softmax"],
    ),
    "sigmoid zero point": (output_scale(1 / 256, 0), ["end the model with a softmax"]),
}


def test_a_good_model_passes() -> None:
    check_model(read_facts(handmade.tflite()))


@pytest.mark.parametrize(("change", "said"), REFUSED.values(), ids=REFUSED)
def test_refused_with_the_layer_and_the_cure(change: Change, said: list[str]) -> None:
    changed = handmade.model()
    change(changed)
    with pytest.raises(ModelError) as caught:
        check_model(read_facts(handmade.packed(changed)))
    assert [part for part in said if part not in str(caught.value)] == []


def test_every_problem_is_named_at_once() -> None:
    changed = handmade.model()
    dense_per_channel(changed)
    operator_is(0, version=4)(changed)
    output_scale(0.06, 3)(changed)
    with pytest.raises(ModelError) as caught:
        check_model(read_facts(handmade.packed(changed)))
    assert len(str(caught.value).splitlines()) == 1 + 3


@pytest.mark.parametrize("name", KERNELS)
def test_resolver_methods_follow_the_librarys_naming(name: str) -> None:
    method = KERNELS[name].resolver_method
    assert method.lower() == "add" + name.replace("_", "").lower()
    assert hasattr(schema.BuiltinOperator, name)


def test_a_refused_model_leaves_no_sketch(tmp_path: Path) -> None:
    changed = handmade.model()
    dense_per_channel(changed)
    content = handmade.packed(changed)
    with pytest.raises(ModelError, match="weight scales"):
        write_sketch(tmp_path / "sketch", manifest(content), content, force=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_model_trained_here_becomes_a_sketch(
    tensorflow_models: dict[str, bytes], tmp_path: Path
) -> None:
    content = tensorflow_models["trained"]
    write_sketch(tmp_path / "sketch", manifest(content), content)
    assert (tmp_path / "sketch" / "sketch.ino").is_file()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("dense_per_channel", r"FULLY_CONNECTED \(.*scores.*\): 4 weight scales.*_for_dense"),
        ("mean_of_3d", r"MEAN \(.*pool.*\): the board's library computes it a step off"),
        ("mean_of_4d", r"MEAN \(.*pool.*\): .* use AveragePooling2D over all of time"),
        ("float", r"CONV_2D \(.*conv.*\): .* FLOAT32; quantise to int8"),
        ("float_ends", r"input .* is FLOAT32; convert with inference_input_type=tf.int8"),
        ("dynamic_batch", r"no fixed batch of one; build the model with batch_size=1"),
        ("no_softmax", r"end the model with a softmax"),
        ("unknown_operator", r"operator 1 TANH \(.*Tanh.*\): not among the operators"),
        ("two_inputs", r"2 inputs; one is wanted"),
    ],
)
def test_what_tensorflow_makes_by_default_is_refused(
    kind: str, said: str, tensorflow_models: dict[str, bytes], tmp_path: Path
) -> None:
    content = tensorflow_models[kind]
    anything = manifest(handmade.tflite())
    with pytest.raises(ModelError, match=said):
        write_sketch(tmp_path / "sketch", anything, content)
    assert list(tmp_path.iterdir()) == []
