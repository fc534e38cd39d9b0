"""`imu-gesture teach` as a user calls it: no TensorFlow, a run, and a board that knows it."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from imu_gesture import _core
from imu_gesture.deploy import pretrained
from imu_gesture.deploy.manifest import read_run
from imu_gesture.inference.classifier import open_classifier
from imu_gesture.workflow.boards import virtual_device, virtual_port
from tests.cli.conftest import Command
from tests.conftest import RunPython
from tests.live.small_model import small_model

DATA = Path(__file__).parents[2] / "data"
NAMES = ("circle", "push", "twist", "wave", "background")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Three repeats of four gestures, and ten seconds of background."""
    shutil.copytree(DATA / "recordings", tmp_path / "recordings")
    return tmp_path


def test_a_few_examples_make_a_run(command: Command, desk: Path) -> None:
    done = command("teach", "--shots", "2", "-w", desk, "--json")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    manifest, tflite = read_run(Path(found["run"]))
    assert manifest.label_names == NAMES
    assert manifest.labels[-1].threshold == _core.NEVER  # background is not reported
    assert manifest.provenance.configuration["method"] == "few shots"
    assert len(tflite) <= 20_000
    assert manifest.arena.arena_bytes <= 16_000
    assert found["evaluation"]["accuracy"] >= 0.7
    assert not any("fewer than ten" in line for line in found["warnings"])  # they are meant to be
    assert manifest.scores is not None
    assert sorted(path.name for path in Path(found["run"]).iterdir()) == [
        "evaluation.json",
        "manifest.json",
        "model.tflite",
        "report.html",
        "report.txt",
    ]
    again = json.loads(command("teach", "--shots", "2", "-w", desk, "--json").out)
    assert again["manifest"]["model_id"] == found["manifest"]["model_id"]


def test_named_gestures_alone_are_taught(command: Command, desk: Path) -> None:
    done = command("teach", "wave", "push", "-w", desk, "--shots", "1", "--no-evaluate")
    assert (done.code, done.err) == (0, "")
    assert "held-out score   not measured" in done.out
    manifest, _ = read_run(desk / "models" / "run-001")
    assert manifest.label_names == ("push", "wave", "background")


REFUSED = {
    "unknown": (("nod",), "no recording has 'nod'; there are background, circle, push"),
    "too few": (("--shots", "4"), "'circle' has 3 examples, --shots 4 wants 4"),
    "one class": (("background",), "nothing to learn"),
    "no embedding": (("--embedding", DATA), "a folder that `imu-gesture pretrain` made"),
}


@pytest.mark.parametrize(("said", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_taught_is_told(
    command: Command, desk: Path, said: tuple[str, ...], reason: str
) -> None:
    done = command("teach", *said, "-w", desk)
    assert reason in done.problem
    assert not (desk / "models").exists()


def test_the_workspaces_own_embedding_comes_first(command: Command, desk: Path) -> None:
    own = desk / "models" / "embedding-001"
    shutil.copytree(pretrained.FOLDER, own)
    (own / "embedding.tflite").write_bytes(b"damaged")
    assert str(own) in command("teach", "-w", desk).problem
    assert command("teach", "-w", desk, "--embedding", pretrained.FOLDER).code == 0


def test_no_tensorflow_is_loaded(run_python: RunPython, desk: Path) -> None:
    code = "from imu_gesture.cli import main\nmain()"
    missing = ("tensorflow", "keras", "sklearn")
    assert "model in" in run_python(code, "teach", "-w", desk, missing=missing)


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_a_board_learns_it_without_a_new_sketch(
    command: Command, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMU_GESTURE_KEYS", str(desk / "keys"))
    port = desk / "ttyACM0"
    taught = json.loads(command("teach", "-w", desk, "--json").out)["manifest"]
    with virtual_port(port, virtual_device(0, small_model(5))):
        assert command("pair", "--port", port).code == 0
        updated = json.loads(command("update", "--port", port, "-w", desk, "--json").out)
    assert updated["model_id"] == taught["model_id"]
    assert tuple(updated["labels"]) == NAMES
    _, tflite = read_run(desk / "models" / "run-001")
    scores = open_classifier(tflite).scores(np.zeros((1, 48, 6), np.int8))
    assert scores.shape == (1, 5)
