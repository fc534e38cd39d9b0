"""How often the board's kernels take each of their steps for an operator.

CMSIS-NN copies what lies under a convolution's filter into two columns of 16 bits, four channels at
a time, and multiplies them with two channels' weights, four products at a time; a last odd column
or channel is multiplied alone. What a step costs is in `kernel_table`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from imu_gesture.errors import ModelError
from imu_gesture.inference.flatbuffer import Operator, Sliding, Tensor


@dataclass(frozen=True)
class Steps:
    """The kernel that runs, and how often it takes each of its steps besides being called."""

    kernel: str
    counts: dict[str, int]


def steps_of(operator: Operator) -> Steps:
    """Steps of one operator of a model that passed `check_model`.

    Raises:
        ModelError: the operator lacks what its kernel needs.
    """
    if operator.name == "CONV_2D":
        return _convolution(operator)
    if operator.name == "DEPTHWISE_CONV_2D":
        return _depthwise(operator)
    if operator.name == "FULLY_CONNECTED":
        return _dense(operator)
    if operator.name in {"AVERAGE_POOL_2D", "MAX_POOL_2D"}:
        return _pooling(operator)
    return _element_by_element(operator)


@dataclass(frozen=True)
class _Places:
    """Where a filter is laid: its cells, its positions, its rows and cells at all of them."""

    cells: int
    positions: int
    rows: int
    inside: int
    outside: int
    dilated: bool


def _places(operator: Operator) -> _Places:
    sliding = operator.sliding
    if sliding is None:
        raise ModelError(f"operator {operator.index} {operator.name} does not tell its stride")
    sizes, ends = _input(operator, 0).shape[1:3], operator.outputs[0].shape[1:3]
    inside = prod(
        _inside(side, size, end, sliding)
        for side, (size, end) in enumerate(zip(sizes, ends, strict=True))
    )
    positions, cells = prod(ends), prod(sliding.filter)
    rows = positions * sliding.filter[0]
    dilated = sliding.dilation != (1, 1)
    return _Places(cells, positions, rows, inside, positions * cells - inside, dilated)


def _inside(side: int, size: int, positions: int, sliding: Sliding) -> int:
    """Cells of the filter that lie on the input, over all positions along one side."""
    length, stride = sliding.filter[side], sliding.stride[side]
    dilation = sliding.dilation[side]
    reach = (length - 1) * dilation + 1
    before = max((positions - 1) * stride + reach - size, 0) // 2 if sliding.same_padding else 0
    starts = [position * stride - before for position in range(positions)]
    return sum(0 <= start + cell * dilation < size for start in starts for cell in range(length))


def _convolution(operator: Operator) -> Steps:
    source, weights = _input(operator, 0), _input(operator, 1)
    places, filters = _places(operator), weights.shape[0]
    terms = prod(weights.shape[1:])
    if prod(weights.shape[1:3]) == 1 and prod(source.shape[1:3]) == places.positions:
        return _matrix_product(places.positions, filters, terms)
    channels = weights.shape[3]
    quads = (places.positions // 2) * (filters // 2)
    singles = places.positions * filters - 4 * quads
    copies = {
        "position": places.positions,
        "filter row": places.rows,
        "copy": places.inside,
        "copied four": places.inside * (channels // 4),
        "copied one": places.inside * (channels % 4),
        "padding": places.outside,
    }
    return Steps(
        "CONV_2D", copies | _products("quad", quads, terms) | _products("single", singles, terms)
    )


def _products(name: str, outputs: int, terms: int) -> dict[str, int]:
    """Sums of `terms` products each, four at a time and then one by one."""
    fours, ones = outputs * (terms // 4), outputs * (terms % 4)
    return {name: outputs, f"{name} four": fours, f"{name} one": ones}


def _matrix_product(positions: int, filters: int, terms: int) -> Steps:
    """A convolution with one cell in its filter needs no copy; it multiplies 16 at a time.

    So does a dense layer along another dimension.
    """
    pairs = filters // 2
    quads, lasts = (positions // 2) * pairs, (positions % 2) * pairs
    singles = positions * (filters % 2)
    counts = {
        "filter pair": pairs,
        "weight": filters * terms,
        "quad": quads,
        "quad sixteen": quads * (terms // 16),
        "quad one": quads * (terms % 16),
        "last pair": lasts,
        "last pair sixteen": lasts * (terms // 16),
        "last pair one": lasts * (terms % 16),
        "single": singles,
        "single one": singles * terms,
    }
    return Steps("CONV_2D of one cell", counts)


def _depthwise(operator: Operator) -> Steps:
    places, channels = _places(operator), operator.outputs[0].shape[3]
    multiplier = channels // _input(operator, 0).shape[3]
    if multiplier > 1 or places.dilated:
        by_fours = multiplier % 4 == 0 and not places.dilated
        kernel = "DEPTHWISE_CONV_2D " + ("by fours" if by_fours else "multiplied")
        outputs = places.positions * channels
        counts = {
            "position": places.positions,
            "output": outputs,
            "product": places.inside * channels,
        }
        return Steps(kernel, counts)
    fours, ones = places.positions * (channels // 4), places.positions * (channels % 4)
    counts = {
        "position": places.positions,
        "copy": places.inside,
        "copied four": places.inside * (channels // 4),
        "copied one": places.inside * (channels % 4),
        "padding": places.outside,
        "four": fours,
        "four pair": fours * (places.cells // 2),
        "four one": fours * (places.cells % 2),
        "one": ones,
        "one product": ones * places.cells,
    }
    return Steps("DEPTHWISE_CONV_2D", counts)


def _dense(operator: Operator) -> Steps:
    outputs, terms = _input(operator, 1).shape
    shape = operator.outputs[0].shape
    rows = prod(shape) // outputs
    if len(shape) > 2 and terms % 4 == 0:
        return _matrix_product(rows, outputs, terms)
    pairs, singles = rows * (outputs // 2), rows * (outputs % 2)
    products = _products("pair", pairs, terms) | _products("single", singles, terms)
    return Steps("FULLY_CONNECTED", {"row": rows} | products)


def _pooling(operator: Operator) -> Steps:
    places, channels = _places(operator), operator.outputs[0].shape[3]
    counts = {
        "position": places.positions,
        "cell": places.inside,
        "output four": places.positions * (channels // 4),
        "output one": places.positions * (channels % 4),
        "cell four": places.inside * (channels // 4),
        "cell one": places.inside * (channels % 4),
    }
    return Steps(operator.name, counts)


def _element_by_element(operator: Operator) -> Steps:
    shape, outputs = operator.outputs[0].shape, prod(operator.outputs[0].shape)
    if operator.name == "CONCATENATION":
        copies = sum(prod(t.shape[:-1]) for t in operator.inputs if t is not None)
        return Steps("CONCATENATION", {"copy": copies, "output": outputs})
    if operator.name in {"ADD", "MUL"}:
        whole = _input(operator, 0).shape == _input(operator, 1).shape == shape
        return Steps(operator.name + ("" if whole else " of two shapes"), {"output": outputs})
    return Steps(operator.name, {"output": outputs})


def _input(operator: Operator, place: int) -> Tensor:
    tensor = operator.inputs[place] if place < len(operator.inputs) else None
    if tensor is None:
        raise ModelError(f"operator {operator.index} {operator.name} has no input {place}")
    return tensor
