"""Small convolutional classifiers, from operators with int8 kernels on the board.

Convolutions run along time over (samples, 1, channels): this form needs no reshaping operators
and keeps pooling four-dimensional. What is left of time goes into the dense layer, because the
order of movements tells gestures apart.
"""

from __future__ import annotations

import keras

from imu_gesture.dataset.windows import WindowSpec
from imu_gesture.learning.config import Architecture


def build_network(shape: Architecture, spec: WindowSpec, classes: int) -> keras.Model:
    """A network from features (n, samples, 1, channels) to logits (n, classes)."""
    layers = keras.layers
    x = inputs = keras.Input((spec.samples, 1, spec.channels), name="features")
    convolutions = zip(shape.filters, shape.kernels, shape.strides, strict=True)
    for number, (filters, kernel, stride) in enumerate(convolutions, start=1):
        convolution = layers.Conv2D(
            filters, (kernel, 1), (stride, 1), padding="same", use_bias=False, name=f"conv{number}"
        )
        x = convolution(x)
        x = layers.BatchNormalization(momentum=0.9, name=f"norm{number}")(x)
        x = layers.ReLU(name=f"relu{number}")(x)
    pool = -(-x.shape[1] // shape.time_bins)
    if pool > 1:
        x = layers.AveragePooling2D((pool, 1), padding="same", name="pool")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dropout(shape.dropout, name="dropout")(x)
    return keras.Model(inputs, layers.Dense(classes, name="scores")(x), name="gestures")


def with_softmax(network: keras.Model) -> keras.Model:
    """The same network with a fixed batch of one and probabilities out, as the board runs it."""
    inputs = keras.Input(batch_shape=(1, *network.input_shape[1:]), name="features")
    probabilities = keras.layers.Softmax(name="probabilities")(network(inputs))
    return keras.Model(inputs, probabilities, name="gestures")
