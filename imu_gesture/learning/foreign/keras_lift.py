"""Keras models with what runs along time brought into four dimensions. Imported in workers only."""

from __future__ import annotations

from typing import Any

import keras

from imu_gesture.errors import ModelError
from imu_gesture.learning.foreign.axes import InputAxes
from imu_gesture.learning.foreign.keras_file import (
    ALONG_TIME,
    ONLY_IN_TRAINING,
    OVER_ALL,
    activation_of,
    last_layer,
)


def lift(model: keras.Model, axes: InputAxes) -> keras.Model:
    """The same network from features (n, samples, 1, channels) to logits (n, classes).

    Raises:
        ModelError: its layers cannot be brought into this form.
    """
    if axes.layout != "samples-channels":
        raise ModelError(
            f"input {axes.shape} has its channels before its samples, which Keras' layers do not "
            "convolve along; build the model on (samples, channels)"
        )
    inputs = keras.Input((axes.samples, 1, axes.channels), name="features")
    start: Any = inputs
    if len(axes.shape) != 3 and axes.shape[1:] != inputs.shape[1:]:
        start = keras.layers.Reshape(axes.shape[1:])(inputs)
    try:
        logits = _through(model, start, inputs, last_layer(model))
        return keras.Model(inputs, logits, name="foreign")
    except (ValueError, TypeError) as error:
        raise ModelError(
            "cannot be brought into four dimensions "
            f"({(str(error).splitlines() or ['?'])[0]}); build it with Conv2D of (length, 1) on "
            "(samples, 1, channels)"
        ) from error


def _through(model: keras.Model, start: Any, inputs: Any, last: keras.layers.Layer | None) -> Any:
    """`start`, made of `inputs`, through copies of the model's layers, along its own graph."""
    copies: dict[str, _Copy] = {}

    def run(layer: keras.layers.Layer, given: Any, **_: Any) -> Any:
        # Keras builds copies of a graph on inputs only; what stands for them is put in here.
        given = keras.tree.map_structure(lambda one: start if one is inputs else one, given)
        if isinstance(layer, keras.Model):
            return _through(layer, given, inputs, last)
        if layer.name not in copies:
            copies[layer.name] = _Copy(layer, is_last=layer is last)
        return copies[layer.name](given)

    clone = keras.models.clone_model(
        keras.Model(model.inputs, model.outputs),
        input_tensors=[inputs],
        call_function=run,
        clone_function=lambda layer: layer,
    )
    return clone.outputs[0]


class _Copy:
    """A layer for four dimensions with the weights of the one it was made of."""

    def __init__(self, layer: keras.layers.Layer, is_last: bool) -> None:
        self._origin = layer
        self._layer = _copy(layer, is_last)
        self._is_new = True

    def __call__(self, given: Any) -> Any:
        """The layer's result; one that does nothing once trained hands on what it is given."""
        if type(self._origin).__name__ in OVER_ALL:
            return _over_all(self._origin, given)
        if self._layer is None:
            return given
        result = self._layer(given)
        if self._is_new:
            weights = self._origin.get_weights()
            self._layer.set_weights([_lifted(self._layer, self._origin, w) for w in weights])
            self._is_new = False
        return result


def _over_all(layer: keras.layers.Layer, given: Any) -> Any:
    """Global pooling by a filter of the whole size."""
    kind = getattr(keras.layers, OVER_ALL[type(layer).__name__])
    pooled = kind(given.shape[1:3])(given)
    return pooled if layer.keepdims else keras.layers.Flatten()(pooled)


def _copy(layer: keras.layers.Layer, is_last: bool) -> keras.layers.Layer | None:
    """A layer of its own for four dimensions; None for one that has no such copy."""
    kind, settings = type(layer).__name__, layer.get_config()
    if kind in ONLY_IN_TRAINING or kind in OVER_ALL or _is_softmax_alone(layer, is_last):
        return None
    if is_last and settings.get("activation") == "softmax":
        settings["activation"] = "linear"
    if kind in ALONG_TIME:
        for name in ("kernel_size", "strides", "dilation_rate", "pool_size"):
            if name in settings:
                settings[name] = _pair(settings[name])
        if kind == "ZeroPadding1D":
            settings["padding"] = (tuple(settings["padding"]), (0, 0))
        kind = ALONG_TIME[kind]
    elif settings.get("axis") == len(layer.output.shape) - 1:
        settings["axis"] = -1  # still that of the channels
    return getattr(keras.layers, kind).from_config(settings)


def _is_softmax_alone(layer: keras.layers.Layer, is_last: bool) -> bool:
    """Whether it is a last softmax by itself, which the conversion to int8 adds anew."""
    alone = type(layer).__name__ in ("Softmax", "Activation")
    return alone and is_last and activation_of(layer) == "softmax"


def _pair(setting: Any) -> tuple[int, int]:
    return (setting if isinstance(setting, int) else setting[0]), 1


def _lifted(copy: keras.layers.Layer, layer: keras.layers.Layer, weights: Any) -> Any:
    """A kernel along time has one column."""
    return weights[:, None] if type(copy) is not type(layer) and weights.ndim == 3 else weights
