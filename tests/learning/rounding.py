"""A network whose int8 model is far worse than itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imu_gesture import _core
from imu_gesture.dataset.dataset import Dataset
from imu_gesture.inference.classifier import open_classifier
from imu_gesture.inference.flatbuffer import read_facts
from imu_gesture.learning.fitting import FitJob

_WIDE = 3000.0  # times the range of the other channels
_CHANNELS = 3  # of the first two convolutions


@dataclass(frozen=True)
class Accuracies:
    """Of the float network and of its int8 models, one of them not trained any further."""

    float32: float
    post_training: float
    rounded: float
    aware: float
    aware_tflite: bytes


@dataclass(frozen=True, eq=False)
class WideJob:
    """Trains, makes some channels of two convolutions far wider, and quantises in every way.

    The float network's answers stay what they were: what comes after takes the factor out again.
    """

    fit: FitJob

    def run(self, on_epoch: Callable[[], None]) -> Accuracies:
        """In a fitting process."""
        from imu_gesture.learning.conversion import to_int8, to_int8_as_learned
        from imu_gesture.learning.fake_quantisation import with_fake_quantisation
        from imu_gesture.learning.training import fine_tune, train

        dataset = self.fit.train
        trained = train(dataset, self.fit.config, on_epoch)
        for number in (1, 2):
            _widen(trained.network, number)
        features = trained.features(dataset.windows)
        rounded = with_fake_quantisation(trained.network, features)
        aware = to_int8_as_learned(fine_tune(trained, dataset, self.fit.config).network)
        probabilities = trained.probabilities(dataset.windows)
        return Accuracies(
            float32=float(np.mean(probabilities.argmax(axis=1) == dataset.label)),
            post_training=_accuracy(to_int8(trained.network, features), features, dataset),
            rounded=_accuracy(to_int8_as_learned(rounded), features, dataset),
            aware=_accuracy(aware, features, dataset),
            aware_tflite=aware,
        )


def _widen(network: object, number: int) -> None:
    norm = network.get_layer(f"norm{number}")  # type: ignore[attr-defined]
    gamma, beta, *rest = norm.get_weights()
    gamma[:_CHANNELS] *= _WIDE
    beta[:_CHANNELS] *= _WIDE
    norm.set_weights([gamma, beta, *rest])
    after = network.get_layer(f"conv{number + 1}")  # type: ignore[attr-defined]
    (kernel,) = after.get_weights()
    kernel[:, :, :_CHANNELS] /= _WIDE
    after.set_weights([kernel])


def _accuracy(tflite: bytes, features: NDArray[np.float32], dataset: Dataset) -> float:
    tensor = read_facts(tflite).inputs[0]
    params = _core.QuantisationParams(tensor.scales[0], tensor.zero_points[0])
    inputs = _core.quantise(params, np.ascontiguousarray(features[:, :, 0]))
    scores = open_classifier(tflite).scores(inputs)
    return float(np.mean(scores.argmax(axis=1) == dataset.label))
