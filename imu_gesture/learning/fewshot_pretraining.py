"""An embedding in which windows of one gesture lie together. Imported in fitting processes only.

Prototypical networks (Snell, Swersky and Zemel 2017): an episode's windows are told apart by their
squared distance to the means of the classes, a window's own class without the window itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

import keras
import numpy as np
import tensorflow as tf

from imu_gesture.dataset.dataset import Dataset
from imu_gesture.dataset.windows import WindowSpec
from imu_gesture.errors import TrainingError
from imu_gesture.learning.architecture import build_network
from imu_gesture.learning.conversion import to_int8
from imu_gesture.learning.fewshot_episodes import Episode, EpisodeSource
from imu_gesture.learning.fewshot_job import CHANNELS, ROWS, EmbeddingModel, PretrainingConfig

_WARM_UP = 0.05
_JUDGED = 200  # of the last episodes
_REPRESENTATIVES = 5  # episodes that tell the converter what to expect


def pretrain(
    sets: dict[str, Dataset], config: PretrainingConfig, on_step: Callable[[], None]
) -> EmbeddingModel:
    """Learn from episodes; same sets, configuration and machine give the same bytes.

    Raises:
        TrainingError: the loss was not a finite number.
    """
    keras.utils.set_random_seed(config.seed)
    spec = WindowSpec(20_000, ROWS, hop_samples=5, channels=CHANNELS)
    network = build_network(config.architecture, spec, classes=2)
    embedding = keras.Model(network.inputs, network.get_layer("flatten").output)
    step = _Step(embedding, config)
    episodes = _episodes(sets, config)
    accuracies = []
    for episode in islice(episodes, config.steps):
        loss, accuracy = step(episode)
        if not np.isfinite(loss):
            raise TrainingError("pretraining diverged: its loss is not a finite number")
        accuracies.append(accuracy)
        on_step()
    expected = [episode.features for episode in islice(episodes, _REPRESENTATIVES)]
    tflite = to_int8(network, np.concatenate(expected)[:, :, None])
    return EmbeddingModel(tflite, float(np.mean(accuracies[-_JUDGED:])))


def _episodes(sets: dict[str, Dataset], config: PretrainingConfig) -> Iterator[Episode]:
    """Without end: simulated ones, and as many from each recorded set as from each other."""
    sources = [EpisodeSource(config.people.dataset(ROWS), "simulated people")]
    sources += [EpisodeSource(dataset, name) for name, dataset in sets.items()]
    share = np.full(len(sources), (1 - config.simulated_share) / max(len(sets), 1))
    share[0] = config.simulated_share if sets else 1.0
    rng = np.random.default_rng(config.seed)
    while True:
        yield sources[rng.choice(len(sources), p=share)].draw(config.episode, rng)


class _Step:
    """One compiled step, whatever the number of classes."""

    def __init__(self, embedding: keras.Model, config: PretrainingConfig) -> None:
        self._embedding = embedding
        self._config = config
        warm_up = round(_WARM_UP * config.steps)
        rate = keras.optimizers.schedules.CosineDecay(
            0.0,
            config.steps - warm_up,
            warmup_target=config.learning_rate,
            warmup_steps=warm_up,
        )
        self._optimizer = keras.optimizers.AdamW(rate, weight_decay=config.weight_decay)
        self._optimizer.build(embedding.trainable_variables)
        self._step = tf.function(self._run, reduce_retracing=True)

    def __call__(self, episode: Episode) -> tuple[float, float]:
        """Loss and accuracy of an episode, after which the weights have changed."""
        label = episode.label.astype(np.int32)
        features, classes = tf.constant(episode.features[:, :, None]), tf.constant(label[-1] + 1)
        loss, accuracy = self._step(features, tf.constant(label), classes)
        return float(loss), float(accuracy)

    def _run(self, features: tf.Tensor, label: tf.Tensor, classes: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            pooled, course = self._parts(self._embedding(features, training=True))
            # Each part must do alone, so that a head can lean on either; and both together.
            parts = (pooled, course, tf.concat([pooled, course], 1))
            logits = [self._logits(part, label, classes) for part in parts]
            losses = [
                tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(label, each))
                for each in logits
            ]
            loss = tf.add_n(losses)
        variables = self._embedding.trainable_variables
        self._optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        nearest = tf.argmax(logits[-1], axis=1, output_type=tf.int32)
        return loss, tf.reduce_mean(tf.cast(nearest == label, tf.float32))

    def _parts(self, flat: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """(n, pooled) means over time, and (n, rows * others) the course of the other filters."""
        filters, pooled = self._config.architecture.filters[-1], self._config.pooled
        rows = flat.shape[1] // filters
        by_row = tf.reshape(flat, (-1, rows, filters))
        mean = tf.reduce_mean(by_row[:, :, :pooled], axis=1) * rows**0.5
        return mean, tf.reshape(by_row[:, :, pooled:], (-1, rows * (filters - pooled)))

    def _logits(self, points: tf.Tensor, label: tf.Tensor, classes: tf.Tensor) -> tf.Tensor:
        """(n, classes): minus squared distances to means, a point's own without itself."""
        member = tf.one_hot(label, classes)
        count = tf.reduce_sum(member, axis=0)
        total = tf.matmul(member, points, transpose_a=True)
        means = total / count[:, None]
        others = (tf.gather(total, label) - points) / (tf.gather(count, label)[:, None] - 1)
        squares = tf.reduce_sum(means**2, axis=1) + tf.reduce_sum(points**2, axis=1)[:, None]
        distances = squares - 2 * tf.matmul(points, means, transpose_b=True)
        own = tf.reduce_sum((points - others) ** 2, axis=1)
        return -self._config.sharpness * (distances * (1 - member) + own[:, None] * member)
