"""The 48 ways to name, order and point three axes, and the words for them."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
from numpy.typing import NDArray

AxisMap = NDArray[np.int64]
"""(3, 3) signed permutation: true = map @ reading."""

_NAMES = "xyz"

AXIS_MAPS: tuple[AxisMap, ...] = tuple(
    np.diag(signs) @ np.eye(3, dtype=np.int64)[list(order)]
    for order in permutations(range(3))
    for signs in product((1, -1), repeat=3)
)
IDENTITY: AxisMap = np.eye(3, dtype=np.int64)


def handedness(axes: AxisMap) -> int:
    """1 where a right-handed frame stays right-handed, else -1."""
    return round(float(np.linalg.det(axes)))


def changed_axes(axes: AxisMap) -> int:
    """How many axes are not what they are called."""
    return int(np.sum(np.diag(axes) != 1))


def is_identity(axes: AxisMap) -> bool:
    """Does nothing have to be changed?"""
    return bool(np.array_equal(axes, IDENTITY))


def describe(axes: AxisMap) -> str:
    """What is wrong with readings that `axes` puts right."""
    flipped = [_NAMES[i] for i in range(3) if axes[i, i] == -1]
    moved = [i for i in range(3) if axes[i, i] == 0]
    if not moved:
        return f"{_listed(flipped)} {'is' if len(flipped) == 1 else 'are'} flipped"
    positive = all(axes[i].sum() == 1 for i in moved)
    if len(moved) == 2 and positive and not flipped:
        return f"{_NAMES[moved[0]]} and {_NAMES[moved[1]]} are swapped"
    return f"x, y, z are really {formula(axes.T)}"


def formula(axes: AxisMap) -> str:
    """The correction as a sketch would write it, such as `(-x, z, y)`."""
    terms = []
    for row in axes:
        column = int(np.argmax(np.abs(row)))
        terms.append(("-" if row[column] < 0 else "") + _NAMES[column])
    return f"({', '.join(terms)})"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
