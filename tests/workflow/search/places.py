"""A small workspace to search, and how it is searched."""

from __future__ import annotations

from pathlib import Path

from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.trust import load_trusted
from imu_gesture.learning.fitting import FittingPool
from imu_gesture.workflow.search.searching import (
    OpenFitters,
    Progress,
    SearchOptions,
    SearchResult,
    search_workspace,
)
from imu_gesture.workflow.search.trials import Budget
from imu_gesture.workflow.training import TrainingOptions
from imu_gesture.workspace import Workspace
from tests import make

NAMES = ("circle", "push", "wave")
EPOCHS, TRIALS = 2, 9  # one more than a generation
MOST_INSTRUCTIONS = 160_000  # few candidates are trained, and the default is above it


def workspace(root: Path, people: int = 2) -> Workspace:
    """Three of each gesture by each person."""
    for person in range(people):
        samples, labels = make.gestures([*NAMES] * 3, seed=person)
        make.write(root / "recordings", f"p{person}", samples, labels, participant=f"p{person}")
    return Workspace(root)


def recordings(root: Path, people: int = 2) -> list[LabelledRecording]:
    return load_trusted(workspace(root, people).recording_files()).recordings


def options(trials: int = TRIALS) -> SearchOptions:
    return SearchOptions(
        trials=trials,
        budget=Budget(instructions=MOST_INSTRUCTIONS),
        told=TrainingOptions(epochs=EPOCHS),
    )


def one_worker() -> FittingPool:
    return FittingPool(1)


def search(
    place: Workspace,
    fitters: OpenFitters = one_worker,
    progress: Progress = lambda _done, _total, _best: None,
    trials: int = TRIALS,
) -> SearchResult:
    return search_workspace(place, options(trials), fitters, progress)
