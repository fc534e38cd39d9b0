"""The user's folder: nothing is overwritten, and what is missing is said with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from imu_gesture.errors import InputError
from imu_gesture.workspace import Workspace


def finished(workspace: Workspace) -> Path:
    run = workspace.new_run()
    (run / "manifest.json").touch()
    return run


def test_recordings_are_listed_by_name_without_their_labels(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    for name in ("wave", "down", "wave-2"):
        path = workspace.new_recording(name)
        path.touch()
        path.with_suffix(".txt").touch()
    names = [path.name for path in workspace.recording_files()]
    assert names == ["down.mcap", "wave-2.mcap", "wave.mcap"]


def test_without_recordings_it_says_how_to_get_some(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"recordings: no recordings; .*record.*import"):
        Workspace(tmp_path).recording_files()


def test_a_new_recording_never_has_the_name_of_an_old_one(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "deep" / "down")
    paths = []
    for _ in range(3):
        paths.append(workspace.new_recording("wave"))
        paths[-1].touch()
    assert [path.name for path in paths] == ["wave.mcap", "wave-2.mcap", "wave-3.mcap"]
    assert {path.parent for path in paths} == {workspace.recordings}


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("left-hook_2.b", "left-hook_2.b.mcap"),
        ("left hook", "left_hook.mcap"),
        ("../../etc/wave", ".._.._etc_wave.mcap"),
        ("a\\b:c*", "a_b_c_.mcap"),
        ("Größe", "Größe.mcap"),
    ],
)
def test_any_label_makes_a_file_name_in_the_folder(name: str, file: str, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    assert workspace.new_recording(name) == workspace.recordings / file


def test_runs_are_numbered_and_oldest_first(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    runs = [finished(workspace) for _ in range(3)]
    assert [run.name for run in runs] == ["run-001", "run-002", "run-003"]
    assert workspace.runs() == runs


def test_the_thousandth_run_is_newer_than_a_copy_or_the_run_before(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    for name in ("run-1000", "run-999", "zebra"):
        (workspace.models / name).mkdir(parents=True)
        (workspace.models / name / "manifest.json").touch()
    assert workspace.run(None).name == "run-1000"
    assert workspace.new_run().name == "run-1001"


def test_a_number_is_not_given_twice_while_a_later_run_exists(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    runs = [finished(workspace) for _ in range(2)]
    (runs[0] / "manifest.json").unlink()
    runs[0].rmdir()
    (workspace.models / "run-best").mkdir()
    assert workspace.new_run().name == "run-003"


def test_the_newest_finished_run_is_the_default(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    first, second = finished(workspace), finished(workspace)
    workspace.new_run()  # unfinished
    assert workspace.run(None) == second
    assert workspace.run("run-001") == first


def test_a_run_that_does_not_exist_is_refused_with_those_that_do(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    finished(workspace)
    finished(workspace)
    unfinished = workspace.new_run().name
    with pytest.raises(InputError, match=f"no run '{unfinished}'; there are run-001, run-002"):
        workspace.run(unfinished)


@pytest.mark.parametrize("name", [None, "run-001"])
def test_without_a_model_it_says_how_to_make_one(name: str | None, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.new_run()
    with pytest.raises(InputError, match=r"models: no model; .*train"):
        workspace.run(name)
