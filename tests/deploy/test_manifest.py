"""The manifest on disk: the same when read again, and refused with a reason when it cannot be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from imu_gesture import _core
from imu_gesture.deploy.learning_entry import LearningEntry
from imu_gesture.deploy.manifest import (
    MANIFEST_NAME,
    MANIFEST_VERSION,
    MODEL_NAME,
    DecisionEntry,
    LabelEntry,
    MeasuredArena,
    model_id,
    read_run,
    write_run,
)
from imu_gesture.errors import ModelError
from tests.models import handmade
from tests.models.manifests import GAIN, LEARNING, MOTION, UP, manifest, triggered

CONTENT = handmade.tflite()


@pytest.fixture
def run(tmp_path: Path) -> Path:
    write_run(tmp_path, manifest(CONTENT), CONTENT)
    return tmp_path


def change(run: Path, **values: Any) -> None:
    path = run / MANIFEST_NAME
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | values))


def test_round_trip_is_exact(run: Path) -> None:
    assert read_run(run) == (manifest(CONTENT), CONTENT)


def test_labels_of_any_script_survive(tmp_path: Path) -> None:
    said = manifest(CONTENT, ["grüßen", "波", '👋 "\\'])
    write_run(tmp_path, said, CONTENT)
    assert read_run(tmp_path)[0].label_names == ("grüßen", "波", '👋 "\\')


def test_two_writes_are_identical(run: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    again = tmp_path_factory.mktemp("again")
    write_run(again, manifest(CONTENT), CONTENT)
    for name in (MANIFEST_NAME, MODEL_NAME):
        assert (again / name).read_bytes() == (run / name).read_bytes()


def test_the_id_is_the_start_of_the_sha256(run: Path) -> None:
    assert model_id(b"") == "e3b0c44298fc1c14"
    assert read_run(run)[0].model_id == model_id(CONTENT)


@pytest.mark.parametrize("name", [MANIFEST_NAME, MODEL_NAME])
def test_a_missing_file_is_named(name: str, run: Path) -> None:
    (run / name).unlink()
    with pytest.raises(ModelError, match=rf"{name}: cannot be read"):
        read_run(run)


@pytest.mark.parametrize("keep", [0, 1, 30, 0.5, 0.99])
def test_a_cut_off_manifest_is_refused(keep: float, run: Path) -> None:
    path = run / MANIFEST_NAME
    content = path.read_bytes()
    path.write_bytes(content[: int(keep if keep >= 1 else keep * (len(content) - 2))])
    with pytest.raises(ModelError, match=rf"{MANIFEST_NAME}: the file: Invalid JSON"):
        read_run(run)


@pytest.mark.parametrize("content", [b"[]", b"null", b'"text"', b"\xff\xfe", b"{}"])
def test_a_file_that_is_no_manifest_is_refused(content: bytes, run: Path) -> None:
    (run / MANIFEST_NAME).write_bytes(content)
    with pytest.raises(ModelError, match=MANIFEST_NAME):
        read_run(run)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"model_bytes": "many"}, "model_bytes: "),
        ({"labels": [{"name": "", "threshold": 1}]}, r"labels\.0\.name: "),
        ({"labels": [{"name": "wave", "threshold": 257}]}, r"labels\.0\.threshold: "),
        ({"window": {"period_us": 20_000}}, r"window\.samples: "),
        ({"surprise": 1}, "surprise: "),
    ],
)
def test_the_entry_that_is_wrong_is_named(values: dict[str, Any], said: str, run: Path) -> None:
    change(run, **values)
    with pytest.raises(ModelError, match=rf"{MANIFEST_NAME}: {said}"):
        read_run(run)


@pytest.mark.parametrize("more", [{}, {"calibration": "an entry that is not known yet"}])
def test_a_newer_version_is_refused_with_the_cure(more: dict[str, Any], run: Path) -> None:
    change(run, version=MANIFEST_VERSION + 1, **more)
    with pytest.raises(
        ModelError, match=rf"version {MANIFEST_VERSION + 1} is newer .* update imu-g"
    ):
        read_run(run)


def test_a_manifest_of_another_model_is_refused(run: Path) -> None:
    other = handmade.tflite(seed=1)
    (run / MODEL_NAME).write_bytes(other)
    with pytest.raises(ModelError, match="train again") as caught:
        read_run(run)
    assert model_id(CONTENT) in str(caught.value)
    assert model_id(other) in str(caught.value)


@pytest.mark.parametrize("position", [0, 700, -1])
def test_a_changed_byte_in_the_model_is_refused(position: int, run: Path) -> None:
    changed = bytearray(CONTENT)
    changed[position] ^= 1
    (run / MODEL_NAME).write_bytes(changed)
    with pytest.raises(ModelError, match="train again"):
        read_run(run)


@pytest.mark.parametrize("threshold", [0, _core.NEVER + 1])
def test_a_threshold_is_a_score_level_or_never(threshold: int) -> None:
    with pytest.raises(ValidationError):
        LabelEntry(name="wave", threshold=threshold)


def test_the_firmware_is_told_what_the_manifest_says() -> None:
    said = manifest(CONTENT)
    params = said.firmware_params()
    assert (params.window.samples, params.window.hop_samples) == (16, 3)
    conditioner = params.conditioner
    assert (conditioner.period_us, conditioner.max_gap_us) == (20_001, 99_999)
    assert conditioner.channels == said.window.channels
    assert params.decision.threshold == [100, 101, _core.NEVER]
    assert (params.decision.smoothing, params.decision.refractory_us) == (2, 400_001)
    assert (params.input.scale, params.input.zero_point) == (0.03125, 5)
    ones = np.ones((1, 6), np.float32)
    gained = _core.features(manifest(CONTENT, offset=(0.0,) * 6).firmware_params().features, ones)
    assert np.array_equal(gained[0], np.array(GAIN, np.float32))


def test_the_firmware_is_told_of_front_end_and_tracking(tmp_path: Path) -> None:
    write_run(tmp_path, manifest(CONTENT, front_end="gravity"), CONTENT)
    params = read_run(tmp_path)[0].firmware_params()
    assert params.front_end.kind == _core.FrontEnd.GRAVITY
    assert params.front_end.up == np.array(UP, np.float32).tolist()
    told = params.conditioner.learning
    assert told is not None
    assert LearningEntry.of(told) == LearningEntry.of(LEARNING)
    assert told.bias.rest.tau_s == LEARNING.bias.rest.tau_s
    assert told.bias.rest.min_s == _core.RestParams().min_s
    assert told.rest.accelerometer.new_pose_g == LEARNING.rest.accelerometer.new_pose_g


def test_an_older_manifest_is_refused(run: Path) -> None:
    change(run, version=1)
    with pytest.raises(ModelError, match=r"version 1 is of an older imu-gesture.*train again"):
        read_run(run)


def test_a_manifest_from_before_boards_measured_is_read(run: Path) -> None:
    content = json.loads((run / MANIFEST_NAME).read_text("utf-8"))
    del content["arena"]["measured"]
    (run / MANIFEST_NAME).write_text(json.dumps(content | {"version": 2}))
    assert read_run(run) == (manifest(CONTENT), CONTENT)


@pytest.mark.parametrize("version", [2, 3])
def test_a_manifest_from_before_there_were_regimes_is_continuous(version: int, run: Path) -> None:
    content = json.loads((run / MANIFEST_NAME).read_text("utf-8"))
    del content["regime"]
    (run / MANIFEST_NAME).write_text(json.dumps(content | {"version": version}))
    said, _ = read_run(run)
    assert said == manifest(CONTENT)
    assert (said.regime.name, said.firmware_params().window.motion) == ("continuous", None)


def test_what_triggers_is_told_to_the_board(tmp_path: Path) -> None:
    write_run(tmp_path, triggered(manifest(CONTENT)), CONTENT)
    said, _ = read_run(tmp_path)
    assert (said.version, said.regime.name) == (4, "triggered")
    assert said.firmware_params().window.motion == MOTION


@pytest.mark.parametrize(
    ("regime", "what"),
    [
        ({"name": "now and then", "motion": {}}, r"regime\.name: "),
        ({"name": "triggered", "motion": {"calm_s": 0.2}}, "regime: .*has, or has not, dps_per_g"),
        ({"name": "continuous", "motion": {"calm_s": 0.2}}, "regime: .*calm_s"),
        ({"name": "triggered", "motion": {"calm_s": -1}}, r"regime\.motion\.calm_s: "),
        (triggered(manifest(CONTENT)).regime.model_dump(), r"decision\.smoothing: .* 1 is wanted"),
    ],
)
def test_a_regime_that_makes_no_sense_is_refused(
    regime: dict[str, Any], what: str, run: Path
) -> None:
    change(run, regime=regime)
    with pytest.raises(ModelError, match=what):
        read_run(run)


def test_a_manifest_from_before_rejection_is_read(run: Path) -> None:
    content = json.loads((run / MANIFEST_NAME).read_text("utf-8"))
    del content["decision"]["most_spread"]
    (run / MANIFEST_NAME).write_text(json.dumps(content | {"version": 3}))
    assert read_run(run) == (manifest(CONTENT), CONTENT)


@pytest.mark.parametrize("most_spread", [0, 1, int(_core.MOST_SPREAD)])
def test_the_firmware_is_told_what_to_reject(most_spread: int, tmp_path: Path) -> None:
    decision = DecisionEntry(most_spread=most_spread)
    said = manifest(CONTENT).model_copy(update={"decision": decision})
    write_run(tmp_path, said, CONTENT)
    params = read_run(tmp_path)[0].firmware_params().decision
    assert (params.most_spread, params.outputs) == (most_spread, 6 if most_spread else 3)


@pytest.mark.parametrize("most_spread", [-1, int(_core.MOST_SPREAD) + 1])
def test_a_limit_that_does_not_fit_is_refused(most_spread: int, run: Path) -> None:
    change(run, decision={"smoothing": 2, "refractory_us": 1, "most_spread": most_spread})
    with pytest.raises(ModelError, match="most_spread"):
        read_run(run)


def measured(board: str, arena_bytes: int, library: str = "L 2.0.0") -> MeasuredArena:
    return MeasuredArena(
        board=board, library=library, used_bytes=1000, arena_bytes=arena_bytes, date="2026-11-25"
    )


def test_what_boards_have_measured_is_kept_by_kind(tmp_path: Path) -> None:
    said = manifest(CONTENT)
    for one in (measured("rev1", 1), measured("rev2", 2), measured("rev1", 3, "L 2.1.0")):
        said = said.with_measured(one)
    write_run(tmp_path, said.with_measured(measured("rev1", 4)), CONTENT)
    kept, _ = read_run(tmp_path)
    sizes = {(one.board, one.library): one.arena_bytes for one in kept.arena.measured}
    assert sizes == {("rev1", "L 2.0.0"): 4, ("rev2", "L 2.0.0"): 2, ("rev1", "L 2.1.0"): 3}
    first = manifest(CONTENT).arena.arena_bytes
    assert kept.arena.arena_bytes == first
    assert kept.for_board("rev1", "L 2.0.0").arena.arena_bytes == 4
    assert kept.for_board("rev2", "L 2.1.0").arena.arena_bytes == first
    assert kept.for_update("rev1", "L 2.0.0").arena.arena_bytes == 1000  # used there
    assert kept.for_update("rev2", "L 2.1.0").arena.arena_bytes == first - 512
    assert kept.for_board("", "L 2.0.0") == kept


def test_a_write_that_fails_leaves_what_was_there(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("imu_gesture.recording.durable.sync", fail)
    with pytest.raises(OSError, match="full"):
        write_run(run, manifest(CONTENT).with_measured(measured("rev1", 1)), CONTENT)
    assert read_run(run) == (manifest(CONTENT), CONTENT)
