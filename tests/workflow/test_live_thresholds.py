"""Thresholds of the live window in a run's manifest."""

from __future__ import annotations

from pathlib import Path

import pytest

from imu_gesture.deploy import demonstration
from imu_gesture.deploy.manifest import MODEL_NAME, read_run, write_run
from imu_gesture.errors import InputError, ModelError
from imu_gesture.workflow.live_thresholds import keep_thresholds
from tests.live.small_model import small_model


def test_they_are_written_by_name_and_nothing_else_changes(tmp_path: Path) -> None:
    manifest, tflite = small_model()
    write_run(tmp_path, manifest, tflite)
    first, *_ = manifest.label_names
    keep_thresholds(tmp_path, [first, "unknown to it"], [77, 88])
    found, model = read_run(tmp_path)
    before = {label.name: label.threshold for label in manifest.labels}
    assert {label.name: label.threshold for label in found.labels} == before | {first: 77}
    assert found.model_copy(update={"labels": manifest.labels}) == manifest
    assert model == tflite


def test_the_demonstration_model_is_not_changed() -> None:
    with pytest.raises(InputError, match="train one of your own"):
        keep_thresholds(demonstration.FOLDER, [], [])


def test_a_damaged_run_is_left_as_it_is(tmp_path: Path) -> None:
    write_run(tmp_path, *small_model())
    (tmp_path / MODEL_NAME).write_bytes(b"")
    with pytest.raises(ModelError):
        keep_thresholds(tmp_path, ["a"], [1])
