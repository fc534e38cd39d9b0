"""Models as TensorFlow's own defaults make them. Run as a program: `refusals.py FOLDER`.

Both run on the board without an error and give other scores there, so `deploy` must refuse them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray


def main() -> None:
    """Write `dense.tflite` (per-channel dense weights) and `mean.tflite` (mean of three axes)."""
    folder = Path(sys.argv[1])
    keras.utils.set_random_seed(0)
    layers = keras.layers
    dense = keras.Sequential(
        [
            keras.Input((48, 1, 6), batch_size=1),
            layers.Conv2D(8, (5, 1), activation="relu"),
            layers.Flatten(),
            layers.Dense(4, activation="softmax"),
        ]
    )
    mean = keras.Sequential(
        [
            keras.Input((48, 6), batch_size=1),
            layers.Conv1D(8, 5, activation="relu"),
            layers.GlobalAveragePooling1D(),
            layers.Softmax(),
        ]
    )
    (folder / "dense.tflite").write_bytes(convert(dense))
    (folder / "mean.tflite").write_bytes(convert(mean))


def convert(network: keras.Model) -> bytes:
    """Full integer quantisation as TensorFlow's guide shows it."""
    rng = np.random.default_rng(0)

    def representatives() -> Iterator[list[NDArray[np.float32]]]:
        for _ in range(50):
            yield [rng.normal(size=network.input_shape).astype(np.float32)]

    converter = tf.lite.TFLiteConverter.from_keras_model(network)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = representatives
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = tf.int8
    converter.inference_output_type = tf.int8
    model: bytes = converter.convert()
    return model


if __name__ == "__main__":
    main()
