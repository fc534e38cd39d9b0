"""Seeded training of one network on one set of windows. Imported in fitting processes only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import keras
import numpy as np
import tensorflow as tf

from imu_gesture import _core
from imu_gesture.dataset.augmentation import augment
from imu_gesture.dataset.dataset import Dataset
from imu_gesture.dataset.front_end import FrontEnd, usual_front_end
from imu_gesture.errors import TrainingError
from imu_gesture.learning.architecture import build_network
from imu_gesture.learning.config import TrainingConfig
from imu_gesture.learning.drawing import Draw
from imu_gesture.learning.fake_quantisation import with_fake_quantisation
from imu_gesture.learning.steps import Steps
from imu_gesture.samples import Float32Array

_FINE_EPOCHS = 0.25  # of those of the training before
_FINE_RATE = 0.25  # of its learning rate


@dataclass(frozen=True, eq=False)
class TrainedNetwork:
    """A float network and the features it expects.

    Attributes:
        network: Keras model from features (n, samples, 1, channels) to logits (n, classes).
        front_end: what it sees of a window.
        gain: (channels,) float32 of `_core.FeatureParams`; its offset is zero.
        best_epoch: the epoch whose weights were kept, from 1.
    """

    network: keras.Model
    front_end: FrontEnd
    gain: Float32Array
    best_epoch: int

    def features(self, windows: Float32Array) -> Float32Array:
        """(n, samples, channels) in g and deg/s -> (n, samples, 1, channels)."""
        params = _core.FeatureParams(np.zeros_like(self.gain), self.gain)
        return _core.features(params, self.front_end(windows))[:, :, None]

    def probabilities(self, windows: Float32Array) -> Float32Array:
        """(n, samples, channels) in g and deg/s -> (n, classes) float32."""
        classes = self.network.output_shape[-1]
        if len(windows) == 0:
            return np.zeros((0, classes), np.float32)
        logits = self.network(self.features(windows), training=False)
        return np.asarray(tf.nn.softmax(logits), np.float32)


def train(
    dataset: Dataset, config: TrainingConfig, on_epoch: Callable[[], None] = lambda: None
) -> TrainedNetwork:
    """Train from scratch; same dataset, configuration and machine give the same weights.

    The weights kept are those of the epoch with the lowest loss on the windows as they were
    recorded, without augmentation (`docs/decisions/best-epoch.md`).

    Raises:
        TrainingError: the loss never was a finite number.
    """
    keras.utils.set_random_seed(config.seed)
    network = build_network(config.architecture, dataset.spec, len(dataset.label_names))
    front_end = usual_front_end(dataset.spec.front_end, dataset.spec.period_us, dataset.windows)
    gain = feature_gain(front_end(dataset.windows))
    trained = TrainedNetwork(network, front_end, gain, config.epochs)
    return replace(trained, best_epoch=_learn(trained, dataset, config, on_epoch))


def fine_tune(trained: TrainedNetwork, dataset: Dataset, config: TrainingConfig) -> TrainedNetwork:
    """The same with the roundings of int8, trained a little further to bear them.

    `dataset` and `config` are those that it was trained on and by.

    Raises:
        TrainingError: the loss never was a finite number.
    """
    aware = with_fake_quantisation(trained.network, trained.features(dataset.windows))
    tuned = replace(trained, network=aware)
    epochs = max(1, round(_FINE_EPOCHS * config.epochs))
    gently = replace(config, epochs=epochs, learning_rate=_FINE_RATE * config.learning_rate)
    _learn(tuned, dataset, gently, lambda: None)
    return tuned


def _learn(
    trained: TrainedNetwork, dataset: Dataset, config: TrainingConfig, on_epoch: Callable[[], None]
) -> int:
    """Change the network's weights to those of the best epoch; its number."""
    network, draw = trained.network, Draw(dataset, config)
    batches = -(-max(draw.windows, config.fewest_windows) // config.batch_size)
    steps = Steps(network, len(dataset.label_names), batches, config)
    rng = np.random.default_rng(config.seed)
    weight, judges = draw.class_weights(), draw.judges()
    recorded = trained.features(dataset.windows[judges])
    best_loss, best_epoch, best_weights = np.inf, 0, network.get_weights()
    for epoch in range(1, config.epochs + 1):
        chosen = draw.epoch(batches * config.batch_size, rng)
        context = dataset.context[chosen]
        windows = augment(context, dataset.spec.samples, config.augmentation, rng)
        label = dataset.label[chosen]
        steps.run_epoch(trained.features(windows), label, weight[label])
        loss = steps.loss(recorded, dataset.label[judges])
        if loss < best_loss:
            best_loss, best_epoch, best_weights = loss, epoch, network.get_weights()
        on_epoch()
    if best_epoch == 0:
        raise TrainingError(
            "training diverged: its loss was never a finite number; look for readings that are not "
            "numbers, or lower the learning rate"
        )
    network.set_weights(best_weights)
    return best_epoch


def feature_gain(seen: Float32Array) -> Float32Array:
    """(channels,) float32: what brings each triple of channels to a root mean square of one.

    seen: (n, samples, channels) behind the front end.
    """
    triples = seen.reshape(-1, seen.shape[2] // 3, 3).astype(np.float64)
    rms = np.sqrt(np.mean(np.square(triples), axis=(0, 2)))
    return np.repeat(1.0 / np.maximum(rms, 1e-6), 3).astype(np.float32)
