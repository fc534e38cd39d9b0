"""A model from elsewhere becomes a run: what is in it, what is said of it, and no half run."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from imu_gesture import _core
from imu_gesture.dataset.dataset import Dataset, build_dataset
from imu_gesture.dataset.trust import load_trusted
from imu_gesture.deploy.manifest import (
    DecisionEntry,
    FeatureEntry,
    ModelManifest,
    read_run,
    write_run,
)
from imu_gesture.deploy.sketch import write_sketch
from imu_gesture.errors import ImuGestureError, InputError, ModelError
from imu_gesture.inference.classifier import open_classifier
from imu_gesture.labels import BACKGROUND, Label
from imu_gesture.learning.foreign.onnx_graph import run_reference
from imu_gesture.learning.tuning import DEFAULT_THRESHOLD, default_setting
from imu_gesture.report.import_summary import import_summary
from imu_gesture.workflow.foreign_judged import compare
from imu_gesture.workflow.foreign_prepared import ImportModelOptions
from imu_gesture.workflow.importing_model import (
    COMPARISON_NAME,
    ImportedModel,
    import_from,
)
from imu_gesture.workflow.judgement import JUDGEMENT_NAME
from imu_gesture.workflow.runs import label_entries
from imu_gesture.workspace import Workspace
from tests import make
from tests.learning.foreign.onnx_models import default_form
from tests.models import handmade
from tests.models.manifests import manifest

NAMES = ("circle", "wave", BACKGROUND)
TFLITE = handmade.tflite()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Twelve gestures and some background of one hand, and no run."""
    samples, labels = make.gestures(["circle", "wave"] * 6)
    labels.append(Label(labels[-1].end_s + 0.1, labels[-1].end_s + 0.9, BACKGROUND))
    make.write(tmp_path / "recordings", "a", samples, labels, participant="a")
    return Workspace(tmp_path)


def with_run(workspace: Workspace, **changes: Any) -> ModelManifest:
    """A run whose windows and labels a foreign model shares."""
    features = FeatureEntry(offset=(0.0,) * 6, gain=(0.5,) * 3 + (0.01,) * 3)
    other = handmade.tflite(seed=9)
    made = manifest(other).model_copy(update={"features": features} | changes)
    write_run(workspace.new_run(), made, other)
    return made


def file(workspace: Workspace, content: bytes = TFLITE, name: str = "theirs.tflite") -> Path:
    path = workspace.root / name
    path.write_bytes(content)
    return path


def imported(workspace: Workspace, content: bytes = TFLITE, **said: Any) -> ImportedModel:
    return import_from(file(workspace, content), workspace, ImportModelOptions(**said))


def test_a_run_gives_windows_features_and_labels(workspace: Workspace) -> None:
    like = with_run(workspace)
    done = imported(workspace)
    found, tflite = read_run(done.folder)
    assert (tflite, found, done.folder.name) == (TFLITE, done.manifest, "run-002")
    kept = ("label_names", "window", "features", "learning", "calibrated")
    assert all(getattr(found, name) == getattr(like, name) for name in kept)
    assert [label.threshold for label in found.labels] == [*default_setting(NAMES).thresholds]
    assert found.decision == DecisionEntry()
    assert found.scores is None
    assert found.provenance.configuration["model"] == "theirs.tflite"
    assert found.provenance.configuration["like"] == like.model_id
    assert json.loads((done.folder / COMPARISON_NAME).read_text())["windows"] > 0
    assert json.loads((done.folder / JUDGEMENT_NAME).read_text()) == {"learned_from": {}}


def test_labels_and_options_stand_for_a_run(workspace: Workspace) -> None:
    done = imported(workspace, labels=NAMES, rate_hz=10.0, gain=(2.0,) * 6)
    found = done.manifest
    thresholds = {label.name: label.threshold for label in found.labels}
    level = DEFAULT_THRESHOLD
    assert thresholds == {"circle": level, "wave": level, BACKGROUND: _core.NEVER}
    assert (found.window.samples, found.window.period_us) == (handmade.SAMPLES, 100_000)
    assert found.features == FeatureEntry(offset=(0.0,) * 6, gain=(2.0,) * 6)
    assert found.learning is not None


def test_offset_and_gain_that_are_said_replace_the_runs(workspace: Workspace) -> None:
    with_run(workspace)
    features = imported(workspace, offset=(1.0,) * 6).manifest.features
    assert (features.offset, features.gain) == ((1.0,) * 6, (0.5,) * 3 + (0.01,) * 3)


def test_the_run_can_be_deployed(workspace: Workspace, tmp_path: Path) -> None:
    done = imported(workspace, labels=NAMES)
    write_sketch(tmp_path / "sketch", *read_run(done.folder))
    assert (tmp_path / "sketch" / "src" / "model").is_dir()


def test_the_report_says_what_is_not_known(workspace: Workspace) -> None:
    done = imported(workspace, labels=("circle", "push", "nod"))
    text = import_summary(done)
    assert "float network    none: the model came as int8" in text
    assert "nothing here was held out" in text
    assert "the model does not know wave, background, which your recordings show" in text
    assert "no recording shows push, nod" in text
    assert "the model has no class 'background'" in text
    assert done.comparison.judged == 6


@pytest.mark.parametrize(("order", "suspected"), [(NAMES, False), (NAMES[1:] + NAMES[:1], True)])
def test_labels_in_another_order_than_the_models_are_suspected(
    order: tuple[str, ...], suspected: bool, workspace: Workspace
) -> None:
    """A model that is always right, as long as its classes are called by their names."""
    known = manifest(TFLITE)
    dataset = windows_of(workspace, known)
    rng = np.random.default_rng(0)
    features = rng.normal(size=dataset.windows.shape).astype(np.float32)
    inputs = _core.quantise(known.firmware_params().input, features)
    decided = open_classifier(TFLITE).scores(inputs).argmax(axis=1)
    assert len(set(decided.tolist())) > 1
    judged = np.zeros_like(dataset.near)
    dataset = replace(dataset, label_names=NAMES, label=decided, near=judged)
    labels = label_entries(order, default_setting(order))
    found = compare(known.model_copy(update={"labels": labels}), TFLITE, features, dataset, None)
    warnings = [warning for warning in found.warnings if "in the order" in warning]
    assert (found.accuracy == 1) != suspected
    assert len(warnings) == suspected
    assert all("circle,wave,background the model would recognise 100%" in w for w in warnings)


@pytest.mark.slow
def test_an_onnx_model_is_quantised_with_the_users_windows(workspace: Workspace) -> None:
    like = with_run(workspace)
    path = workspace.root / "theirs.onnx"
    model = default_form().model()
    onnx.save(model, path)
    parts: list[tuple[int, int]] = []
    done = import_from(
        path, workspace, ImportModelOptions(), lambda done, total: parts.append((done, total))
    )
    found = done.comparison
    dataset = windows_of(workspace, like)
    assert (found.windows, found.judged) == (len(dataset), int(np.sum(~dataset.near)))
    assert parts == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert found.rebuilt_difference is not None
    assert found.rebuilt_difference < 1e-5
    assert found.differing == 0
    assert found.largest_difference is not None
    assert 0 < found.largest_difference < 0.1
    assert found.accuracy_float == pytest.approx(judged_by_reference(model, workspace, like))
    assert done.manifest.provenance.configuration["layout"] == "channels-samples"
    assert set(done.manifest.operators) == {*("CONV_2D", "FULLY_CONNECTED", "PAD"), *ENDS}
    assert "rebuilt          as the model that came" in import_summary(done)


ENDS = ("RESHAPE", "SOFTMAX")


def windows_of(workspace: Workspace, like: ModelManifest) -> Dataset:
    recordings = load_trusted(workspace.recording_files()).recordings
    return build_dataset(recordings, like.spec, streaming=True)


def judged_by_reference(model: onnx.ModelProto, workspace: Workspace, like: ModelManifest) -> float:
    """The accuracy that ONNX's own reference reaches on features multiplied by hand."""
    dataset = windows_of(workspace, like)
    features = dataset.windows * np.array(like.features.gain, np.float32)
    scores = run_reference(model, np.ascontiguousarray(features.transpose(0, 2, 1)))
    return float(np.mean((scores.argmax(axis=1) == dataset.label)[~dataset.near]))


def test_what_goes_wrong_writes_no_run(workspace: Workspace) -> None:
    cases: list[tuple[bytes, dict[str, Any], type[ImuGestureError], str]] = [
        (TFLITE, {}, InputError, "no run that tells .*--labels circle,wave,background"),
        (TFLITE, {"labels": NAMES, "like": "run-001"}, InputError, "leave out --labels, or --like"),
        (TFLITE, {"rate_hz": 50.0}, InputError, "--rate and --front-end describe the model"),
        (TFLITE, {"like": "run-7"}, InputError, "no model|no run 'run-7'"),
        (TFLITE, {"labels": NAMES[:2]}, ModelError, "knows 3 classes, and there are 2 labels"),
        (TFLITE, {"labels": ("a", "a", "b")}, InputError, "each class needs a name of its own"),
        (TFLITE, {"labels": NAMES, "gain": (1.0,)}, InputError, "--gain: 1 numbers, and .*6"),
        (
            TFLITE,
            {"labels": NAMES, "layout": "channels-samples"},
            ModelError,
            "as channels-samples",
        ),
        (b"TFL3", {"labels": NAMES}, ModelError, "not a TensorFlow Lite file"),
    ]
    for content, said, kind, message in cases:
        with pytest.raises(kind, match=message):
            imported(workspace, content, **said)
    assert workspace.runs() == []
    assert not workspace.models.exists()


def test_another_window_than_the_runs_is_told(workspace: Workspace) -> None:
    longer = manifest(TFLITE).window.model_copy(update={"samples": 48})
    with_run(workspace, window=longer)
    with pytest.raises(ModelError, match="does not fit windows of 48 samples and 6 channels"):
        imported(workspace)


def test_an_int8_model_with_channels_first_is_refused(workspace: Workspace) -> None:
    model = handmade.model()
    handmade.tensor(model, "features").shape = [1, 6, 1, handmade.SAMPLES]
    with pytest.raises(ModelError, match=r"theirs\.tflite: takes channels before samples"):
        imported(workspace, handmade.packed(model), labels=NAMES)


def test_a_float_tflite_is_answered_with_what_to_bring(workspace: Workspace) -> None:
    model = handmade.model()
    handmade.tensor(model, "features").type = 0
    with pytest.raises(ModelError, match=r"a float model; import what it was made of"):
        imported(workspace, handmade.packed(model), labels=NAMES)


def test_a_file_that_is_not_there_is_named(workspace: Workspace) -> None:
    with pytest.raises(InputError, match=r"gone\.onnx: cannot be read"):
        import_from(workspace.root / "gone.onnx", workspace, ImportModelOptions(labels=NAMES))
