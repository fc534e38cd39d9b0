"""A network of our own, its weights carried over to ONNX, PyTorch and a Keras file.

Carried in fitting processes: what is returned are plain values, what is written are files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from numpy.typing import NDArray

from imu_gesture.learning.fitting import FitJob, FitResult, converted
from tests.learning.foreign.onnx_models import Net

if TYPE_CHECKING:
    import keras

HAS_TORCH = find_spec("torch") is not None and find_spec("onnxscript") is not None
FILES = ("model.onnx", "model.keras", *(("model.pt2",) if HAS_TORCH else ()))


@dataclass(frozen=True, eq=False)
class CarryJob:
    """What to train, and the folder for the files."""

    fit: FitJob
    folder: Path

    def run(self, on_epoch: Callable[[], None]) -> FitResult:
        """Train and convert as `fit` does; leave the float network in each of `FILES`."""
        from imu_gesture.learning.training import train

        trained = train(self.fit.train, self.fit.config, on_epoch)
        onnx.save(as_onnx(trained.network), self.folder / "model.onnx")
        trained.network.save(self.folder / "model.keras")
        if HAS_TORCH:
            save_torch(trained.network, self.folder / "model.pt2")
        return converted(trained, self.fit)


def as_onnx(network: keras.Model) -> onnx.ModelProto:
    """With channels before time, as everybody but Keras has them, and normalisation by itself."""
    _, samples, _, channels = network.input_shape
    net = Net((1, channels, samples))
    for layer in network.layers:
        weights = layer.get_weights()
        match type(layer).__name__:
            case "Conv2D":
                kernel = np.ascontiguousarray(weights[0][:, 0].transpose(2, 1, 0))
                before, after = same_pads(layer, kernel.shape[2], layer.strides[0])
                net.add(
                    "Conv",
                    net.constant(kernel),
                    strides=[layer.strides[0]],
                    pads=[before, after],
                )
            case "BatchNormalization":
                numbers = [net.constant(entry) for entry in weights]
                net.add("BatchNormalization", *numbers, epsilon=layer.epsilon)
            case "ReLU":
                net.add("Relu")
            case "AveragePooling2D":
                size = layer.pool_size[0]
                net.add("AveragePool", kernel_shape=[size], strides=[size], auto_pad="SAME_UPPER")
            case "Dense":
                net.add("Flatten")
                rows = net.constant(channels_first(network, weights[0]))
                net.add("Gemm", rows, net.constant(weights[1]))
    return net.model()


def save_torch(network: keras.Model, path: Path) -> None:
    """The same as a program of torch.export."""
    import torch
    from torch import nn

    layers: list[nn.Module] = []
    for layer in network.layers:
        weights = layer.get_weights()
        match type(layer).__name__:
            case "Conv2D":
                kernel = np.ascontiguousarray(weights[0][:, 0].transpose(2, 1, 0))
                outputs, inputs, length = kernel.shape
                pads = same_pads(layer, length, layer.strides[0])
                convolution = nn.Conv1d(inputs, outputs, length, layer.strides[0], bias=False)
                _fill(convolution.weight, kernel)
                layers += [nn.ConstantPad1d(pads, 0.0), convolution]
            case "BatchNormalization":
                normalisation = nn.BatchNorm1d(len(weights[0]), eps=layer.epsilon)
                names = ("weight", "bias", "running_mean", "running_var")
                for name, entry in zip(names, weights, strict=True):
                    _fill(getattr(normalisation, name), entry)
                layers.append(normalisation)
            case "ReLU":
                layers.append(nn.ReLU())
            case "AveragePooling2D":
                pool = nn.AvgPool1d(layer.pool_size[0], ceil_mode=True, count_include_pad=False)
                layers.append(pool)
            case "Dense":
                rows = channels_first(network, weights[0])
                dense = nn.Linear(*rows.shape)
                _fill(dense.weight, rows.T)
                _fill(dense.bias, weights[1])
                layers += [nn.Flatten(), dense]
    _, samples, _, channels = network.input_shape
    example = torch.zeros(1, channels, samples)
    torch.export.save(torch.export.export(nn.Sequential(*layers).eval(), (example,)), path)


def same_pads(layer: Any, length: int, stride: int) -> tuple[int, int]:
    """What Keras adds before and after the time axis with "same"."""
    size = layer.input.shape[1]
    lacking = max(0, (-(-size // stride) - 1) * stride + length - size)
    return lacking // 2, lacking - lacking // 2


def channels_first(network: keras.Model, rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """(elements, classes) of a dense layer, for elements that are flattened channels first."""
    _, steps, _, channels = network.get_layer("flatten").input.shape
    ours = rows.reshape(steps, channels, -1)
    return np.ascontiguousarray(ours.transpose(1, 0, 2).reshape(rows.shape))


def _fill(parameter: Any, values: NDArray[np.float32]) -> None:
    import torch

    with torch.no_grad():
        parameter.copy_(torch.from_numpy(np.ascontiguousarray(values)))
