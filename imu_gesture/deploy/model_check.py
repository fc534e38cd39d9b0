"""Would the board compute what the host computed? Checked in the flatbuffer, for any model.

The libraries that a sketch can depend on carry kernels of early 2023. They take every model that
parses, and compute some of them wrongly without an error; those are refused here by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from imu_gesture import _core
from imu_gesture.errors import ModelError
from imu_gesture.inference.flatbuffer import ModelFacts, Operator, Tensor

SCHEMA_VERSION = 3


@dataclass(frozen=True)
class Kernel:
    """An operator as the board's library knows it."""

    resolver_method: str
    newest_version: int


# Versions as the int8 kernels of the Library Manager's Chirale_TensorFLowLite 2.0.0 have them.
KERNELS = {
    "ADD": Kernel("AddAdd", 2),
    "AVERAGE_POOL_2D": Kernel("AddAveragePool2D", 2),
    "CONCATENATION": Kernel("AddConcatenation", 2),
    "CONV_2D": Kernel("AddConv2D", 3),
    "DEPTHWISE_CONV_2D": Kernel("AddDepthwiseConv2D", 3),
    "FULLY_CONNECTED": Kernel("AddFullyConnected", 4),
    "LOGISTIC": Kernel("AddLogistic", 2),
    "MAX_POOL_2D": Kernel("AddMaxPool2D", 2),
    "MUL": Kernel("AddMul", 2),
    "PAD": Kernel("AddPad", 2),
    "RELU": Kernel("AddRelu", 2),
    "RELU6": Kernel("AddRelu6", 2),
    "RESHAPE": Kernel("AddReshape", 1),
    "SOFTMAX": Kernel("AddSoftmax", 2),
}
# Computed a step off by that library, in one window of six, and the scores with it.
_STEP_OFF = {
    "MEAN": "GlobalAveragePooling is one; use AveragePooling2D over all of time in its place",
}
# What models of our architectures use, so that every sketch can take them over a link.
FAMILY_OPERATORS = ("AVERAGE_POOL_2D", "CONV_2D", "FULLY_CONNECTED", "RESHAPE", "SOFTMAX")
_INTEGER_TYPES = ("INT8", "INT32", "INT64")


def check_model(facts: ModelFacts) -> None:
    """Refuse a model that the board would run wrongly or not at all.

    Raises:
        ModelError: one sentence for each problem, with the layer and the cure.
    """
    problems = [*_input_problems(facts), *_output_problems(facts)]
    if facts.schema_version != SCHEMA_VERSION:
        problems.append(
            f"schema version {facts.schema_version}; the board's library reads {SCHEMA_VERSION}"
        )
    if facts.subgraphs != 1:
        problems.append(
            f"{facts.subgraphs} subgraphs; control flow and loops do not run on the board"
        )
    for operator in facts.operators:
        problems.extend(_operator_problems(operator))
    if problems:
        raise ModelError("the board cannot be trusted with this model:\n  " + "\n  ".join(problems))


def _input_problems(facts: ModelFacts) -> Iterator[str]:
    if len(facts.inputs) != 1:
        yield f"{len(facts.inputs)} inputs; one is wanted"
        return
    tensor = facts.inputs[0]
    if tensor.dtype != "INT8":
        yield f"input {tensor.name!r} is {tensor.dtype}; convert with inference_input_type=tf.int8"
    sides = [size for size in tensor.shape if size != 1]
    if not tensor.shape_is_fixed or tensor.shape[:1] != (1,):
        yield f"input {tensor.name!r} has no fixed batch of one; build the model with batch_size=1"
    elif len(sides) > 2 or len(tensor.shape) < 3:
        yield f"input shape {tensor.shape}; (1, samples, 1, channels) is wanted"


def _output_problems(facts: ModelFacts) -> Iterator[str]:
    if len(facts.outputs) != 1 and not _has_logits(facts):
        yield f"{len(facts.outputs)} outputs; one is wanted, or the logits too"
        return
    tensor = facts.outputs[0]
    is_probability = tensor.scales == (1.0 / _core.SCORE_LEVELS,) and tensor.zero_points == (
        _core.SCORE_ZERO_POINT,
    )
    if tensor.dtype != "INT8" or not is_probability:
        yield (
            f"output {tensor.name!r} is {tensor.dtype} with scales {tensor.scales}; end the model "
            "with a softmax and convert with inference_output_type=tf.int8"
        )


def _has_logits(facts: ModelFacts) -> bool:
    """Whether the outputs are scores and what the softmax makes them of."""
    last = facts.operators[-1]
    return last.name == "SOFTMAX" and facts.outputs == (last.outputs[0], last.inputs[0])


def _operator_problems(operator: Operator) -> Iterator[str]:
    layer = f"operator {operator.index} {operator.name} ({_layer_name(operator)})"
    kernel = KERNELS.get(operator.name)
    if operator.name in _STEP_OFF:
        cure = _STEP_OFF[operator.name]
        yield f"{layer}: the board's library computes it a step off, without an error; {cure}"
        return
    if kernel is None or operator.custom:
        yield f"{layer}: not among the operators for the board ({', '.join(sorted(KERNELS))})"
        return
    if operator.name == "FULLY_CONNECTED":
        yield from _dense_problems(layer, operator)
    elif operator.version > kernel.newest_version:
        yield (
            f"{layer}: version {operator.version}; the board's library knows up to "
            f"{kernel.newest_version}. Convert with the TensorFlow that imu-gesture pins"
        )
    for tensor in (*operator.inputs, *operator.outputs):
        if tensor is not None and tensor.dtype not in _INTEGER_TYPES:
            yield f"{layer}: {tensor.name!r} is {tensor.dtype}; quantise to int8 throughout"
        if tensor is not None and not tensor.shape_is_fixed:
            yield f"{layer}: {tensor.name!r} has no fixed shape; build with batch_size=1"


def _dense_problems(layer: str, operator: Operator) -> Iterator[str]:
    weights = _input(operator, 1)
    if len(weights.scales) > 1:
        yield (
            f"{layer}: {len(weights.scales)} weight scales; the board's library uses the first for "
            "all and computes wrong scores without an error. Convert with "
            "_experimental_disable_per_channel_quantization_for_dense_layers = True"
        )
    elif operator.version > KERNELS[operator.name].newest_version:
        yield (
            f"{layer}: version {operator.version}; the board's library knows up to "
            f"{KERNELS[operator.name].newest_version}"
        )


def _input(operator: Operator, place: int) -> Tensor:
    tensor = operator.inputs[place] if place < len(operator.inputs) else None
    if tensor is None:
        raise ModelError(f"operator {operator.index} {operator.name} has no input {place}")
    return tensor


def _layer_name(operator: Operator) -> str:
    """The converter joins the names of all fused layers with semicolons; the first says enough."""
    return operator.outputs[0].name.split(";")[0] if operator.outputs else "unnamed"
