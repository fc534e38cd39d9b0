"""Integer sums give the same head on the host and on the emulated board."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.firmware.class_sums import head_bytes, integer_head, replay_sums
from tests.firmware.compilers import TARGETS, Target

CASES = {
    "random": (5, 3, 360, (-128, 128)),
    "one example": (4, 1, 360, (-128, 128)),
    "all at an end": (3, 5, 360, (127, 128)),
    "most of all": (16, 20, 512, (-128, 128)),
}


def points(case: tuple[int, int, int, tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    classes, shots, size, values = case
    levels = np.random.default_rng(size).integers(*values, (classes * shots, size))
    return levels, np.repeat(np.arange(classes), shots)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_the_board_makes_the_hosts_head(
    target: Target, case: tuple[int, int, int, tuple[int, int]], tmp_path: Path
) -> None:
    if target.missing:
        pytest.skip(f"{target.missing} is not installed (.ci/run shows the packages)")
    levels, label = points(case)
    found = replay_sums(target, levels, label, tmp_path)
    assert found.head == head_bytes(levels, label)
    assert (found.example_instructions > 0) == bool(target.runner)


def test_the_head_finds_the_nearest_mean() -> None:
    rng = np.random.default_rng(4)
    means = rng.integers(-60, 60, (4, 40))
    label = np.repeat(np.arange(4), 6)
    levels = np.clip(means[label] + rng.integers(-20, 21, (24, 40)), -128, 127)
    weights, biases = integer_head(levels, label)
    logits = levels @ weights.T + biases
    np.testing.assert_array_equal(logits.argmax(axis=1), label)
