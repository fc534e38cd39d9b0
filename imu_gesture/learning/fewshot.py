"""A dense layer from few examples, on top of a pretrained embedding. Loads no TensorFlow.

Linear discriminants with a pooled, shrunk covariance (Friedman 1989): the class means tell where a
gesture lies, augmented copies of the examples tell which directions do not matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from imu_gesture import _core
from imu_gesture.dataset.augmentation import AugmentationParams, augment
from imu_gesture.dataset.dataset import Dataset
from imu_gesture.errors import ModelError
from imu_gesture.inference.classifier import Int8Array, open_classifier
from imu_gesture.inference.flatbuffer import read_facts
from imu_gesture.inference.heads import DenseHead, embedding_output, without_head
from imu_gesture.learning.fewshot_features import Scaling, standard_scaling
from imu_gesture.samples import Float32Array

_MOST_SHARPNESS = 100.0
_BISECTIONS = 40

Float64Array = NDArray[np.float64]
Labels = NDArray[np.intp]


@dataclass(frozen=True)
class FewShotParams:
    """How a head is fitted.

    Attributes:
        copies: of each example, changed by `augmentation`; in all about `most_copies`.
        shrinkage: share of the identity in the covariance within classes; 1 is nearest mean.
        confidence: mean probability of their own class that the examples get.
    """

    copies: int = 12
    most_copies: int = 1000
    shrinkage: float = 0.8
    confidence: float = 0.95
    augmentation: AugmentationParams = field(default_factory=AugmentationParams)
    seed: int = 0


class Embedding:
    """A pretrained model up to its last layer.

    So many as `pooled` of its last `filters` filters count by their mean over time only.

    Raises:
        ModelError: the model is of another kind.
    """

    def __init__(self, tflite: bytes, filters: int, pooled: int) -> None:
        self.tflite = tflite
        self._classifier = open_classifier(without_head(tflite))
        self._output = embedding_output(tflite)
        tensor = read_facts(tflite).inputs[0]
        self._input = _core.QuantisationParams(tensor.scales[0], tensor.zero_points[0])
        if self._output.size % filters or not 0 <= pooled <= filters:
            raise ModelError(
                f"an embedding of {self._output.size} values does not come from {filters} filters "
                f"of which {pooled} are pooled"
            )
        self._filters, self._pooled = filters, pooled

    def __call__(self, scaling: Scaling, windows: Float32Array) -> Float64Array:
        """Windows (n, samples, channels) in g and deg/s -> (n, size), from the board's int8."""
        levels = self.levels(scaling, windows).astype(np.float64) - self._output.zero_point
        return levels * self._output.scale

    def levels(self, scaling: Scaling, windows: Float32Array) -> Int8Array:
        """(n, size) as the board has it."""
        return self._classifier.scores(_core.quantise(self._input, scaling(windows)))

    @property
    def fold(self) -> Float64Array:
        """(size, points): takes the mean over time where only that counts."""
        rows = self._output.size // self._filters
        course = self._filters - self._pooled
        fold = np.zeros((rows, self._filters, self._pooled + rows * course))
        fold[:, range(self._pooled), range(self._pooled)] = rows**-0.5
        for row in range(rows):
            first = self._pooled + row * course
            fold[row, range(self._pooled, self._filters), range(first, first + course)] = 1.0
        return fold.reshape(rows * self._filters, -1)

    @property
    def pooled(self) -> int:
        """So many of `fold`'s points are means over time."""
        return self._pooled


@dataclass(frozen=True, eq=False)
class Taught:
    """What few examples give: how to scale windows, and the layer on top of the embedding."""

    scaling: Scaling
    head: DenseHead

    def logits(self, embedding: Embedding, windows: Float32Array) -> Float64Array:
        """Windows (n, samples, channels) in g and deg/s -> (n, classes), before int8 rounding."""
        points = embedding(self.scaling, windows)
        return np.asarray(points @ self.head.weights.T + self.head.bias)


def teach(embedding: Embedding, examples: Dataset, params: FewShotParams) -> Taught:
    """Fit a head to examples; every class of `label_names` must have one at least."""
    windows, label = with_copies(examples, params)
    scaling = standard_scaling(examples.windows)
    return Taught(scaling, fit_head(embedding, embedding(scaling, windows), label, params))


def with_copies(examples: Dataset, params: FewShotParams) -> tuple[Float32Array, Labels]:
    """(n, samples, channels): the examples, then changed ones; and their classes (n,)."""
    rng = np.random.default_rng(params.seed)
    samples = examples.spec.samples
    count = min(params.copies, max(1, params.most_copies // len(examples)))
    copies = [augment(examples.context, samples, params.augmentation, rng) for _ in range(count)]
    return np.concatenate([examples.windows, *copies]), np.tile(examples.label, count + 1)


def fit_head(
    embedding: Embedding, points: Float64Array, label: Labels, params: FewShotParams
) -> DenseHead:
    """Discriminants of points (n, size) on classes (n,), as a dense layer on the embedding."""
    fold = embedding.fold
    balance = _balance(points @ fold, embedding.pooled)
    folded = points @ fold * balance
    weights, bias = discriminants(folded, label, params.shrinkage)
    logits = folded @ weights.T + bias
    sharpness = _sharpness(logits, label, params.confidence)
    weights, bias = sharpness * weights, sharpness * bias
    logits = sharpness * logits
    weights = weights * balance @ fold.T
    return DenseHead(weights, bias, (float(logits.min()), float(logits.max())))


def discriminants(
    points: Float64Array, label: Labels, shrinkage: float
) -> tuple[Float64Array, Float64Array]:
    """Weights (classes, size) and biases (classes,); every class counts alike."""
    classes = int(label.max()) + 1
    means = np.stack([points[label == number].mean(axis=0) for number in range(classes)])
    inner = points - means[label]
    weight = 1.0 / (classes * np.bincount(label, minlength=classes)[label])
    covariance = (inner * weight[:, None]).T @ inner
    spread = max(float(np.trace(covariance)) / len(covariance), 1e-12)
    shrunk = (1 - shrinkage) * covariance + shrinkage * spread * np.eye(len(covariance))
    # Only differences between classes matter: smaller numbers, finer steps in int8.
    centre = means.mean(axis=0)
    weights = np.linalg.solve(shrunk, (means - centre).T).T
    return weights, -np.sum(weights * (means + centre), axis=1) / 2


def _balance(folded: Float64Array, pooled: int) -> Float64Array:
    """(points,): what gives means over time and courses the same length on average."""
    squares = np.sum(np.square(folded), axis=0) / len(folded)
    balance = np.ones(len(squares))
    for part in (slice(0, pooled), slice(pooled, None)):
        balance[part] = max(float(squares[part].sum()), 1e-12) ** -0.5
    return balance


def _sharpness(logits: Float64Array, label: Labels, confidence: float) -> float:
    """The factor of the logits at which the mean probability of the true class is `confidence`."""
    low, high = 0.0, _MOST_SHARPNESS
    own = np.arange(len(label)), label
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        scaled = middle * (logits - logits.max(axis=1, keepdims=True))
        probability = np.exp(scaled) / np.exp(scaled).sum(axis=1, keepdims=True)
        low, high = (low, middle) if probability[own].mean() > confidence else (middle, high)
    return high
