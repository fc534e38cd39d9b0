"""What is committed belongs together: demonstration model, the sketch's model, the recordings."""

from __future__ import annotations

from pathlib import Path

import pytest

from imu_gesture.dataset.segments import load_labelled
from imu_gesture.deploy import demonstration
from imu_gesture.deploy.codegen import generate
from imu_gesture.deploy.manifest import read_run
from imu_gesture.deploy.measured import measure_model
from imu_gesture.labels import BACKGROUND
from imu_gesture.simulation.performer import GESTURES

ROOT = Path(__file__).parents[2]


def test_the_sketch_of_a_clone_has_the_demonstration_model() -> None:
    folder = ROOT / "firmware_sketch" / "src" / "model"
    committed = {path.name: path.read_text(encoding="ascii") for path in folder.iterdir()}
    assert committed == generate(*read_run(demonstration.FOLDER))


def test_the_demonstration_model_is_as_its_manifest_says() -> None:
    manifest, tflite = read_run(demonstration.FOLDER)
    found = measure_model(tflite)
    assert {name: getattr(manifest, name) for name in found._fields} == found._asdict()
    assert manifest.label_names == (*sorted(GESTURES), BACKGROUND)


@pytest.mark.parametrize("label", [*GESTURES, BACKGROUND])
def test_the_recordings_show_what_their_names_say(label: str) -> None:
    recorded = load_labelled(ROOT / "data" / "recordings" / f"{label}.mcap")
    assert {found.name for found in recorded.labels} == {label}
    assert len(recorded.labels) == (1 if label == BACKGROUND else 3)
