"""The network as the board computes it, still trainable. Imported in fitting processes only.

Values are rounded to 8 bits as the int8 operators round them, gradients pass through (Jacob et al.
2018, doi:10.1109/CVPR.2018.00286). Normalisation is folded into the convolutions first, as the
converter does, and each range of activations is learned along with the weights.
"""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from imu_gesture.samples import Float32Array

_NARROWING = 0.8  # ranges are tried from the widest on, each narrower by this
_RANGES = 30


class ActivationRange(keras.layers.Layer):  # type: ignore[misc]  # Keras has no types
    """Rounds to the 256 steps between two learned ends."""

    def __init__(self, low: float, high: float, name: str) -> None:
        super().__init__(name=name)
        self._ends = (low, high)

    def build(self, _: object) -> None:
        """Make the two variables."""
        self.low, self.high = (
            self.add_weight(shape=(), initializer=keras.initializers.Constant(end), name=name)
            for name, end in zip(("low", "high"), self._ends, strict=True)
        )

    def call(self, values: tf.Tensor) -> tf.Tensor:
        """The same shape."""
        return tf.quantization.fake_quant_with_min_max_vars(values, self.low, self.high)


class Int8Conv2D(keras.layers.Conv2D):  # type: ignore[misc]  # Keras has no types
    """A convolution whose weights have one scale for each filter."""

    def convolution_op(self, inputs: tf.Tensor, kernel: tf.Tensor) -> tf.Tensor:
        """Keras calls it with the kernel in float."""
        end = tf.stop_gradient(tf.reduce_max(tf.abs(kernel), axis=(0, 1, 2)))
        rounded = tf.quantization.fake_quant_with_min_max_vars_per_channel(
            kernel, -end, end, narrow_range=True
        )
        return super().convolution_op(inputs, rounded)


class Int8Dense(keras.layers.Dense):  # type: ignore[misc]  # Keras has no types
    """A dense layer whose weights have one scale, which is all that the board's kernels know."""

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """(n, inputs) -> (n, units)."""
        end = tf.stop_gradient(tf.reduce_max(tf.abs(self.kernel)))
        rounded = tf.quantization.fake_quant_with_min_max_vars(
            self.kernel, -end, end, narrow_range=True
        )
        return tf.matmul(inputs, rounded) + self.bias


def with_fake_quantisation(network: keras.Model, features: Float32Array) -> keras.Model:
    """A trained network of `build_network`, with its roundings.

    Args:
        network: from features to logits.
        features: (n, samples, 1, channels) that show the ranges; from the training side only.
    """
    x = inputs = keras.Input(network.input_shape[1:], name="features")
    x = _range("features", features)(x)
    for layer in network.layers[1:]:
        if isinstance(layer, keras.layers.Conv2D):
            norm = network.get_layer(layer.name.replace("conv", "norm"))
            x = _folded(layer, norm, x)
        elif isinstance(layer, keras.layers.ReLU):
            x = layer.__class__(name=layer.name)(x)
            x = _range(layer.name, _seen(network, layer, features))(x)
        elif isinstance(layer, keras.layers.Dense):
            dense = Int8Dense(layer.units, name=layer.name)
            x = dense(x)
            dense.set_weights(layer.get_weights())
        elif isinstance(layer, keras.layers.AveragePooling2D | keras.layers.Flatten):
            x = layer.__class__.from_config(layer.get_config())(x)
    x = _range("scores", _seen(network, network.layers[-1], features))(x)
    return keras.Model(inputs, x, name="gestures")


def _folded(
    layer: keras.layers.Conv2D, norm: keras.layers.BatchNormalization, x: keras.KerasTensor
) -> keras.KerasTensor:
    """The output of the convolution with its normalisation."""
    shape = {name: getattr(layer, name) for name in ("filters", "kernel_size", "strides")}
    folded = Int8Conv2D(**shape, padding="same", name=layer.name)
    y = folded(x)
    gamma, beta, mean, variance = norm.get_weights()
    factor = gamma / np.sqrt(variance + norm.epsilon)
    folded.set_weights([layer.get_weights()[0] * factor, beta - mean * factor])
    return y


def _seen(network: keras.Model, layer: keras.layers.Layer, features: Float32Array) -> Float32Array:
    return np.asarray(keras.Model(network.inputs, layer.output)(features, training=False))


def _range(name: str, values: NDArray[np.float32]) -> ActivationRange:
    """The ends that leave the least error, each channel's as a share of its own spread.

    So one channel that is far wider than the others does not take all the steps from them.
    """
    rows = values.reshape(-1, values.shape[-1])
    power = np.mean(np.square(rows), axis=0) + 1e-12
    ends = np.array([min(0.0, float(rows.min())), max(0.0, float(rows.max()), 1e-6)])

    def error(share: float) -> float:
        low, high = ends * share
        rounded = tf.quantization.fake_quant_with_min_max_vars(rows, low, high)
        return float(np.mean(np.mean(np.square(rounded - rows), axis=0) / power))

    low, high = ends * min((_NARROWING**step for step in range(_RANGES)), key=error)
    return ActivationRange(float(low), float(high), f"{name}_range")
