"""A dense layer put onto a flatbuffer, against the same layer in floating point."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from imu_gesture.deploy import demonstration, pretrained
from imu_gesture.deploy.embeddings import MODEL_NAME as EMBEDDING
from imu_gesture.deploy.manifest import MODEL_NAME
from imu_gesture.deploy.model_check import check_model
from imu_gesture.errors import ModelError
from imu_gesture.inference.classifier import Classifier, open_classifier
from imu_gesture.inference.flatbuffer import read_facts, schema
from imu_gesture.inference.heads import (
    DenseHead,
    embedding_output,
    logit_step,
    with_head,
    with_logits,
    without_head,
)
from imu_gesture.inference.litert import LiteRtClassifier
from imu_gesture.inference.tflm import TflmClassifier

MODELS = {
    "demonstration": demonstration.FOLDER / MODEL_NAME,
    "pretrained, without a bias": pretrained.FOLDER / EMBEDDING,
}


def windows(tflite: bytes) -> np.ndarray:
    shape = [size for size in read_facts(tflite).inputs[0].shape if size != 1]
    return np.random.default_rng(5).integers(-128, 128, (40, *shape)).astype(np.int8)


def embedded(tflite: bytes) -> np.ndarray:
    output = embedding_output(tflite)
    levels = open_classifier(without_head(tflite)).scores(windows(tflite)).astype(np.float64)
    assert levels.shape == (40, output.size)
    return output.scale * (levels - output.zero_point)


def random_head(size: int, classes: int, points: np.ndarray) -> DenseHead:
    rng = np.random.default_rng(classes)
    weights, bias = rng.normal(size=(classes, size)) / np.sqrt(size), rng.normal(size=classes)
    logits = points @ weights.T + bias
    return DenseHead(weights, bias, (float(logits.min()), float(logits.max())))


@pytest.mark.parametrize("path", MODELS.values(), ids=MODELS.keys())
@pytest.mark.parametrize("classes", [2, 5, 23])
def test_a_model_scores_as_its_new_head_says(path: Path, classes: int) -> None:
    tflite = path.read_bytes()
    points = embedded(tflite)
    head = random_head(points.shape[1], classes, points)
    made = with_head(tflite, head)
    check_model(read_facts(made))
    scores = open_classifier(made).scores(windows(tflite)).astype(np.float64)
    logits = points @ head.weights.T + head.bias
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    wanted = powers / powers.sum(axis=1, keepdims=True)
    # Logits are rounded to 255 steps of their range, so scores to a few of theirs.
    step = (head.logit_range[1] - head.logit_range[0]) / 255
    np.testing.assert_allclose((scores + 128) / 256, wanted, atol=2 / 256 + step)


@pytest.mark.parametrize("path", MODELS.values(), ids=MODELS.keys())
def test_what_lies_before_the_head_stays_as_it_is(path: Path) -> None:
    tflite = path.read_bytes()
    points = embedded(tflite)
    made = with_head(tflite, random_head(points.shape[1], 3, points))
    np.testing.assert_array_equal(embedded(made), points)
    assert made == with_head(made, random_head(points.shape[1], 3, points))


@pytest.mark.parametrize("path", MODELS.values(), ids=MODELS.keys())
@pytest.mark.parametrize("runtime", [TflmClassifier, LiteRtClassifier])
def test_logits_are_what_the_scores_are_made_of(
    path: Path, runtime: Callable[[bytes], Classifier]
) -> None:
    tflite = path.read_bytes()
    shown = with_logits(tflite)
    check_model(read_facts(shown))
    step = logit_step(shown)
    assert step is not None
    assert logit_step(tflite) is None
    scores = runtime(tflite).scores(windows(tflite))
    outputs = runtime(shown).scores(windows(tflite))
    classes = scores.shape[1]
    assert np.array_equal(outputs[:, :classes], scores)
    powers = np.exp(step * outputs[:, classes:].astype(np.float64))
    wanted = 256 * powers / powers.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(scores + 128.0, wanted.clip(0, 255), atol=1.0)


def test_a_taught_model_shows_logits_too() -> None:
    tflite = (pretrained.FOLDER / EMBEDDING).read_bytes()
    points = embedded(tflite)
    head = random_head(points.shape[1], 7, points)
    outputs = open_classifier(with_logits(with_head(tflite, head))).scores(windows(tflite))
    assert outputs.shape == (40, 14)


def test_constant_data_lies_where_the_format_wants_it() -> None:
    tflite = (pretrained.FOLDER / EMBEDDING).read_bytes()
    size = embedding_output(tflite).size
    made = with_head(tflite, DenseHead(np.ones((3, size)), np.ones(3), (0.0, 1.0)))
    model = schema().Model.GetRootAsModel(made, 0)
    buffers = [model.Buffers(place) for place in range(model.BuffersLength())]
    starts = [b._tab.Vector(b._tab.Offset(4)) for b in buffers if b.DataLength()]
    assert len(starts) > 8
    assert [start % 16 for start in starts] == [0] * len(starts)


def no_softmax(tflite: bytes) -> bytes:
    return without_head(tflite)


def no_model(tflite: bytes) -> bytes:
    return tflite[:3] + b"x" + tflite[4:7] + b"!" + tflite[8:]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [(no_softmax, "ends in CONV_2D and RESHAPE"), (no_model, "not a TensorFlow Lite file")],
)
def test_other_models_are_refused(damage: object, reason: str) -> None:
    tflite = (demonstration.FOLDER / MODEL_NAME).read_bytes()
    assert callable(damage)
    with pytest.raises(ModelError, match=reason):
        with_head(damage(tflite), DenseHead(np.ones((2, 192)), np.zeros(2), (0.0, 1.0)))


HEADS = {
    "size": (DenseHead(np.ones((2, 7)), np.zeros(2), (0.0, 1.0)), "a head of 7 inputs"),
    "bias": (DenseHead(np.full((2, 192), 1e-9), np.ones(2), (0.0, 1.0)), "do not fit"),
    "nan": (DenseHead(np.ones((2, 192)), np.full(2, np.nan), (0.0, 1.0)), "do not fit"),
}


@pytest.mark.parametrize(("head", "reason"), HEADS.values(), ids=HEADS.keys())
def test_heads_that_do_not_fit_are_refused(head: DenseHead, reason: str) -> None:
    tflite = (demonstration.FOLDER / MODEL_NAME).read_bytes()
    with pytest.raises(ModelError, match=reason):
        with_head(tflite, head)
