"""What is searched over: the default is in it, and every corner of it can be trained."""

from __future__ import annotations

from dataclasses import fields
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from imu_gesture.dataset.augmentation import AugmentationParams
from imu_gesture.dataset.front_end import FRONT_ENDS
from imu_gesture.dataset.windows import WindowSpec, choose_window
from imu_gesture.errors import InputError
from imu_gesture.workflow.search.space import (
    Choices,
    Levels,
    Value,
    architecture_of,
    augmentation_of,
    default_params,
    options_of,
    space,
)
from imu_gesture.workflow.training import TrainingOptions, make_dataset, training_config
from tests.workflow.search.places import recordings

USUAL = WindowSpec(period_us=20_000, samples=48, hop_samples=5, channels=6)
DEFAULT = default_params(space(gyroscope=True))


def test_the_default_is_what_train_makes(tmp_path: Path) -> None:
    labelled = recordings(tmp_path, people=1)
    usual = choose_window(labelled)
    options = options_of(DEFAULT, TrainingOptions(), usual)
    assert make_dataset(labelled, options).spec == usual
    assert training_config(options) == training_config(TrainingOptions())


@pytest.mark.parametrize("name", [name for name, c in space(True).items() if isinstance(c, Levels)])
def test_a_default_is_one_of_the_levels(name: str) -> None:
    levels = space(gyroscope=True)[name]
    assert isinstance(levels, Levels)
    assert levels.default in range(levels.low, levels.high + 1, levels.step)
    assert (levels.high - levels.low) % levels.step == 0


@pytest.mark.parametrize(
    ("changed", "filters", "kernels"),
    [
        ({}, (16, 24, 32), (7, 5, 5)),
        ({"layers": 2, "filters": 4, "filters_step": 0}, (4, 4), (7, 5)),
        ({"layers": 4, "first_kernel": 9, "kernel": 3}, (16, 24, 32, 40), (9, 3, 3, 3)),
    ],
)
def test_layers_follow_from_a_few_numbers(
    changed: dict[str, Value], filters: tuple[int, ...], kernels: tuple[int, ...]
) -> None:
    shape = architecture_of({**DEFAULT, **changed})
    assert (shape.filters, shape.kernels) == (filters, kernels)
    assert shape.strides == (2,) * len(filters)


def test_augmentation_is_scaled_in_two_groups() -> None:
    params = {**DEFAULT, "timing_percent": 50, "size_percent": 150, "rotation_deg": 20}
    changed, usual = augmentation_of(params), AugmentationParams()
    pairs = {
        each.name: (getattr(changed, each.name), getattr(usual, each.name))
        for each in fields(usual)
    }
    scale = {name: new / old for name, (new, old) in pairs.items() if old}
    assert {new for new, old in pairs.values() if not old} == {0.0}  # what is off stays off
    timing = dict.fromkeys(("shift", "speed", "warp"), 0.5)
    size = dict.fromkeys(("magnitude", "acc_noise_g", "gyr_noise_dps", "gyr_bias_dps"), 1.5)
    assert scale == pytest.approx(timing | size | {"rotation_deg": 2.0})


@pytest.mark.parametrize(
    ("percent", "rate_percent", "hop_ms", "wanted"),
    [
        (100, 100, 100, (20_000, 48, 5)),
        (150, 100, 50, (20_000, 72, 2)),
        (75, 50, 100, (40_000, 16, 2)),
        (75, 50, 50, (40_000, 16, 1)),
    ],
)
def test_window_rate_and_hop_are_shares_of_what_the_data_suggest(
    percent: int, rate_percent: int, hop_ms: int, wanted: tuple[int, int, int], tmp_path: Path
) -> None:
    params = {**DEFAULT, "window_percent": percent, "rate_percent": rate_percent, "hop_ms": hop_ms}
    options = options_of(params, TrainingOptions(), USUAL)
    spec = make_dataset(recordings(tmp_path, people=1), options).spec
    assert (spec.period_us, spec.samples, spec.hop_samples) == wanted


def test_without_a_gyroscope_there_is_one_front_end() -> None:
    for gyroscope, names in ((True, FRONT_ENDS), (False, ("sensor",))):
        choice = space(gyroscope)["front_end"]
        assert isinstance(choice, Choices)
        assert choice.names == names


@pytest.mark.parametrize(("max_hop_s", "longest_ms"), [(0.05, 50), (0.1, 100), (0.19, 150)])
def test_no_hop_is_longer_than_was_allowed(max_hop_s: float, longest_ms: int) -> None:
    hops = space(True, max_hop_s)["hop_ms"]
    assert isinstance(hops, Levels)
    assert (hops.low, hops.high) == (50, longest_ms)
    assert hops.default <= longest_ms


def test_a_hop_that_is_too_short_is_refused() -> None:
    with pytest.raises(InputError, match=r"--max-hop 0.02: the shortest hop is 0.05 s"):
        space(True, 0.02)


def test_every_corner_of_the_windows_makes_a_dataset(tmp_path: Path) -> None:
    labelled, usual = recordings(tmp_path, people=1), USUAL
    for percent, rate, name in product((75, 150), (50, 100), FRONT_ENDS):
        params = {**DEFAULT, "window_percent": percent, "rate_percent": rate, "front_end": name}
        options = options_of(params, TrainingOptions(), usual)
        assert len(np.unique(make_dataset(labelled, options).label)) >= 3
