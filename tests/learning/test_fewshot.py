"""Heads from few examples, against scikit-learn's discriminants and by what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from imu_gesture.deploy import pretrained
from imu_gesture.deploy.embeddings import read_embedding
from imu_gesture.errors import ModelError
from imu_gesture.learning.fewshot import (
    Embedding,
    FewShotParams,
    discriminants,
    fit_head,
    teach,
    with_copies,
)
from imu_gesture.learning.fewshot_evaluation import answers, fit_shots, hold_out_shots
from imu_gesture.learning.fewshot_features import standard_scaling
from tests.learning.shots import simulated_shots


@pytest.fixture(scope="module")
def embedding() -> Embedding:
    manifest, tflite = read_embedding(pretrained.FOLDER)
    return Embedding(tflite, manifest.filters, manifest.pooled)


@pytest.mark.parametrize("shrinkage", [0.1, 0.5, 0.8])
def test_discriminants_are_those_of_scikit_learn(shrinkage: float) -> None:
    rng = np.random.default_rng(0)
    label = np.repeat(np.arange(4), 9)
    points = rng.normal(size=(36, 12)) + 2 * rng.normal(size=(4, 12))[label]
    weights, bias = discriminants(points, label, shrinkage)
    peer = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=shrinkage).fit(points, label)
    ours, theirs = points @ weights.T + bias, peer.decision_function(points)
    np.testing.assert_allclose(
        ours - ours.mean(axis=1, keepdims=True),
        theirs - theirs.mean(axis=1, keepdims=True),
        atol=1e-8,
    )


def test_a_rare_class_counts_as_much_as_a_frequent_one() -> None:
    rng = np.random.default_rng(1)
    points = rng.normal(size=(101, 1)) + np.array([0.0] * 100 + [4.0])[:, None]
    label = np.array([0] * 100 + [1])
    weights, bias = discriminants(points, label, 1.0)
    border = -(bias[1] - bias[0]) / (weights[1, 0] - weights[0, 0])
    middle = (points[:100].mean() + points[100, 0]) / 2
    assert border == pytest.approx(middle)


def test_the_fold_takes_the_mean_over_time_where_only_that_counts(embedding: Embedding) -> None:
    fold, filters, pooled = embedding.fold, 60, embedding.pooled
    values = np.random.default_rng(2).normal(size=(6, filters))
    folded = values.reshape(-1) @ fold
    np.testing.assert_allclose(folded[:pooled], values[:, :pooled].mean(axis=0) * np.sqrt(6))
    np.testing.assert_allclose(folded[pooled:], values[:, pooled:].reshape(-1))


def test_scaled_windows_have_unit_variance_and_keep_their_turn() -> None:
    windows = simulated_shots(0, 2).windows
    scaled = standard_scaling(windows)(windows)
    np.testing.assert_allclose(scaled[..., :3].mean(axis=(0, 1)), 0, atol=1e-3)
    assert np.all(scaled.std(axis=(0, 1)) < 1.01)
    assert np.median(scaled.std(axis=(0, 1))) > 0.9


def test_a_channel_that_never_moves_is_not_blown_up() -> None:
    windows = simulated_shots(0, 1).windows.copy()
    windows[..., 5] = 0.0
    gain = standard_scaling(windows).gain
    assert gain[5] < 5 * gain[3:5].max()
    assert np.all(np.isfinite(gain))


def test_examples_get_the_confidence_that_is_asked_for(embedding: Embedding) -> None:
    shots = simulated_shots(0, 3)
    params = FewShotParams(confidence=0.9)
    windows, label = with_copies(shots, params)
    taught = teach(embedding, shots, params)
    logits = taught.logits(embedding, windows)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    own = (powers / powers.sum(axis=1, keepdims=True))[np.arange(len(label)), label]
    assert own.mean() == pytest.approx(0.9, abs=0.002)


@pytest.mark.parametrize(("shots", "least"), [(1, 0.75), (3, 0.85)])
def test_another_person_is_recognised(embedding: Embedding, shots: int, least: float) -> None:
    taught, judged = simulated_shots(1, shots), simulated_shots(2, 6)
    fitted = fit_shots(embedding, taught, judged.windows, FewShotParams())
    assert np.mean(answers(fitted, judged.windows) == judged.label) >= least
    agree = fitted.probabilities.argmax(axis=1) == answers(fitted, judged.windows)
    assert agree.mean() >= 0.95


def test_the_same_seed_gives_the_same_bytes(embedding: Embedding) -> None:
    shots = simulated_shots(0, 2)
    first, again, other = (
        fit_shots(embedding, shots, shots.windows[:0], FewShotParams(seed=seed)).tflite
        for seed in (0, 0, 1)
    )
    assert first == again != other


@pytest.mark.parametrize(("shots", "folds"), [(1, 0), (2, 2), (7, 5)])
def test_examples_are_held_out_in_contiguous_parts(
    embedding: Embedding, shots: int, folds: int
) -> None:
    examples = simulated_shots(0, shots)
    judged = hold_out_shots(embedding, examples, FewShotParams(copies=1))
    assert (len(judged.folds) if judged else 0) == folds
    if judged:
        held_out = np.concatenate([fold.index for fold in judged.folds])
        assert sorted(held_out.tolist()) == list(range(len(examples)))
        assert all(len(np.unique(fold.label)) == 4 for fold in judged.folds)


def test_copies_are_fewer_where_examples_are_many() -> None:
    examples = simulated_shots(0, 5)
    windows, label = with_copies(examples, FewShotParams(copies=12, most_copies=40))
    assert len(windows) == len(label) == 3 * len(examples)


def test_a_head_needs_an_embedding_of_its_shape() -> None:
    _, tflite = read_embedding(pretrained.FOLDER)
    with pytest.raises(ModelError, match="does not come from 7 filters"):
        Embedding(tflite, 7, 0)


def test_heads_of_equal_examples_are_still_finite(embedding: Embedding) -> None:
    size = len(embedding.fold)
    points = np.ones((4, size))
    head = fit_head(embedding, points, np.array([0, 0, 1, 1]), FewShotParams())
    assert np.all(np.isfinite(head.weights))
    assert np.all(np.isfinite(head.bias))
