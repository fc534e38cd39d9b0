"""Keras and PyTorch files as users bring them, written in fitting processes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras

SAMPLES, CHANNELS, CLASSES = 16, 6, 3


@dataclass(frozen=True)
class KerasFileJob:
    """The Keras model of that name, to be written into a folder."""

    name: str
    folder: Path

    def run(self, _: Callable[[], None]) -> Path:
        import keras

        keras.utils.set_random_seed(0)
        entry = KERAS_RIGHT.get(self.name) or KERAS_REFUSED[self.name][0]
        path = self.folder / "model.keras"
        entry(keras.layers).save(path)
        return path


@dataclass(frozen=True)
class TorchFileJob:
    """The program of that name, to be written into a folder."""

    name: str
    folder: Path

    def run(self, _: Callable[[], None]) -> Path:
        path = self.folder / "model.pt2"
        TORCH_REFUSED[self.name][0](path)
        return path


def _sequence(*layers: Any, shape: tuple[int | None, ...] = (SAMPLES, CHANNELS)) -> keras.Model:
    import keras

    return keras.Sequential([keras.Input(shape), *layers])


def _along_time(k: Any) -> keras.Model:
    return _sequence(
        k.BatchNormalization(),
        k.Conv1D(8, 5, strides=2, padding="same", activation="relu"),
        k.SpatialDropout1D(0.1),
        k.MaxPooling1D(2),
        k.SeparableConv1D(4, 3),
        k.GlobalAveragePooling1D(),
        k.Dense(CLASSES, activation="softmax"),
    )


def _padded(k: Any) -> keras.Model:
    return _sequence(
        k.ZeroPadding1D((2, 1)),
        k.Conv1D(4, 4, dilation_rate=2),
        k.ReLU(),
        k.DepthwiseConv1D(3, depth_multiplier=2),
        k.AveragePooling1D(2),
        k.Flatten(),
        k.Dropout(0.5),
        k.Dense(CLASSES),
        k.Softmax(),
    )


def _branching(k: Any) -> keras.Model:
    import keras

    inputs = keras.Input((SAMPLES, CHANNELS))
    x = k.Conv1D(4, 3, padding="same")(inputs)
    x = k.Add()([x, k.Conv1D(4, 3, padding="same", activation="relu")(x)])
    x = k.Concatenate()([x, k.Conv1D(2, 1)(x)])
    return keras.Model(inputs, k.Dense(CLASSES)(k.Flatten()(x)))


def _nested(k: Any) -> keras.Model:
    body = _sequence(k.Conv1D(4, 3, activation="relu"), k.Flatten(), shape=(14, 6))
    return _sequence(k.Conv1D(6, 3), body, k.Dense(CLASSES, activation="softmax"))


def _picture(k: Any) -> keras.Model:
    return _sequence(
        k.Conv2D(4, (3, CHANNELS), activation="relu"),
        k.Flatten(),
        k.Dense(CLASSES, activation="softmax"),
        shape=(SAMPLES, CHANNELS, 1),
    )


def _two_inputs(k: Any) -> keras.Model:
    import keras

    left, right = keras.Input((SAMPLES, CHANNELS)), keras.Input((SAMPLES, CHANNELS))
    return keras.Model([left, right], k.Dense(CLASSES)(k.Flatten()(k.Add()([left, right]))))


def _gated(k: Any) -> keras.Model:
    import keras

    inputs = keras.Input((SAMPLES, CHANNELS))
    x = k.Conv1D(4, 3, padding="same")(inputs)
    x = k.Multiply()([x, k.Conv1D(4, 3, padding="same", activation="sigmoid")(x)])
    x = k.Concatenate(axis=2)([x, k.Conv1D(2, 1)(x)])
    x = k.Concatenate()([k.GlobalMaxPooling1D()(x), k.GlobalAveragePooling1D()(x)])
    return keras.Model(inputs, k.Dense(CLASSES)(x))


def _averaged_picture(k: Any) -> keras.Model:
    return _sequence(
        k.Conv2D(4, (3, 1), activation="relu"),
        k.GlobalAveragePooling2D(keepdims=True),
        k.Conv2D(CLASSES, 1),
        k.Flatten(),
        k.Softmax(),
        shape=(SAMPLES, 1, CHANNELS),
    )


KERAS_RIGHT: dict[str, Callable[[Any], keras.Model]] = {
    "along time": _along_time,
    "padded and dilated": _padded,
    "branches": _branching,
    "a model in a model": _nested,
    "a picture": _picture,
    "gates, and pooled over all of time": _gated,
    "averaged over all of a picture": _averaged_picture,
}
KERAS_REFUSED: dict[str, tuple[Callable[[Any], keras.Model], str]] = {
    "recurrent": (
        lambda k: _sequence(k.LSTM(4, name="memory"), k.Dense(CLASSES)),
        r"layer 'memory' \(LSTM\)\npossible are Activation, Add",
    ),
    "activation": (
        lambda k: _sequence(k.Conv1D(4, 3, activation="gelu", name="conv"), k.Flatten()),
        r"layer 'conv' \(Conv1D with activation gelu\)",
    ),
    "softmax within": (
        lambda k: _sequence(k.Flatten(), k.Dense(4, activation="softmax", name="d"), k.Dense(3)),
        r"layer 'd' \(Dense with activation softmax\)",
    ),
    "a score for each class": (
        lambda k: _sequence(k.Flatten(), k.Dense(CLASSES, activation="sigmoid", name="d")),
        r"layer 'd': ends in a score for each class",
    ),
    "any length": (
        lambda k: _sequence(
            k.Conv1D(4, 3), k.GlobalAveragePooling1D(), k.Dense(3), shape=(None, CHANNELS)
        ),
        "sides of variable length",
    ),
    "two inputs": (_two_inputs, "2 inputs; one is wanted"),
    "code of its own": (
        lambda k: _sequence(k.Lambda(lambda x: x * 2), k.Flatten(), k.Dense(CLASSES)),
        r"model\.keras: Keras cannot read it",
    ),
}


def _program(*layers: Any, training: bool = False) -> Any:
    import torch

    network = torch.nn.Sequential(*layers).train(training)
    return torch.export.export(network, (torch.zeros(1, CHANNELS, SAMPLES),))


def _in_training(path: Path) -> None:
    import torch

    nn = torch.nn
    layers = nn.Conv1d(CHANNELS, 4, 3), nn.BatchNorm1d(4), nn.Flatten(), nn.Linear(56, 3)
    torch.export.save(_program(*layers, training=True), path)


def _unknown_layer(path: Path) -> None:
    import torch

    nn = torch.nn
    layers = nn.Conv1d(CHANNELS, 4, 3), nn.Hardswish(), nn.Flatten(), nn.Linear(56, 3)
    torch.export.save(_program(*layers), path)


def _state(path: Path) -> None:
    import torch

    torch.save(torch.nn.Linear(2, 2).state_dict(), path)


TORCH_REFUSED: dict[str, tuple[Callable[[Path], None], str]] = {
    "in training": (_in_training, r"was exported while in training; .*model\.eval\(\)"),
    "unknown layer": (_unknown_layer, r"layer '1' \(HardSwish\)"),
    "weights alone": (_state, r"not a program of torch\.export .*torch\.export\.save"),
}
