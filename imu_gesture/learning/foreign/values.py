"""Foreign tensors and where their elements lie in ours. Imported in workers only.

Foreign models keep channels before time; the board wants (1, samples, 1, channels). Instead of
transposing, each tensor carries an index that says where its elements are: transposing and
reshaping change the index alone, and dense weights are sorted by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as with_changes
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from imu_gesture.errors import ModelError
from imu_gesture.learning.foreign.onnx_graph import Array, Step

Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Value:
    """One tensor of the foreign model, as it is computed by ours.

    Attributes:
        tensor: of the Keras network, batch first.
        index: in the foreign shape, batch of one first: where each element lies in `tensor`.
        positive: whether no element can be less than zero.
    """

    tensor: Any
    index: Index
    positive: bool = False

    def reindexed(self, index: Index) -> Value:
        """The same elements in another foreign order or shape."""
        return with_changes(self, index=index)


@dataclass(frozen=True, eq=False)
class Plane:
    """A value as convolutions and pooling want it: (1, rows, columns, channels).

    Attributes:
        swapped: rows are the foreign model's second axis of space, columns its first.
        rank: of the foreign tensor, 3 or 4.
    """

    tensor: Any
    swapped: bool
    rank: int

    @property
    def sizes(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.tensor.shape[1], self.tensor.shape[2]

    def pair(self, foreign: Any, default: int) -> tuple[int, int]:
        """A setting with an entry for each axis of space, as (rows, columns)."""
        entries = list(foreign) if foreign else [default] * (self.rank - 2)
        first, second = [*entries, default][:2] if self.rank == 3 else entries
        return (second, first) if self.swapped else (first, second)

    def value(self, tensor: Any, positive: bool = False) -> Value:
        """What a layer made of the plane, with channels before space again."""
        index = np.moveaxis(in_order(tensor.shape), -1, 1)
        if self.swapped:
            index = index.swapaxes(2, 3)
        return Value(tensor, index[..., 0] if self.rank == 3 else index, positive)


def in_order(shape: tuple[int | None, ...]) -> Index:
    """The index of a tensor that is kept as it is foreign."""
    sizes = (1, *(int(size or 1) for size in shape[1:]))
    return np.arange(np.prod(sizes)).reshape(sizes)


def as_plane(value: Value, step: Step) -> Plane:
    """See a value as rows, columns and channels, without moving an element.

    Raises:
        ModelError: elements would have to be moved.
    """
    rank = value.index.ndim
    if rank not in (3, 4):
        raise ModelError(
            f"{step}: takes {rank} dimensions; convolve and pool along one or two axes"
        )
    index = value.index[..., None] if rank == 3 else value.index
    last = np.moveaxis(index, 1, -1)
    for swapped, wanted in ((False, last), (True, last.swapaxes(1, 2))):
        if np.array_equal(wanted.ravel(), np.arange(wanted.size)):
            return Plane(reshaped(value.tensor, wanted.shape), swapped, rank)
    raise ModelError(
        f"{step}: its channels are not the last axis in memory, so the board would have to "
        "transpose; let convolutions run along time, over the sensor's channels"
    )


def as_row(value: Value) -> Any:
    """All elements side by side: (1, size), in our order."""
    return reshaped(value.tensor, (1, value.index.size))


def reshaped(tensor: Any, shape: tuple[int, ...]) -> Any:
    """The tensor in another shape, where it has not got it yet."""
    if tuple(tensor.shape[1:]) == tuple(shape[1:]):
        return tensor
    if len(shape) == 2:
        return keras.layers.Flatten()(tensor)
    return keras.layers.Reshape(shape[1:])(tensor)


def placed(constant: Array, value: Value) -> Array:
    """A foreign constant, broadcast, with its elements where the value's are; channels kept short.

    Returns: float32 that broadcasts against `value.tensor`.
    """
    ours = np.empty(value.index.size, np.float32)
    ours[value.index.ravel()] = np.broadcast_to(constant, value.index.shape).ravel()
    shape = (1, *value.tensor.shape[1:])
    whole = ours.reshape(shape)
    short = whole[(0,) * (whole.ndim - 1)]
    return short if np.array_equal(np.broadcast_to(short, shape), whole) else whole
