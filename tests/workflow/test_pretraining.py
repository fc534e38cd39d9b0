"""An embedding from simulated people and a workspace's recordings, and a model taught with it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from imu_gesture.deploy.embeddings import read_embedding
from imu_gesture.errors import DatasetError
from imu_gesture.learning.fewshot_job import PretrainingConfig
from imu_gesture.learning.fewshot_simulated import SimulatedPeople
from imu_gesture.workflow.pretraining import pretrain_workspaces
from imu_gesture.workflow.teaching import (
    TeachingOptions,
    embedding_folder,
    new_embedding_folder,
    teach_workspace,
)
from imu_gesture.workspace import Workspace
from tests import make

DATA = Path(__file__).parents[2] / "data"
SMALL = PretrainingConfig(steps=40, people=SimulatedPeople(gestures=30, people=2))


def test_an_embedding_is_made_and_taught_with(tmp_path: Path) -> None:
    desk = Workspace(tmp_path / "desk")
    shutil.copytree(DATA / "recordings", desk.recordings)
    folder = new_embedding_folder(desk)
    seen: list[tuple[int, int]] = []
    made = pretrain_workspaces(
        [Workspace(DATA)], folder, SMALL, lambda done, total: seen.append((done, total))
    )
    assert folder.name == "embedding-001"
    assert made.sets == ("simulated people", "data")
    assert seen[-1] == (40, 40)
    assert read_embedding(folder)[0] == made
    assert embedding_folder(desk) == folder
    run = teach_workspace(desk, TeachingOptions(evaluate=False))
    assert run.manifest.provenance.configuration["embedding"] == made.embedding_id


@pytest.mark.parametrize(
    ("there", "wanted"),
    [((), "embedding-001"), (("embedding-007", "run-009"), "embedding-008")],
)
def test_embeddings_are_numbered(tmp_path: Path, there: tuple[str, ...], wanted: str) -> None:
    for name in there:
        (tmp_path / "models" / name).mkdir(parents=True)
    assert new_embedding_folder(Workspace(tmp_path)).name == wanted


def test_a_set_of_two_gestures_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    samples, labels = make.gestures(["circle", "wave"] * 3)
    make.write(tmp_path / "recordings", "two", samples, labels)
    with pytest.raises(DatasetError, match="2 gestures with two examples or more"):
        pretrain_workspaces([Workspace(tmp_path)], tmp_path / "out", SMALL)
    assert not (tmp_path / "out").exists()
