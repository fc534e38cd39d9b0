"""A search on disk: it goes on where it was, whatever was interrupted, and is not mixed up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from imu_gesture.errors import InputError
from imu_gesture.workflow.search.folder import SETUP_NAME, TRIALS_NAME, SearchFolder
from imu_gesture.workflow.search.searching import search_folder
from imu_gesture.workflow.search.trials import Cost, Score, Trial
from imu_gesture.workspace import Workspace

SETUP = {"seed": 0, "budget": {"arena_bytes": 12288}, "folds": ("participant a", "participant b")}
TRIALS = [Trial(n, {"layers": n}, Cost(1, 2, 3, 4), Score(0.5, 0.5, (0.5,))) for n in range(3)]


def kept(folder: SearchFolder, trials: list[Trial]) -> SearchFolder:
    folder.begin(SETUP)
    for trial in trials:
        folder.keep(trial)
    return folder


def test_a_new_search_has_no_trials_and_leaves_nothing_before_it_begins(tmp_path: Path) -> None:
    folder = SearchFolder(tmp_path / "searches" / "a")
    assert folder.known(SETUP) == []
    assert not folder.path.parent.exists()
    assert kept(folder, []).known(SETUP) == []


def test_trials_are_read_by_number_in_whatever_order_they_were_whole(tmp_path: Path) -> None:
    folder = kept(SearchFolder(tmp_path / "a"), [TRIALS[2], TRIALS[0], TRIALS[1]])
    assert folder.known(SETUP) == TRIALS


@pytest.mark.parametrize("cut", [1, 40, 10_000])
def test_a_torn_line_is_left_out_and_does_not_spoil_the_next(cut: int, tmp_path: Path) -> None:
    folder = kept(SearchFolder(tmp_path / "a"), TRIALS[:1])
    file = folder.path / TRIALS_NAME
    first = file.read_bytes()
    torn = json.dumps(TRIALS[1].as_json()).encode()[:cut]
    file.write_bytes(first + torn)
    assert folder.known(SETUP) == TRIALS[:1]
    assert kept(folder, TRIALS[1:]).known(SETUP) == TRIALS


def test_two_that_search_the_same_do_no_harm(tmp_path: Path) -> None:
    kept(SearchFolder(tmp_path / "a"), TRIALS)
    assert kept(SearchFolder(tmp_path / "a"), TRIALS[1:]).known(SETUP) == TRIALS


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("seed", 1, r"other seed \(0, now 1\)"),
        ("budget", {"arena_bytes": None}, r'other budget \(\{"arena_bytes": 12288\}, now'),
        ("folds", ("block 1 of 2",), "other folds"),
    ],
)
def test_another_search_is_refused(name: str, value: object, said: str, tmp_path: Path) -> None:
    folder = kept(SearchFolder(tmp_path / "a"), TRIALS)
    with pytest.raises(InputError, match=said) as refused:
        folder.known({**SETUP, name: value})
    assert "use another --name, or delete the folder" in str(refused.value)
    assert folder.trials() == TRIALS


def test_a_newer_form_is_refused(tmp_path: Path) -> None:
    folder = kept(SearchFolder(tmp_path / "a"), [])
    (folder.path / SETUP_NAME).write_text('{"format": 2}', encoding="utf-8")
    with pytest.raises(InputError, match="made by another version of imu-gesture"):
        folder.known(SETUP)


def test_a_search_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="make one with imu-gesture search"):
        SearchFolder(tmp_path / "a").setup()
    kept(SearchFolder(tmp_path / "b"), [])
    with pytest.raises(InputError, match=r"no search in .*a; there are b"):
        SearchFolder(tmp_path / "a").setup()


@pytest.mark.parametrize("name", ["", "..", "a/b", "a\\b", "a b"])
def test_a_name_that_is_no_folder_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot name a search"):
        search_folder(Workspace(tmp_path), name)
