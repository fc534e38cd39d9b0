"""What it costs to bring the default architecture in as ONNX, PyTorch or a Keras file.

One network is trained for each fold; its int8 model by our own way is the peer of the same
weights imported from the other formats, on the same held-out windows.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from accuracy import REAL, SIMULATED, Task, prepare
from form import Options, Row, run_benchmark, say
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from imu_gesture import _core
from imu_gesture.deploy.model_check import check_model
from imu_gesture.errors import ModelError
from imu_gesture.inference.classifier import open_classifier
from imu_gesture.inference.flatbuffer import read_facts
from imu_gesture.learning.config import TrainingConfig
from imu_gesture.learning.evaluation import model_inputs
from imu_gesture.learning.fitting import FitJob, FitResult, FittingPool
from imu_gesture.learning.foreign.axes import find_axes
from imu_gesture.learning.foreign.conversion import ConversionJob, InspectionJob
from tests.learning.foreign.carried import FILES, CarryJob

_NAMES = {"model.onnx": "onnx", "model.pt2": "pytorch", "model.keras": "keras"}


@dataclass(eq=False)
class Route:
    """Held-out windows by one way: (n,) classes of int8 each, and what its float network did."""

    ours: list[NDArray[np.intp]] = field(default_factory=list)
    theirs: list[NDArray[np.intp]] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)
    rebuilt: list[float] = field(default_factory=list)
    refused: int = 0
    bytes: int = 0


def measure(options: Options) -> Iterator[Row]:
    """Rows of each format whose packages are installed."""
    real = [s for s in REAL[:1] if options.data and (options.data / s.folder).is_dir()]
    if not real:
        say(f"{REAL[0].name}: left out, no such folder (--data); simulated people instead")
    task = prepare((real or [SIMULATED])[0], options.data or Path(), options.quick)
    for name in _NAMES.keys() - set(FILES):
        say(f"{_NAMES[name]}: left out, its packages are not installed")
    routes = {name: Route() for name in FILES}
    labels: list[NDArray[np.intp]] = []
    with FittingPool() as pool, TemporaryDirectory() as folder:
        for place, split in enumerate(task.splits):
            say(f"fold {place + 1} of {len(task.splits)}")
            windows = task.dataset.windows[split.test]
            fit = FitJob(task.dataset.subset(split.train), windows, TrainingConfig())
            ours = pool.result(pool.submit(CarryJob(fit, Path(folder))))
            labels.append(task.dataset.label[split.test])
            for name, route in routes.items():
                judge(route, pool, Path(folder) / name, fit, ours)
    for name, route in routes.items():
        yield from rows(_NAMES[name], route, np.concatenate(labels), task)


def judge(route: Route, pool: FittingPool, path: Path, fit: FitJob, ours: FitResult) -> None:
    """Import one file with the training side's windows, and run both on the held-out ones."""
    shape = pool.result(pool.submit(InspectionJob(path))).shape
    train = fit.train
    axes = find_axes(shape, (train.spec.samples, train.spec.channels), None)
    features = _core.features(ours.features, ours.front_end(train.windows))
    converted = pool.result(pool.submit(ConversionJob(path, axes, features)))
    found = read_facts(converted.tflite)
    try:
        check_model(found)
    except ModelError:
        route.refused += 1
    tensor = found.inputs[0]
    seen = _core.features(ours.features, ours.front_end(fit.test_windows))
    inputs = _core.quantise(_core.QuantisationParams(tensor.scales[0], tensor.zero_points[0]), seen)
    theirs = open_classifier(converted.tflite).scores(inputs)
    own = open_classifier(ours.tflite).scores(model_inputs(ours, fit.test_windows))
    route.ours.append(own.argmax(axis=1))
    route.theirs.append(theirs.argmax(axis=1))
    route.levels.append(int(np.abs(own.astype(int) - theirs).max()))
    route.rebuilt.append(converted.difference)
    route.bytes = len(converted.tflite) - len(ours.tflite)


def rows(name: str, route: Route, label: NDArray[np.intp], task: Task) -> Iterator[Row]:
    """The figures of one format."""
    ours, theirs = np.concatenate(route.ours), np.concatenate(route.theirs)
    own, foreign = float(np.mean(ours == label)), float(np.mean(theirs == label))
    note = f"{task.source.name}, {len(label)} held-out windows; {task.source.protocol}, seed 0"
    cost_points = 100 * (own - foreign)
    peers = {"imported": foreign, "keras_route": own}
    yield Row(f"{name}.accuracy_cost_points", cost_points, "points", peers, note)
    differing = int(np.sum(ours != theirs))
    note = f"scores differ by up to {max(route.levels)} of {_core.SCORE_LEVELS} levels"
    yield Row(f"{name}.decisions_differing", differing, "windows", note=note)
    note = "largest difference of a probability between the file's own runtime and the rebuilt one"
    yield Row(f"{name}.rebuilt_difference", max(route.rebuilt), "fraction", note=note)
    note = "int8 models that the check of the flatbuffer refuses"
    yield Row(f"{name}.refused", route.refused, "models", note=note)
    yield Row(f"{name}.more_bytes", route.bytes, "bytes", note="than by our own way, last fold")


if __name__ == "__main__":
    run_benchmark("foreign", measure)
