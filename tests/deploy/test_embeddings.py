"""Embeddings as files: what does not belong together is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from imu_gesture.deploy import pretrained
from imu_gesture.deploy.cost.decision import model_instructions, operator_costs
from imu_gesture.deploy.embeddings import EMBEDDING_NAME, MODEL_NAME, read_embedding
from imu_gesture.errors import ModelError
from imu_gesture.inference.heads import embedding_output


def test_the_shipped_embedding_is_small() -> None:
    manifest, tflite = read_embedding(pretrained.FOLDER)
    assert manifest.sets == ("simulated people",)
    assert len(tflite) <= 16_000
    assert embedding_output(tflite).size % manifest.filters == 0
    assert model_instructions(operator_costs(tflite)) <= 400_000


def change(**fields: object) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        content = json.loads((folder / EMBEDDING_NAME).read_text(encoding="utf-8"))
        (folder / EMBEDDING_NAME).write_text(json.dumps(content | fields), encoding="utf-8")

    return damage


def other_model(folder: Path) -> None:
    with (folder / MODEL_NAME).open("ab") as file:
        file.write(b"x")


def no_manifest(folder: Path) -> None:
    (folder / EMBEDDING_NAME).unlink()


def no_model(folder: Path) -> None:
    (folder / MODEL_NAME).unlink()


DAMAGES = {
    "no manifest": (no_manifest, "a folder that `imu-gesture pretrain` made"),
    "no model": (no_model, "embedding.tflite: cannot be read"),
    "other model": (other_model, "describes .* but embedding.tflite beside it"),
    "too new": (change(version=2), "version 2 is newer"),
    "unknown field": (change(colour="red"), "Extra inputs"),
}


@pytest.mark.parametrize(("damage", "reason"), DAMAGES.values(), ids=DAMAGES.keys())
def test_damage_is_told(tmp_path: Path, damage: Callable[[Path], None], reason: str) -> None:
    folder = tmp_path / "embedding-001"
    shutil.copytree(pretrained.FOLDER, folder)
    read_embedding(folder)
    damage(folder)
    with pytest.raises(ModelError, match=reason):
        read_embedding(folder)
