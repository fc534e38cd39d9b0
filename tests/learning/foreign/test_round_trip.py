"""Our own network, trained once and carried over to other formats: int8 decides the same."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from imu_gesture import _core
from imu_gesture.deploy.model_check import check_model
from imu_gesture.errors import ImuGestureError, ModelError, TrainingError
from imu_gesture.inference.classifier import open_classifier
from imu_gesture.inference.flatbuffer import read_facts
from imu_gesture.learning.evaluation import model_inputs
from imu_gesture.learning.fitting import FitResult, FittingPool
from imu_gesture.learning.foreign.axes import find_axes
from imu_gesture.learning.foreign.conversion import ConversionJob, InspectionJob, check_format
from tests.learning.foreign import files
from tests.learning.foreign.carried import HAS_TORCH, CarryJob
from tests.learning.jobs import NAMES, job

pytestmark = pytest.mark.slow
needs_torch = pytest.mark.skipif(not HAS_TORCH, reason="torch and onnxscript are not installed")
with_torch = [
    "model.onnx",
    "model.keras",
    pytest.param("model.pt2", marks=needs_torch),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("foreign")


@pytest.fixture(scope="module")
def ours(pool: FittingPool, folder: Path) -> FitResult:
    return pool.result(pool.submit(CarryJob(job(), folder)))


@pytest.mark.parametrize("name", with_torch)
def test_int8_of_the_default_form_is_the_same_by_every_way(
    name: str, pool: FittingPool, folder: Path, ours: FitResult
) -> None:
    windows = job().test_windows
    path = folder / name
    facts = pool.result(pool.submit(InspectionJob(path)))
    axes = find_axes(facts.shape, windows.shape[1:], None)
    features = _core.features(ours.features, ours.front_end(windows))
    found = pool.result(pool.submit(ConversionJob(path, axes, features)))
    check_model(read_facts(found.tflite))
    assert facts.classes == len(NAMES)
    assert found.difference < 1e-5
    np.testing.assert_allclose(found.probabilities, ours.probabilities, atol=1e-5)
    inputs = model_inputs(ours, windows)
    wanted, scores = (
        open_classifier(tflite).scores(inputs) for tflite in (ours.tflite, found.tflite)
    )
    assert np.array_equal(wanted.argmax(axis=1), scores.argmax(axis=1))
    assert np.abs(wanted.astype(int) - scores).max() <= 2
    operators = read_facts(found.tflite).operator_names
    assert set(operators) - {"PAD"} == set(read_facts(ours.tflite).operator_names)


@pytest.mark.parametrize("name", files.KERAS_RIGHT)
def test_keras_layers_along_time_are_lifted(name: str, pool: FittingPool, tmp_path: Path) -> None:
    path = pool.result(pool.submit(files.KerasFileJob(name, tmp_path)))
    facts = pool.result(pool.submit(InspectionJob(path)))
    axes = find_axes(facts.shape, None, None)
    rng = np.random.default_rng(0)
    features = rng.normal(size=(16, *axes.window)).astype(np.float32)
    found = pool.result(pool.submit(ConversionJob(path, axes, features)))
    check_model(read_facts(found.tflite))
    assert found.difference < 1e-5
    assert np.ptp(found.probabilities, axis=0).max() > 0.01


@pytest.mark.parametrize("name", files.KERAS_REFUSED)
def test_keras_layers_that_are_unknown_are_named(
    name: str, pool: FittingPool, tmp_path: Path
) -> None:
    path = pool.result(pool.submit(files.KerasFileJob(name, tmp_path)))
    with pytest.raises(ModelError, match=files.KERAS_REFUSED[name][1]):
        pool.result(pool.submit(InspectionJob(path)))


@needs_torch
@pytest.mark.parametrize("name", files.TORCH_REFUSED)
def test_programs_of_pytorch_that_cannot_be_taken_are_explained(
    name: str, pool: FittingPool, tmp_path: Path
) -> None:
    path = pool.result(pool.submit(files.TorchFileJob(name, tmp_path)))
    with pytest.raises(ModelError, match=files.TORCH_REFUSED[name][1]):
        pool.result(pool.submit(InspectionJob(path)))


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("weights.pt", ModelError, r"holds weights or a pickled object.*torch\.export\.save"),
        ("weights.PTH", ModelError, r"torch\.export\.save"),
        ("old.h5", ModelError, r"save it as model\.keras"),
        ("saved_model", ModelError, r"a Keras one with `model\.save\('model\.keras'\)`"),
        ("graph.pb", ModelError, r"is none of \.keras, \.onnx, \.pt2, \.tflite"),
    ],
)
def test_other_files_are_answered_with_how_to_export(
    name: str, error: type[ImuGestureError], message: str
) -> None:
    with pytest.raises(error, match=message):
        check_format(Path(name))


@pytest.mark.parametrize(("package", "name"), [("torch", "model.pt2"), ("onnx", "model.onnx")])
def test_a_missing_package_is_named_with_its_extra(
    package: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(TrainingError, match=rf'{package}.*"imu-gesture\[train,{package}\]"'):
        check_format(Path(name))
