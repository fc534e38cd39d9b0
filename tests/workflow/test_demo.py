"""The demonstration: from nothing to gestures of someone new, and every command after it."""

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from imu_gesture.deploy.manifest import read_run
from imu_gesture.labels import BACKGROUND
from imu_gesture.recording.mcap_file import read_recording
from imu_gesture.simulation.performer import GESTURES
from imu_gesture.workflow.demo import (
    BACKGROUND_S,
    PEOPLE,
    REPEATS,
    UNSEEN_REPEATS,
    record_people,
    try_unseen,
)
from imu_gesture.workspace import Workspace
from tests import make
from tests.cli.command import Done, run
from tests.conftest import DemoRun


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def the_object(done: Done) -> dict[str, Any]:
    """Exactly one JSON object, and nothing else on either stream."""
    assert (done.code, done.err) == (0, "")
    (line,) = done.out.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


RESTLESS = (
    "the board has not lain still since the start, so its gyroscope's offset is not known; put it "
    "down for a second\n"
)


@pytest.fixture
def workspace(demo_run: DemoRun, tmp_path: Path) -> Path:
    """A copy of the demonstration's workspace, to be changed."""
    copy = tmp_path / "copy"
    shutil.copytree(demo_run.workspace, copy)
    return copy


@pytest.mark.slow
def test_the_same_seed_records_the_same_bytes(demo_run: DemoRun, tmp_path: Path) -> None:
    record_people(Workspace(tmp_path / "same"), seed=0)
    record_people(Workspace(tmp_path / "other"), seed=10)
    same, other = (contents(tmp_path / name / "recordings") for name in ("same", "other"))
    assert same == contents(demo_run.workspace / "recordings")
    assert same.keys() == other.keys()
    assert not any(same[name] == other[name] for name in same)


@pytest.mark.slow
def test_someone_unseen_is_recognised_on_the_virtual_board(demo_run: DemoRun) -> None:
    found = the_object(demo_run.done)
    assert Counter(found["expected"]) == dict.fromkeys(GESTURES, UNSEEN_REPEATS)
    assert len(found["recognised"]) == len(found["expected"])
    right = [e == r for e, r in zip(found["expected"], found["recognised"], strict=True)]
    assert found["correct"] == sum(right)
    assert sum(right) / len(right) >= 0.8
    assert found["false_activations"] <= 10
    assert found["parity_differing_bytes"] == 0
    assert found["seconds"] < 180


@pytest.mark.slow
def test_it_leaves_a_workspace_that_every_command_can_use(demo_run: DemoRun) -> None:
    found = the_object(demo_run.done)
    assert Path(found["workspace"]) == demo_run.workspace
    left = {path.name for path in demo_run.workspace.iterdir()}
    assert left == {"recordings", "models", "firmware_sketch"}
    manifest, tflite = read_run(demo_run.workspace / "models" / "run-001")
    assert set(manifest.label_names) == {*GESTURES, BACKGROUND}
    assert (found["model_bytes"], found["arena_bytes"]) == (
        len(tflite),
        manifest.arena.arena_bytes,
    )


@pytest.mark.slow
def test_every_person_recorded_every_gesture_and_background(demo_run: DemoRun) -> None:
    done = run("inspect", "--json", "-w", demo_run.workspace)
    views = the_object(done)["recordings"]
    assert len(views) == PEOPLE * (len(GESTURES) + 1)
    for view in views:
        recording = Path(view["path"])
        (name,) = view["labels"]
        labels = make.labels_of(recording)
        assert recording.stem == f"{name}-{view['participant']}"
        assert len(labels) == (1 if name == BACKGROUND else REPEATS)
        assert view["gaps"] == view["lost_samples"] == 0
        if name == BACKGROUND:
            assert labels[0].end_s - labels[0].start_s == pytest.approx(BACKGROUND_S, abs=0.1)
    devices = {read_recording(Path(view["path"])).info.device_id for view in views}
    assert len(devices) == PEOPLE


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_others_are_recognised_too_and_no_byte_differs(seed: int, demo_run: DemoRun) -> None:
    model = read_run(demo_run.workspace / "models" / "run-001")
    match, unseen_s, differing = try_unseen(*model, seed)
    assert differing == 0
    assert match.correct / len(match.expected) >= 0.8
    assert unseen_s > 90


@pytest.mark.slow
def test_a_used_workspace_is_not_overwritten(demo_run: DemoRun) -> None:
    before = contents(demo_run.workspace)
    done = run("demo", "-o", demo_run.workspace)
    assert "the demo wants a folder of its own" in done.problem
    assert contents(demo_run.workspace) == before


@pytest.mark.slow
def test_deploying_again_gives_the_demonstrations_own_bytes(workspace: Path) -> None:
    own = contents(workspace / "firmware_sketch")
    for _ in range(2):
        the_object(run("deploy", "--json", "-w", workspace))
        assert contents(workspace / "firmware_sketch") == own
    elsewhere = workspace / "firmware_sketch_2" / "firmware_sketch"
    the_object(run("deploy", "--json", "-w", workspace, "--output", elsewhere))
    assert contents(elsewhere) == own


@pytest.mark.slow
def test_live_recognises_what_is_shown_on_board_and_host_alike(demo_run: DemoRun) -> None:
    done = run(
        "live", "--virtual", "--seed", "3", "--seconds", "20", "--json", "-w", demo_run.workspace
    )
    assert done.code == 0
    assert done.err in ("", RESTLESS)  # a person who holds the board hardly ever rests
    found = [json.loads(line) for line in done.out.splitlines()]
    host, board = (
        [(entry["device_time_us"], entry["label"]) for entry in found if entry["by"] == by]
        for by in ("host", "board")
    )
    assert host == board
    shown = [
        name
        for name in read_run(demo_run.workspace / "models" / "run-001")[0].label_names
        if name in GESTURES
    ]
    seen = [label for _, label in board]
    assert len(set(seen) & set(shown)) >= 3
    assert sorted(set(seen), key=seen.index) == [name for name in shown if name in seen]


@pytest.mark.slow
def test_training_again_makes_the_next_run_which_deploy_takes(workspace: Path) -> None:
    first = contents(workspace / "models" / "run-001")
    arguments = ("--no-evaluate", "--epochs", "2", "--seed", "5", "--json")
    report = the_object(run("train", *arguments, "-w", workspace, timeout_s=300))
    assert report["run"] == str(workspace / "models" / "run-002")
    assert report["evaluation"] is None
    assert report["manifest"]["provenance"]["configuration"]["epochs"] == "2"
    assert contents(workspace / "models" / "run-001") == first
    newest = the_object(run("deploy", "--json", "-w", workspace))
    assert newest["model_id"] == report["manifest"]["model_id"]
    named = the_object(run("deploy", "--run", "run-001", "--json", "-w", workspace))
    assert named["model_id"] == read_run(workspace / "models" / "run-001")[0].model_id
    assert named["model_id"] != newest["model_id"]
