"""A head in integers only, as a board could compute it: its answers here, its cost in QEMU."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from form import Row, say

from imu_gesture.dataset.dataset import Dataset
from imu_gesture.learning.fewshot import Embedding
from imu_gesture.learning.fewshot_features import standard_scaling

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.firmware.class_sums import head_bytes, integer_head, replay_sums
from tests.firmware.compilers import TARGETS

_BOARD = next(target for target in TARGETS if target.runner)


def answers_in_integers(embedding: Embedding, shots: Dataset, windows: np.ndarray) -> np.ndarray:
    """(n,) classes of windows, by sums over the shots alone."""
    scaling = standard_scaling(shots.windows)
    levels = embedding.levels(scaling, shots.windows).astype(np.int64)
    weights, biases = integer_head(levels, shots.label)
    logits = embedding.levels(scaling, windows).astype(np.int64) @ weights.T + biases
    return np.asarray(logits.argmax(axis=1))


def sums_on_the_board(embedding: Embedding, shots: Dataset) -> Iterator[Row]:
    """Instructions of the same, and whether it is the same."""
    if _BOARD.missing:
        say(f"{_BOARD.missing} is not installed: no instructions counted")
        return
    scaling = standard_scaling(shots.windows)
    levels = embedding.levels(scaling, shots.windows).astype(np.int64)
    with TemporaryDirectory() as folder:
        found = replay_sums(_BOARD, levels, shots.label, Path(folder))
    expected = head_bytes(levels, shots.label)
    differing = sum(a != b for a, b in zip(found.head, expected, strict=True))
    where = f"{levels.shape[1]} values, mps2-an386, -Os"
    for name, count in (
        ("sums.example_instructions", found.example_instructions),
        ("sums.head_instructions", found.head_instructions),
    ):
        yield Row(name, count, "instr", note=f"{len(shots.label_names)} classes, {where}")
    yield Row("sums.differing_bytes", differing, "bytes", note=f"of {len(expected)}, to the host")
