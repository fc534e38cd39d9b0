"""What a search is worth for somebody who took no part in it, beside the default."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from accuracy import Source
from form import Row, say

from imu_gesture.dataset.segments import LabelledRecording, load_labelled
from imu_gesture.dataset.splits import make_splits
from imu_gesture.learning.evaluation import cross_validate
from imu_gesture.learning.fitting import FittingPool
from imu_gesture.recording.mcap_file import labels_path
from imu_gesture.workflow.search.choosing import options_from
from imu_gesture.workflow.search.searching import SearchOptions, SearchResult, search_workspace
from imu_gesture.workflow.search.trials import Budget, Trial
from imu_gesture.workflow.training import TrainingOptions, make_dataset, training_config
from imu_gesture.workspace import Workspace

_TRIALS, _EPOCHS, _SEEDS = 16, 60, (0, 1, 2)
_BUDGET = Budget(arena_bytes=12 * 1024, model_bytes=20 * 1024, instructions=400_000)


@dataclass(frozen=True)
class _Person:
    """Mean recall of the classes: as the search claimed it, and of somebody new."""

    claimed: float
    claimed_default: float
    best: float
    default: float
    default_won: bool


def unseen(source: Source, data: Path) -> Iterator[Row]:
    """Each person in turn takes no part: a search with the others, then the winner's recall."""
    with TemporaryDirectory() as folder:
        source.fill(data, Path(folder))
        files = Workspace(Path(folder)).recording_files()
        recordings = {path: load_labelled(path) for path in files}
        names = sorted({one.recording.info.participant for one in recordings.values()})
        found = [_without(name, recordings) for name in names]
    claimed, default = _mean(found, "claimed"), _mean(found, "claimed_default")
    note = (
        f"{len(names)} people, each new to a search of {_TRIALS} trials of {_EPOCHS} epochs with "
        f"the others, which claimed {claimed:.3f}, and {default:.3f} for the default, the winner "
        f"in {sum(person.default_won for person in found)}; three seeds"
    )
    peers = {"default": _mean(found, "default")}
    yield Row(f"{source.name}.unseen_recall", _mean(found, "best"), "fraction", peers, note)


def _mean(found: Sequence[_Person], name: str) -> float:
    return float(np.mean([getattr(person, name) for person in found]))


def _without(person: str, recordings: dict[Path, LabelledRecording]) -> _Person:
    say(f"search without {person}")
    with TemporaryDirectory() as folder:
        place = Workspace(Path(folder))
        place.recordings.mkdir()
        for path, labelled in recordings.items():
            if labelled.recording.info.participant != person:
                shutil.copy(path, place.recordings)
                shutil.copy(labels_path(path), place.recordings)
        told = TrainingOptions(epochs=_EPOCHS, split="participant")
        options = SearchOptions(trials=_TRIALS, budget=_BUDGET, told=told)
        result = search_workspace(place, options, FittingPool)
        best = result.best or result.default
        everybody = list(recordings.values())
        return _Person(
            claimed=_claim(best),
            claimed_default=_claim(result.default),
            best=_recall(person, everybody, result, best.number),
            default=_recall(person, everybody, result, 0),
            default_won=best == result.default,
        )


def _claim(trial: Trial) -> float:
    return trial.score.balanced if trial.score else 0.0


def _recall(
    person: str, recordings: list[LabelledRecording], result: SearchResult, number: int
) -> float:
    """Of a trial's model on the person who took no part."""
    options = replace(options_from(result.folder, number, TrainingOptions()), split="participant")
    dataset = make_dataset(recordings, options)
    splits = [s for s in make_splits(dataset, "participant") if s.name == f"participant {person}"]
    with FittingPool() as pool:
        found = cross_validate(dataset, splits, training_config(options), pool, _SEEDS)
    return found.balanced_accuracy
