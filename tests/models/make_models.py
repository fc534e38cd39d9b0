"""Models as TensorFlow makes them: one that is trained for the board, and what users may bring.

Usage: python -m tests.models.make_models FOLDER
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from imu_gesture.dataset.dataset import build_dataset
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.windows import choose_window
from imu_gesture.learning.config import Architecture, TrainingConfig
from imu_gesture.learning.conversion import to_int8
from imu_gesture.learning.training import train
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import Recording
from tests import make

SHAPE = (16, 1, 6)
Settings = dict[str, object]
INT8: Settings = {"inference_input_type": tf.int8, "inference_output_type": tf.int8}
ONE_DENSE_SCALE: Settings = {
    "_experimental_disable_per_channel_quantization_for_dense_layers": True
}


def trained() -> bytes:
    """Our own network, training and conversion, on three gestures."""
    samples, labels = make.gestures(["circle", "push", "wave"] * 4)
    recording = LabelledRecording("a", Recording(samples, RecordingInfo()), tuple(labels))
    dataset = build_dataset([recording], choose_window([recording]))
    network = train(dataset, TrainingConfig(Architecture((8, 12, 16)), epochs=6))
    return to_int8(network.network, network.features(dataset.windows))


def network(
    *hidden: keras.layers.Layer,
    shape: tuple[int, ...] = SHAPE,
    batch: int | None = 1,
    activation: str = "softmax",
) -> keras.Model:
    inputs = x = keras.Input(batch_shape=(batch, *shape), name="features")
    for layer in hidden:
        x = layer(x)
    return keras.Model(inputs, keras.layers.Dense(4, activation=activation, name="scores")(x))


def convolution(**changes: Any) -> keras.Model:
    layers = keras.layers
    return network(layers.Conv2D(4, (3, 1), name="conv"), layers.Flatten(), **changes)


def mean_of_three_dimensions() -> keras.Model:
    layers = keras.layers
    pool = layers.GlobalAveragePooling1D(name="pool")
    return network(layers.Conv1D(4, 3, name="conv"), pool, shape=(16, 6))


def mean_of_four_dimensions() -> keras.Model:
    layers = keras.layers
    return network(
        layers.Conv2D(4, (3, 1), name="conv"), layers.GlobalAveragePooling2D(name="pool")
    )


def two_inputs() -> keras.Model:
    left, right = (keras.Input(batch_shape=(1, *SHAPE), name=name) for name in ("left", "right"))
    both = keras.layers.Flatten()(keras.layers.Add()([left, right]))
    return keras.Model([left, right], keras.layers.Dense(4, activation="softmax")(both))


def quantised(model: keras.Model, settings: Settings) -> bytes:
    rng = np.random.default_rng(0)
    shapes = [(1, *tensor.shape[1:]) for tensor in model.inputs]

    def representatives() -> Iterator[list[object]]:
        for _ in range(8):
            yield [rng.normal(size=shape).astype(np.float32) for shape in shapes]

    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = representatives
    for name, value in settings.items():
        setattr(converter, name, value)
    content: bytes = converter.convert()
    return content


def unquantised() -> bytes:
    content: bytes = tf.lite.TFLiteConverter.from_keras_model(convolution()).convert()
    return content


MODELS: dict[str, Callable[[], bytes]] = {
    "trained": trained,
    "dense_per_channel": lambda: quantised(convolution(), INT8),
    "mean_of_3d": lambda: quantised(mean_of_three_dimensions(), INT8 | ONE_DENSE_SCALE),
    "mean_of_4d": lambda: quantised(mean_of_four_dimensions(), INT8 | ONE_DENSE_SCALE),
    "float": unquantised,
    "float_ends": lambda: quantised(convolution(), ONE_DENSE_SCALE),
    "dynamic_batch": lambda: quantised(convolution(batch=None), INT8 | ONE_DENSE_SCALE),
    "no_softmax": lambda: quantised(convolution(activation="linear"), INT8 | ONE_DENSE_SCALE),
    "unknown_operator": lambda: quantised(
        network(keras.layers.Conv2D(4, (3, 1), activation="tanh"), keras.layers.Flatten()),
        INT8 | ONE_DENSE_SCALE,
    ),
    "two_inputs": lambda: quantised(two_inputs(), INT8 | ONE_DENSE_SCALE),
}


def main() -> None:
    keras.utils.set_random_seed(0)
    for name, make_model in MODELS.items():
        (Path(sys.argv[1]) / f"{name}.tflite").write_bytes(make_model())


if __name__ == "__main__":
    main()
