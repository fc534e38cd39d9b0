"""An ONNX model as a list of steps: shapes fixed, constants computed. Imported in workers only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from onnx.reference.op_run import OpRun

from imu_gesture.errors import ModelError

Array = NDArray[Any]
Shape = tuple[int, ...]

_OLDEST_OPSET = 13  # since then axes are inputs, which is the form the layers know
_SCOPES = "pkg.torch.onnx.name_scopes"  # where PyTorch's exporter keeps the names of modules


@dataclass(frozen=True, eq=False)
class Step:
    """One operation.

    Attributes:
        layer: its name for people: PyTorch's module, or the node's own name.
        inputs: names of values; empty where an optional one is left out.
    """

    kind: str
    layer: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    settings: dict[str, Any]

    def __str__(self) -> str:
        return f"layer {self.layer!r} ({self.kind})"


@dataclass(frozen=True, eq=False)
class Graph:
    """A whole model with one input and one output.

    Attributes:
        model: with its batch fixed to one; what ONNX's reference runs.
        constants, shapes: by the name of the value.
    """

    model: onnx.ModelProto
    steps: tuple[Step, ...]
    constants: dict[str, Array]
    shapes: dict[str, Shape]
    input: str
    output: str

    @property
    def classes(self) -> int:
        """How many scores there are.

        Raises:
            ModelError: that depends on more than the batch.
        """
        return prod(self.shape_of(self.output))

    def shape_of(self, name: str) -> Shape:
        """The shape of a value.

        Raises:
            ModelError: it is only known once the model runs.
        """
        if name not in self.shapes:
            raise ModelError(f"{name!r} has no fixed shape; export the model with fixed ones")
        return self.shapes[name]


def load_onnx(path: Path) -> onnx.ModelProto:
    """Read a file, with weights that lie beside it.

    Raises:
        ModelError: it is no ONNX model, or not whole.
    """
    try:
        model = onnx.load(path)
        onnx.checker.check_model(model)
    except Exception as error:  # of the checker's classes, or of those that read its bytes
        raise ModelError(f"{path.name}: not a whole ONNX model ({_first_line(error)})") from error
    return model


def read_graph(model: onnx.ModelProto) -> Graph:
    """Fix the batch to one, infer all shapes, and compute whatever does not depend on the input.

    Raises:
        ModelError: several inputs or outputs, sides of variable length, or already quantised.
    """
    model = _recent(model)
    tensor = _only_input(model)
    _fix_batch(model, tensor)
    inferred = onnx.shape_inference.infer_shapes(model, data_prop=True)
    graph = inferred.graph
    shapes: dict[str, Shape] = {}
    for value in (*graph.input, *graph.value_info, *graph.output):
        if (shape := _fixed_shape(value)) is not None:
            shapes[value.name] = shape
    constants = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    output = graph.output[0].name
    steps = _leading_to(output, list(_steps(graph, constants, shapes)))
    return Graph(inferred, steps, constants, shapes, tensor.name, output)


def run_reference(model: onnx.ModelProto, windows: Array) -> Array:
    """What ONNX's own reference implementation computes of (n, ...) windows, one at a time."""
    name = _only_input(model).name
    evaluator = ReferenceEvaluator(model, new_ops=[GlobalMaxPool])
    results: list[Any] = [evaluator.run(None, {name: window[None]}) for window in windows]
    return np.concatenate([np.reshape(scores, (1, -1)) for (scores,) in results])


class GlobalMaxPool(OpRun):
    """ONNX's own (1.23) takes the maximum over channels too, where there is one axis of space."""

    op_domain = ""

    def _run(self, tensor: Array) -> tuple[Array]:
        return (tensor.max(axis=tuple(range(2, tensor.ndim)), keepdims=True),)


def _recent(model: onnx.ModelProto) -> onnx.ModelProto:
    version = next((o.version for o in model.opset_import if o.domain in ("", "ai.onnx")), 0)
    if version >= _OLDEST_OPSET:
        return model
    try:
        return onnx.version_converter.convert_version(model, _OLDEST_OPSET)
    except (RuntimeError, ValueError) as error:
        raise ModelError(
            f"its operators are of ONNX opset {version}, which could not be brought to "
            f"{_OLDEST_OPSET} ({_first_line(error)}); export it with opset_version={_OLDEST_OPSET} "
            "or newer"
        ) from error


def _only_input(model: onnx.ModelProto) -> onnx.ValueInfoProto:
    weights = {one.name for one in model.graph.initializer}
    inputs = [value for value in model.graph.input if value.name not in weights]
    for what, values in (("inputs", inputs), ("outputs", list(model.graph.output))):
        if len(values) != 1:
            names = ", ".join(value.name for value in values)
            raise ModelError(f"{len(values)} {what} ({names}); one is wanted")
    if inputs[0].type.tensor_type.elem_type != onnx.TensorProto.FLOAT:
        kind = onnx.TensorProto.DataType.Name(inputs[0].type.tensor_type.elem_type)
        raise ModelError(f"input {inputs[0].name!r} is {kind}; export the float32 model")
    tensor: onnx.ValueInfoProto = inputs[0]
    return tensor


def _fix_batch(model: onnx.ModelProto, tensor: onnx.ValueInfoProto) -> None:
    sides = tensor.type.tensor_type.shape.dim
    if not sides:
        raise ModelError(f"input {tensor.name!r} has no shape; export with fixed ones")
    if sides[0].dim_value > 1:
        raise ModelError(
            f"input {tensor.name!r} takes {sides[0].dim_value} windows at a time; export it with "
            "an example of one window"
        )
    loose = [
        side.dim_param or "unnamed" for side in list(sides)[1:] if not side.HasField("dim_value")
    ]
    if loose:
        raise ModelError(
            f"input {tensor.name!r} has sides of variable length ({', '.join(loose)}); only the "
            "batch may be: export it with an example of the length that the board sees"
        )
    sides[0].dim_value = 1
    del model.graph.value_info[:]  # they may still speak of the variable batch
    for value in model.graph.output:
        value.type.tensor_type.ClearField("shape")


def _fixed_shape(value: onnx.ValueInfoProto) -> Shape | None:
    tensor = value.type.tensor_type
    if not tensor.HasField("shape"):
        return None
    sides = tensor.shape.dim
    whole = all(side.HasField("dim_value") for side in sides)
    return tuple(side.dim_value for side in sides) if whole else None


def _steps(
    graph: onnx.GraphProto, constants: dict[str, Array], shapes: dict[str, Shape]
) -> Iterator[Step]:
    """The steps that depend on the input; results of the others are added to the constants."""
    for node in graph.node:
        if node.op_type == "Shape" and node.input[0] in shapes:
            size = np.array(shapes[node.input[0]], np.int64)
            settings = _settings(node)
            constants[node.output[0]] = size[settings.get("start", 0) : settings.get("end")]
        elif all(name in constants for name in node.input if name):
            constants |= _computed(node, {name: constants[name] for name in node.input if name})
        else:
            kind = (
                node.op_type if node.domain in ("", "ai.onnx") else f"{node.domain}.{node.op_type}"
            )
            yield Step(kind, _layer(node), tuple(node.input), tuple(node.output), _settings(node))


def _computed(node: onnx.NodeProto, given: dict[str, Array]) -> dict[str, Array]:
    """The results of a node whose inputs are all known, by name."""
    try:
        results: Any = ReferenceEvaluator(node).run(None, given)
    except Exception as error:  # of whatever class the operator's code meets
        raise ModelError(
            f"layer {_layer(node)!r} ({node.op_type}): what it makes of constants cannot be "
            f"computed here ({_first_line(error)})"
        ) from error
    return dict(zip(node.output, results, strict=False))


def _leading_to(output: str, steps: list[Step]) -> tuple[Step, ...]:
    """Those steps that the output depends on, in order; it is the result of the last."""
    wanted, found = {output}, []
    for step in reversed(steps):
        if wanted.intersection(step.outputs):
            wanted.update(step.inputs)
            found.append(step)
    return tuple(reversed(found))


def _settings(node: onnx.NodeProto) -> dict[str, Any]:
    values = {entry.name: helper.get_attribute_value(entry) for entry in node.attribute}
    return {
        name: value.decode() if isinstance(value, bytes) else value
        for name, value in values.items()
    }


def _layer(node: onnx.NodeProto) -> str:
    """The innermost module that PyTorch names, else the node's name, else what it computes."""
    for entry in node.metadata_props:
        if entry.key == _SCOPES:
            modules = [name for name in ast.literal_eval(entry.value)[:-1] if name]
            if modules:
                return str(modules[-1])
    return str(node.name or node.output[0])


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
