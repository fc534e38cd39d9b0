"""A float network as an int8 flatbuffer. Imported in fitting processes only."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import keras
import numpy as np
import tensorflow as tf

from imu_gesture.learning.architecture import with_softmax
from imu_gesture.samples import Float32Array

_MOST_REPRESENTATIVES = 500


def to_int8(network: keras.Model, features: Float32Array) -> bytes:
    """Quantise weights, activations, input and output after training.

    Args:
        network: from features to logits.
        features: (n, samples, 1, channels) representative of what the model will see; from the
            training side only.
    """
    step = -(-len(features) // _MOST_REPRESENTATIVES)

    def representatives() -> Iterator[list[Float32Array]]:
        for window in features[::step]:
            yield [np.ascontiguousarray(window[None])]

    converter = tf.lite.TFLiteConverter.from_keras_model(with_softmax(network))
    converter.representative_dataset = representatives
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    return _int8(converter)


def to_int8_as_learned(network: keras.Model) -> bytes:
    """The same of a network `with_fake_quantisation`, by the ranges that it has learned."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Statistics for quantized inputs were expected")
        return _int8(tf.lite.TFLiteConverter.from_keras_model(with_softmax(network)))


def _int8(converter: tf.lite.TFLiteConverter) -> bytes:
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.inference_input_type = tf.int8
    converter.inference_output_type = tf.int8
    # The kernels of every Arduino library use the first of several dense scales only.
    converter._experimental_disable_per_channel_quantization_for_dense_layers = True
    model: bytes = converter.convert()
    return model
