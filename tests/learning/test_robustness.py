"""Errors put on held-out windows: each where it belongs, and what it costs."""

from __future__ import annotations

import numpy as np
import pytest

from imu_gesture.learning.robustness import robustness, strains
from tests.dataset import cases
from tests.report.judged import evaluation

RNG = np.random.default_rng(3)
WINDOWS = RNG.normal(size=(5, 16, 6)).astype(np.float32)
BY_NAME = dict(strains(6))


def worse(name: str) -> np.ndarray:
    return BY_NAME[name](WINDOWS, np.random.default_rng(0)).astype(np.float64)


@pytest.mark.parametrize(
    ("name", "first", "size"),
    [
        ("gyroscope off by 20 deg/s", 3, 20.0),
        ("accelerometer off by 0.05 g", 0, 0.05),
    ],
)
def test_an_offset_is_of_one_sensor_and_constant(name: str, first: int, size: float) -> None:
    added = worse(name) - WINDOWS
    own = added[:, :, first : first + 3]
    assert np.linalg.norm(own, axis=2) == pytest.approx(np.full((5, 16), size), rel=1e-4)
    assert np.ptp(own, axis=1) == pytest.approx(np.zeros((5, 3)), abs=1e-4)
    assert np.delete(added, range(first, first + 3), axis=2) == pytest.approx(0)


def test_a_turn_keeps_lengths_and_turns_both_sensors_alike() -> None:
    turned = worse("board turned by 45 degrees").reshape(5, 16, 2, 3)
    before = WINDOWS.reshape(5, 16, 2, 3)
    assert np.linalg.norm(turned, axis=3) == pytest.approx(np.linalg.norm(before, axis=3), rel=1e-5)
    angles = np.sum(turned[:, :, 0] * turned[:, :, 1], axis=2)
    assert angles == pytest.approx(np.sum(before[:, :, 0] * before[:, :, 1], axis=2), abs=1e-5)
    assert np.abs(turned - before).max() > 0.1


def test_a_scale_is_of_all_readings() -> None:
    assert worse("all readings 10 % larger") == pytest.approx(WINDOWS * 1.1, rel=1e-6)
    assert worse("as recorded") == pytest.approx(WINDOWS)


def test_without_gyroscope_it_is_not_strained() -> None:
    names = [name for name, _ in strains(3)]
    assert names
    assert not any("gyroscope" in name for name in names)


def test_every_strain_has_its_share_of_held_out_windows() -> None:
    found = robustness(cases.windows(12), evaluation())
    assert [strain.name for strain in found] == list(BY_NAME)
    assert all(0 <= strain.accuracy <= 1 for strain in found)
    assert found == robustness(cases.windows(12), evaluation())
