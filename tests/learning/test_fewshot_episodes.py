"""Episodes, and an embedding that learns from a few of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from imu_gesture.errors import DatasetError
from imu_gesture.inference.flatbuffer import read_facts
from imu_gesture.learning.fewshot_episodes import EpisodeParams, EpisodeSource
from imu_gesture.learning.fewshot_job import (
    CHANNELS,
    ROWS,
    EmbeddingModel,
    PretrainingConfig,
    PretrainJob,
)
from imu_gesture.learning.fewshot_simulated import SimulatedPeople
from imu_gesture.learning.fitting import FittingPool
from tests.learning.shots import simulated_shots

PLAIN = EpisodeParams(without_gravity=0.0, mirrored=0.0, turned=False)
SMALL = PretrainingConfig(steps=60, people=SimulatedPeople(gestures=30, people=2))


def draw(params: EpisodeParams, seed: int = 0) -> np.ndarray:
    source = EpisodeSource(simulated_shots(0, 4), "simulated")
    return source.draw(params, np.random.default_rng(seed)).features


@pytest.mark.parametrize(
    "params",
    [PLAIN, replace(PLAIN, turned=True), replace(PLAIN, mirrored=1.0), EpisodeParams(examples=7)],
)
def test_an_episode_has_all_its_classes_scaled_and_seeded(params: EpisodeParams) -> None:
    source = EpisodeSource(simulated_shots(0, 4), "simulated")
    episode = source.draw(params, np.random.default_rng(3))
    assert episode.features.shape == (4 * params.examples, ROWS, CHANNELS)
    assert episode.features.dtype == np.float32
    assert np.bincount(episode.label).tolist() == [params.examples] * 4
    np.testing.assert_allclose(episode.features[..., :3].mean(axis=(0, 1)), 0, atol=1e-2)
    again = source.draw(params, np.random.default_rng(3))
    np.testing.assert_array_equal(episode.features, again.features)


def test_the_other_hand_mirrors_polar_and_axial_vectors() -> None:
    left, right = draw(replace(PLAIN, mirrored=1.0)), draw(PLAIN)
    np.testing.assert_allclose(left, right * [-1, 1, 1, 1, -1, -1], atol=1e-5)


def test_a_mount_turns_both_sensors_alike() -> None:
    turned, plain = draw(replace(PLAIN, turned=True)), draw(PLAIN)
    assert np.abs(turned - plain).max() > 0.5


def test_background_and_single_examples_make_no_episode() -> None:
    shots = simulated_shots(0, 2)
    few = shots.subset(np.array([0, 1, 2, 4]))  # two of one gesture, one each of two others
    with pytest.raises(DatasetError, match="desk: 1 gestures with two examples"):
        EpisodeSource(few, "desk")


def test_sets_of_another_window_are_refused() -> None:
    shots = simulated_shots(0, 2)
    longer = replace(shots, spec=replace(shots.spec, samples=ROWS + 8))
    with pytest.raises(DatasetError, match="desk: windows of 56 rows and 6 channels"):
        PretrainJob({"desk": longer}, SMALL)


def test_an_embedding_is_learnt_the_same_twice() -> None:
    sets = {"desk": simulated_shots(0, 3)}
    steps: list[int] = []
    with FittingPool(2, steps.append) as pool:
        futures = [pool.submit(PretrainJob(sets, SMALL)) for _ in range(2)]
        first, again = (pool.result(future) for future in futures)
    assert isinstance(first, EmbeddingModel)
    assert first.tflite == again.tflite
    assert first.accuracy == again.accuracy > 0.4  # of 30 or 4 classes
    assert read_facts(first.tflite).operator_names == (
        "CONV_2D",
        "FULLY_CONNECTED",
        "RESHAPE",
        "SOFTMAX",
    )
    assert sum(steps) == 2 * SMALL.steps
