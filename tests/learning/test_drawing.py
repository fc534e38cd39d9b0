"""An epoch has all gestures, and a part of the background that changes."""

from __future__ import annotations

import numpy as np
import pytest

from imu_gesture.dataset.dataset import Dataset
from imu_gesture.labels import BACKGROUND
from imu_gesture.learning.config import TrainingConfig
from imu_gesture.learning.drawing import Draw
from tests.dataset import cases


def dataset(down: int, up: int, background: int) -> Dataset:
    label = np.repeat([0, 1, 2], [down, up, background])
    return cases.windows(len(label), label=label, label_names=("down", "up", BACKGROUND))


def draw(background: int, **changes: float) -> Draw:
    config = TrainingConfig(fewest_windows=10, most_background=2.0, **changes)  # type: ignore[arg-type]
    return Draw(dataset(20, 30, background), config)


@pytest.mark.parametrize(("background", "taken"), [(0, 0), (40, 40), (100, 100), (1000, 100)])
def test_background_is_no_more_than_twice_the_gestures(background: int, taken: int) -> None:
    epoch = draw(background)
    assert epoch.windows == 50 + taken
    places = epoch.epoch(epoch.windows, np.random.default_rng(0))
    assert len(np.unique(places)) == 50 + taken
    assert np.isin(np.arange(50), places).all()


@pytest.mark.parametrize(
    ("recorded", "beside", "taken"),
    [
        (1000, 1000, (50, 50)),
        (20, 1000, (20, 80)),
        (1000, 20, (80, 20)),
        (0, 1000, (0, 100)),
        (30, 30, (30, 30)),
    ],
)
def test_neither_kind_of_background_drowns_the_other(
    recorded: int, beside: int, taken: tuple[int, int]
) -> None:
    label = np.repeat([0, 1, 2], [20, 30, recorded + beside])
    near = np.repeat([False, True], [50 + recorded, beside])
    names = ("down", "up", BACKGROUND)
    windows = cases.windows(len(label), label=label, near=near, label_names=names)
    epoch = Draw(windows, TrainingConfig(fewest_windows=10, most_background=2.0))
    places = epoch.epoch(epoch.windows, np.random.default_rng(0))
    background = label[places] == 2
    assert (np.sum(background & ~near[places]), np.sum(near[places])) == taken
    assert len(np.unique(places)) == len(places)


def test_another_part_of_the_background_each_time_until_all_is_seen() -> None:
    epoch, rng = draw(1000), np.random.default_rng(0)
    first, second = (set(epoch.epoch(150, rng).tolist()) for _ in range(2))
    assert len((first & second) - set(range(50))) < 50
    seen = np.unique(np.concatenate([epoch.epoch(150, rng) for _ in range(100)]))
    assert len(seen) == 1050


def test_few_windows_are_repeated_evenly() -> None:
    counts = np.bincount(draw(0).epoch(175, np.random.default_rng(0)), minlength=50)
    assert (counts.min(), counts.max(), counts.sum()) == (3, 4, 175)


def test_the_order_is_the_seeds() -> None:
    first, again, other = (
        draw(1000).epoch(150, np.random.default_rng(seed)).tolist() for seed in (1, 1, 2)
    )
    assert first == again != other


def test_rare_classes_count_more_and_background_as_what_is_drawn_of_it() -> None:
    weights = draw(1000).class_weights()
    assert weights == pytest.approx(np.sqrt(150 / 3 / np.array([20, 30, 100])), rel=1e-6)


def test_all_gestures_and_a_fixed_part_of_the_background_choose_the_epoch() -> None:
    first, again = draw(1000).judges(), draw(1000).judges()
    assert np.array_equal(first, again)
    assert np.isin(np.arange(50), first).all()
    assert len(np.unique(first)) == len(first) == 50 + 3 * 100
    assert len(draw(40).judges()) == 90
