"""What is in a foreign model, and the same as int8: jobs for a fitting process, plain values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from imu_gesture.errors import ModelError, TrainingError
from imu_gesture.learning.foreign.axes import InputAxes
from imu_gesture.provenance import is_installed
from imu_gesture.samples import Float32Array

if TYPE_CHECKING:
    import keras

PARTS = 3  # of a conversion: rebuilt, compared, quantised
COMPARED = 64  # windows given to the model as it came, and to the network rebuilt from it
_LARGEST_DIFFERENCE = 1e-3  # of a probability; single precision in another order is far below
_NEEDS = {  # suffix: packages beside TensorFlow, and the extra that brings them
    ".keras": ((), ""),
    ".onnx": (("onnx",), "onnx"),
    ".pt2": (("onnx", "torch", "onnxscript"), "torch"),
}
SUFFIXES = (*_NEEDS, ".tflite")
_WRONG = {
    ".pt": "holds weights or a pickled object, not a network: ",
    ".pth": "holds weights or a pickled object, not a network: ",
    ".ckpt": "holds weights, not a network: ",
    ".h5": "is of an older Keras: load it there and save it as model.keras; else ",
}
_EXPORT = (
    "save a PyTorch model with `torch.export.save(torch.export.export(model.eval(), (example,)), "
    "'model.pt2')`, a Keras one with `model.save('model.keras')`, any other as ONNX"
)

Answers = Callable[[Float32Array], Float32Array]


@dataclass(frozen=True)
class ForeignFacts:
    """The model's input, batch of one first, and how many classes it scores."""

    shape: tuple[int, ...]
    classes: int


@dataclass(frozen=True)
class InspectionJob:
    """A model whose layers are to be checked; one part of work."""

    path: Path

    def run(self, on_part: Callable[[], None]) -> ForeignFacts:
        """Read it, in this process."""
        facts = inspect_model(self.path)
        on_part()
        return facts


@dataclass(frozen=True, eq=False)
class ConversionJob:
    """A model and the features (n, samples, channels) that stand for what it will see."""

    path: Path
    axes: InputAxes
    features: Float32Array

    def run(self, on_part: Callable[[], None]) -> Converted:
        """Rebuild, compare and quantise, in this process; `PARTS` parts of work."""
        return convert_model(self, on_part)


@dataclass(frozen=True, eq=False)
class Converted:
    """An int8 model and how near it is to what it was made of.

    Attributes:
        probabilities: (n, classes) float32 of the rebuilt float network on the job's features.
        compared: how many of these windows the model as it came was given, too.
        difference: largest difference of a probability between the two, there.
    """

    tflite: bytes
    probabilities: Float32Array
    compared: int
    difference: float


def check_format(path: Path) -> str:
    """The file's suffix, where it is one that can be imported here.

    Raises:
        ModelError: it holds no network.
        TrainingError: a package is missing.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        why = _WRONG.get(suffix, f"is none of {', '.join(SUFFIXES)}: ")
        raise ModelError(f"{path.name}: {why}{_EXPORT}")
    packages, extra = _NEEDS.get(suffix, ((), ""))
    missing = [name for name in packages if not is_installed(name)]
    if missing:
        raise TrainingError(
            f"{suffix} files need {', '.join(missing)}, which is not installed; install it with "
            f'`pip install "imu-gesture[train,{extra}]"`'
        )
    return suffix


def inspect_model(path: Path) -> ForeignFacts:
    """Read a model and check its layers, in a fitting process."""
    if path.suffix.lower() == ".keras":
        from imu_gesture.learning.foreign.keras_file import check_layers, load_keras

        model = load_keras(path)
        check_layers(model)
        return ForeignFacts((1, *model.input_shape[1:]), int(np.prod(model.output_shape[1:])))
    from imu_gesture.learning.foreign.onnx_graph import read_graph
    from imu_gesture.learning.foreign.rebuild import check_kinds

    graph = read_graph(_as_onnx(path)[0])
    check_kinds(graph)
    return ForeignFacts(graph.shapes[graph.input], graph.classes)


def convert_model(job: ConversionJob, on_part: Callable[[], None]) -> Converted:
    """Rebuild, compare with the model as it came, and quantise, in a fitting process.

    Raises:
        ModelError: the network rebuilt does not compute what the model does.
    """
    from imu_gesture.learning.conversion import to_int8

    network, original = _network(job)
    on_part()
    ours = _softmax(np.asarray(network(job.features[:, :, None], training=False)))
    chosen = np.linspace(0, len(job.features) - 1, min(COMPARED, len(job.features))).astype(int)
    theirs = _probabilities(original(job.features[chosen]))
    difference = float(np.abs(theirs - ours[chosen]).max())
    if not difference <= _LARGEST_DIFFERENCE:
        raise ModelError(
            f"{job.path.name}: the network rebuilt from it computes something else: probabilities "
            f"differ by up to {difference:.3g} on your windows; please report this model"
        )
    on_part()
    tflite = to_int8(network, job.features[:, :, None])
    on_part()
    return Converted(tflite, ours, len(chosen), difference)


def _network(job: ConversionJob) -> tuple[keras.Model, Answers]:
    """The rebuilt network to logits, and what the model itself answers to features."""
    if job.path.suffix.lower() == ".keras":
        from imu_gesture.learning.foreign.keras_file import answers, load_keras
        from imu_gesture.learning.foreign.keras_lift import lift

        model = load_keras(job.path)
        return lift(model, job.axes), lambda features: answers(model, job.axes, features)
    from imu_gesture.learning.foreign.onnx_graph import read_graph, run_reference
    from imu_gesture.learning.foreign.rebuild import rebuild

    onnx_model, run = _as_onnx(job.path)
    graph = read_graph(onnx_model)
    run = run or (lambda windows: run_reference(graph.model, windows))
    arranged = lambda features: run(np.ascontiguousarray(job.axes.arranged(features)))  # noqa: E731
    return rebuild(graph, job.axes), arranged


def _as_onnx(path: Path) -> tuple[Any, Answers | None]:
    """The ONNX model in a file, and PyTorch's own way to run it where it is PyTorch's."""
    if path.suffix.lower() == ".pt2":
        from imu_gesture.learning.foreign.torch_file import load_torch

        return load_torch(path)
    from imu_gesture.learning.foreign.onnx_graph import load_onnx

    return load_onnx(path), None


def _softmax(logits: Float32Array) -> Float32Array:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


def _probabilities(scores: Float32Array) -> Float32Array:
    """Scores of a model that may or may not end in a softmax, or in its logarithm."""
    is_distribution = scores.min() >= 0 and np.allclose(scores.sum(axis=1), 1, atol=1e-3)
    return scores if is_distribution else _softmax(scores)
