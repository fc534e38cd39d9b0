"""A head in integers only, as a board could compute it: its numbers here, its cost in QEMU."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from form import Row, say
from numpy.typing import NDArray

from imu_gesture.dataset.dataset import Dataset
from imu_gesture.learning.fewshot import Embedding
from imu_gesture.learning.fewshot_features import Scaling, standard_scaling

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.firmware.compilers import HERE, TARGETS

_BOARD = next(target for target in TARGETS if target.runner)
_COUNTING = ("-icount", "shift=0")  # a nanosecond of virtual time with each instruction
_LOOP_INSTRUCTIONS = 200_000
_FRACTION = 16
_TIMEOUT_S = 120

Integers = NDArray[np.int64]


def integer_head(levels: Integers, label: NDArray[np.intp]) -> tuple[Integers, Integers]:
    """Nearest class mean of int8 points (n, size): weights, biases."""
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


def answers_in_integers(embedding: Embedding, shots: Dataset, windows: np.ndarray) -> np.ndarray:
    """(n,) classes of windows, by sums over the shots alone."""
    scaling = standard_scaling(shots.windows)
    weights, biases = integer_head(_levels(embedding, scaling, shots.windows), shots.label)
    logits = _levels(embedding, scaling, windows) @ weights.T + biases
    return np.asarray(logits.argmax(axis=1))


def sums_on_the_board(embedding: Embedding, shots: Dataset) -> Iterator[Row]:
    """Instructions of the same, and whether it is the same."""
    if _BOARD.missing:
        say(f"{_BOARD.missing} is not installed: no instructions counted")
        return
    levels = _levels(embedding, standard_scaling(shots.windows), shots.windows)
    weights, biases = integer_head(levels, shots.label)
    with TemporaryDirectory() as name:
        head, (loop, adding, making, examples) = _replayed(Path(name), levels, shots.label)
    expected = weights.astype(np.int8).tobytes() + biases.astype(np.int32).tobytes()
    differing = sum(a != b for a, b in zip(head, expected, strict=True))
    each = _LOOP_INSTRUCTIONS / loop
    where = f"{levels.shape[1]} values, mps2-an386, -Os"
    yield Row("sums.example_instructions", each * adding / examples, "instructions", note=where)
    note = f"{len(weights)} classes, {where}"
    yield Row("sums.head_instructions", each * making, "instructions", note=note)
    yield Row("sums.differing_bytes", differing, "bytes", note=f"of {len(expected)}, to the host")


def _levels(embedding: Embedding, scaling: Scaling, windows: np.ndarray) -> Integers:
    return embedding.levels(scaling, windows).astype(np.int64)


def _replayed(
    folder: Path, levels: Integers, label: NDArray[np.intp]
) -> tuple[bytes, tuple[int, ...]]:
    """The head's bytes and the counted ticks."""
    records = np.zeros(len(levels), [("label", "u1"), ("point", "i1", levels.shape[1])])
    records["label"], records["point"] = label, levels
    shape = np.array([levels.shape[1], int(label.max()) + 1], np.uint32)
    (folder / "shots.bin").write_bytes(shape.tobytes() + records.tobytes())
    command = _BOARD.build(HERE / "class_sums.cpp", folder)
    command[1:1] = _COUNTING
    subprocess.run(command, cwd=folder, check=True, timeout=_TIMEOUT_S)
    counted = tuple(map(int, (folder / "cost.txt").read_text().split()))
    return (folder / "head.bin").read_bytes(), counted


def _divided(value: Integers, by: int) -> Integers:
    """Half away from zero, as the board does."""
    return np.asarray(np.sign(value) * ((np.abs(value) + by // 2) // by), np.int64)
