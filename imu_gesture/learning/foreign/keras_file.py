"""Keras models from files, and which of their layers can be taken. Imported in workers only."""

from __future__ import annotations

from pathlib import Path

import keras

from imu_gesture.errors import ModelError
from imu_gesture.learning.foreign.axes import InputAxes
from imu_gesture.samples import Float32Array

ALONG_TIME = {  # layers of (samples, channels) and what they are on (samples, 1, channels)
    "AveragePooling1D": "AveragePooling2D",
    "Conv1D": "Conv2D",
    "DepthwiseConv1D": "DepthwiseConv2D",
    "MaxPooling1D": "MaxPooling2D",
    "SeparableConv1D": "SeparableConv2D",
    "ZeroPadding1D": "ZeroPadding2D",
}
OVER_ALL = {  # global pooling, and the kind that does the same; a MEAN is refused on the board
    "GlobalAveragePooling1D": "AveragePooling2D",
    "GlobalAveragePooling2D": "AveragePooling2D",
    "GlobalMaxPooling1D": "MaxPooling2D",
    "GlobalMaxPooling2D": "MaxPooling2D",
}
_AS_THEY_ARE = {
    *("Activation", "Add", "AveragePooling2D", "BatchNormalization", "Concatenate", "Conv2D"),
    *("Dense", "DepthwiseConv2D", "Flatten", "MaxPooling2D", "Multiply", "ReLU", "Reshape"),
    *("SeparableConv2D", "Softmax", "ZeroPadding2D"),
}
ONLY_IN_TRAINING = {
    *("ActivityRegularization", "Dropout", "GaussianDropout", "GaussianNoise", "Identity"),
    *("SpatialDropout1D", "SpatialDropout2D"),
}
_ACTIVATIONS = {"linear", "relu", "relu6"}
_WITHIN, _AT_THE_END = _ACTIVATIONS | {"sigmoid"}, _ACTIVATIONS | {"softmax"}


def load_keras(path: Path) -> keras.Model:
    """Read a model; code in it is not run.

    Raises:
        ModelError: it cannot be read, or has several inputs or outputs.
    """
    try:
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # of whatever class the file's layers meet
        raise ModelError(
            f"{path.name}: Keras cannot read it ({(str(error).splitlines() or ['?'])[0]}); models "
            "with code in them (Lambda layers, classes of your own) have to be rebuilt from layers"
        ) from error
    for what, tensors in (("inputs", model.inputs), ("outputs", model.outputs)):
        if len(tensors) != 1:
            raise ModelError(f"{len(tensors)} {what}; one is wanted")
    if None in model.input_shape[1:]:
        raise ModelError(
            f"input {model.input_shape} has sides of variable length; only the batch may be"
        )
    return model


def check_layers(model: keras.Model) -> None:
    """Raises ModelError: layers that the board does not know, each by its name."""
    known = {*ALONG_TIME, *OVER_ALL, *_AS_THEY_ARE}
    last = last_layer(model)
    if last is not None and activation_of(last) == "sigmoid":
        raise ModelError(
            f"layer {last.name!r}: ends in a score for each class by itself; the board wants one "
            "choice among all classes (softmax)"
        )
    unknown = [
        f"layer {layer.name!r} ({kind})"
        for layer, kind in _layers(model)
        if kind not in known | ONLY_IN_TRAINING
    ]
    for layer, kind in _layers(model):
        name = activation_of(layer) if kind in known else "linear"
        if name not in (_AT_THE_END if layer is last else _WITHIN):
            unknown.append(f"layer {layer.name!r} ({kind} with activation {name})")
    if unknown:
        lines = "\n  ".join(unknown)
        raise ModelError(
            f"layers that the board's library does not compute, or not rightly:\n  {lines}\n"
            f"possible are {', '.join(sorted(known))}, relu or sigmoid behind them, "
            "and a softmax at the end"
        )


def answers(model: keras.Model, axes: InputAxes, windows: Float32Array) -> Float32Array:
    """(n, samples, channels) features -> (n, classes), by the model as it came."""
    scores: Float32Array = model(axes.arranged(windows), training=False).numpy()
    return scores


def _layers(model: keras.Model) -> list[tuple[keras.layers.Layer, str]]:
    """All layers that compute something, those of nested models too."""
    found: list[tuple[keras.layers.Layer, str]] = []
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            found += _layers(layer)
        elif type(layer).__name__ != "InputLayer":
            found.append((layer, type(layer).__name__))
    return found


def last_layer(model: keras.Model) -> keras.layers.Layer | None:
    """The one that gives the scores, of a nested model too; None where nothing is computed."""
    layers = _layers(model)
    return layers[-1][0] if layers else None


def activation_of(layer: keras.layers.Layer) -> str:
    """Its activation by name; "linear" for none."""
    if type(layer).__name__ == "Softmax":
        return "softmax"
    return str(layer.get_config().get("activation") or "linear")
