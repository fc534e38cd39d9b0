"""A dense head from integer sums: the same in numpy, and `class_sums.cpp` built and run."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.firmware.compilers import HERE, Target

_COUNTING = ("-icount", "shift=0")  # a nanosecond of virtual time with each instruction
_LOOP_INSTRUCTIONS = 200_000
_FRACTION = 16
_TIMEOUT_S = 120

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Replayed:
    """What the program made; instructions on the emulated board only.

    Attributes:
        head: int8 weights, class by class, then int32 biases.
        example_instructions: to add one example to its sum.
        head_instructions: to make the head of all sums.
    """

    head: bytes
    example_instructions: float
    head_instructions: float


def integer_head(levels: Integers, label: NDArray[np.intp]) -> tuple[Integers, Integers]:
    """Nearest class mean of int8 points (n, size): weights (classes, size), biases (classes,)."""
    classes = int(label.max()) + 1
    means = np.stack(
        [
            _divided(_FRACTION * levels[label == c].sum(axis=0), int(np.sum(label == c)))
            for c in range(classes)
        ]
    )
    centre = _divided(means.sum(axis=0), classes)
    greatest = max(1, int(np.abs(means - centre).max()))
    weights = _divided(127 * (means - centre), greatest)
    return weights, -_divided(np.sum(weights * (means + centre), axis=1), 2 * _FRACTION)


def head_bytes(levels: Integers, label: NDArray[np.intp]) -> bytes:
    """As the program writes it."""
    weights, biases = integer_head(levels, label)
    return weights.astype(np.int8).tobytes() + biases.astype(np.int32).tobytes()


def replay_sums(
    target: Target, levels: Integers, label: NDArray[np.intp], folder: Path
) -> Replayed:
    """Build and run for a machine."""
    records = np.zeros(len(levels), [("label", "u1"), ("point", "i1", levels.shape[1])])
    records["label"], records["point"] = label, levels
    shape = np.array([levels.shape[1], int(label.max()) + 1], np.uint32)
    (folder / "shots.bin").write_bytes(shape.tobytes() + records.tobytes())
    command = target.build(HERE / "class_sums.cpp", folder)
    if target.runner:
        command[1:1] = _COUNTING
    subprocess.run(command, cwd=folder, check=True, timeout=_TIMEOUT_S)
    loop, adding, making, examples = map(int, (folder / "cost.txt").read_text().split())
    each = _LOOP_INSTRUCTIONS / loop if loop else 0.0
    head = (folder / "head.bin").read_bytes()
    return Replayed(head, each * adding / examples, each * making)


def _divided(value: Integers, by: int) -> Integers:
    """Half away from zero, as the board does."""
    return np.asarray(np.sign(value) * ((np.abs(value) + by // 2) // by), np.int64)
