"""Which model the options mean: a run's, the demonstration's, or one from elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from imu_gesture.deploy import demonstration
from imu_gesture.deploy.manifest import read_run, write_run
from imu_gesture.errors import ImuGestureError, InputError, ModelError
from imu_gesture.workflow.models import load_model, uses_demonstration
from imu_gesture.workspace import Workspace
from tests.models import handmade
from tests.models.manifests import manifest

OWN, OTHER = handmade.tflite(), handmade.tflite(seed=1)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = Workspace(tmp_path)
    write_run(workspace.new_run(), manifest(OWN), OWN)
    return workspace


def test_without_a_run_there_is_the_demonstration_model(tmp_path: Path) -> None:
    empty = Workspace(tmp_path)
    assert uses_demonstration(empty, None)
    assert load_model(empty, None) == read_run(demonstration.FOLDER)


def test_a_run_that_is_named_is_never_replaced_by_the_demonstration(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no model"):
        load_model(Workspace(tmp_path), "run-001")


def test_the_newest_run_is_taken(workspace: Workspace) -> None:
    assert not uses_demonstration(workspace, None)
    assert load_model(workspace, None) == (manifest(OWN), OWN)


def test_a_model_from_elsewhere_takes_the_runs_place(workspace: Workspace) -> None:
    file = workspace.root / "other.tflite"
    file.write_bytes(OTHER)
    said, tflite = load_model(workspace, None, file)
    assert tflite == OTHER
    assert said.label_names == manifest(OWN).label_names
    assert said.provenance.configuration == {"model": "other.tflite"}


@pytest.mark.parametrize(
    ("content", "kind", "message"),
    [
        (None, InputError, r"other\.tflite: cannot be read"),
        (b"not a model", ModelError, "not a TensorFlow Lite file"),
    ],
)
def test_a_file_that_is_no_model_is_refused_before_any_run_is_looked_for(
    content: bytes | None, kind: type[ImuGestureError], message: str, tmp_path: Path
) -> None:
    file = tmp_path / "other.tflite"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(kind, match=message):
        load_model(Workspace(tmp_path), "no-such-run", file)
