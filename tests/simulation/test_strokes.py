"""Random gestures: seeded, closed, smooth, and each another."""

from __future__ import annotations

import numpy as np
import pytest

from imu_gesture.simulation.performer import Action, Performer
from imu_gesture.simulation.strokes import random_gesture

PHASE = np.linspace(0, 1, 200)


@pytest.mark.parametrize("seed", range(40))
def test_a_gesture_leaves_its_posture_and_comes_back(seed: int) -> None:
    position_m, rotation_rad = random_gesture(seed)(PHASE)
    assert position_m.shape == rotation_rad.shape == (200, 3)
    ends = np.abs([position_m[0], position_m[-1], rotation_rad[0], rotation_rad[-1]])
    assert ends.max() < 1e-9
    assert 0.02 < np.abs(position_m).max() < 0.25
    # No jump: a step of 1/200 is a small part of the way.
    assert np.abs(np.diff(position_m, axis=0)).max() < 0.2 * np.abs(position_m).max()


def test_seeds_decide() -> None:
    first, again, other = (random_gesture(seed)(PHASE)[0] for seed in (7, 7, 8))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.01


def test_people_perform_what_they_are_taught() -> None:
    motion = Performer(0, {"swish": random_gesture(3)}).perform([Action("swish")])
    assert [label.name for label in motion.labels] == ["swish"]
