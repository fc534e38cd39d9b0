"""What is taught with few shots, and what it is judged by: seeded draws from contiguous blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from accuracy import Source
from numpy.typing import NDArray

from imu_gesture.dataset.dataset import Dataset, build_dataset
from imu_gesture.dataset.segments import load_labelled
from imu_gesture.labels import BACKGROUND
from imu_gesture.learning.fewshot_windows import few_shot_window

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Draw:
    """Windows to teach with, windows to judge by."""

    shots: Indices
    test: Indices


@dataclass(frozen=True, eq=False)
class Case:
    """Shots may be any of `pools`, one for each class; all of `test` is judged."""

    pools: list[Indices]
    test: Indices

    def draw(self, shots: int, seed: tuple[int, ...]) -> Draw:
        """So many shots of each class."""
        rng = np.random.default_rng(seed)
        chosen = [rng.choice(pool, min(shots, len(pool)), replace=False) for pool in self.pools]
        return Draw(np.concatenate(chosen), self.test)


@dataclass(frozen=True, eq=False)
class Task:
    """One set and one question; `source` is the set, which no embedding here has seen."""

    name: str
    source: str
    protocol: str
    dataset: Dataset
    cases: list[Case]

    def draws(self, shots: int, count: int) -> Iterator[Draw]:
        """About `count`, the same for everybody who is compared."""
        rounds = max(1, count // len(self.cases))
        for number in range(rounds):
            for place, case in enumerate(self.cases):
                yield case.draw(shots, (0, shots, number, place))


def load(source: Source, data: Path) -> Dataset:
    """A set in windows for an embedding, background left out."""
    with TemporaryDirectory() as workspace:
        source.fill(data, Path(workspace))
        recordings = [load_labelled(path) for path in sorted(Path(workspace).rglob("*.mcap"))]
    gestures = [r for r in recordings if any(label.name != BACKGROUND for label in r.labels)]
    return build_dataset(gestures, few_shot_window(gestures))


def tasks_of(name: str, dataset: Dataset) -> Iterator[Task]:
    """New gestures of each person; where there are several, gestures taught by another one."""
    people = np.unique(dataset.participant)
    everyone = len(people) == 1
    halves = [case for person in people for case in _halves(dataset, person)]
    which = (
        "first or second half of each class"
        if everyone
        else "first or second half of each class of a person"
    )
    protocol = f"shots from the {which}, judged by the other half"
    yield Task(name if everyone else f"{name}_own", name, protocol, dataset, halves)
    if not everyone:
        pairs = [
            Case(_pools(dataset, teacher), np.flatnonzero(dataset.participant == pupil))
            for teacher, pupil in permutations(people, 2)
        ]
        protocol = "all shots from one person, judged by all of another"
        yield Task(f"{name}_other", name, protocol, dataset, pairs)


def _halves(dataset: Dataset, person: str) -> Iterator[Case]:
    pools = _pools(dataset, person)
    first = [pool[: len(pool) // 2] for pool in pools]
    second = [pool[len(pool) // 2 :] for pool in pools]
    yield Case(first, np.concatenate(second))
    yield Case(second, np.concatenate(first))


def _pools(dataset: Dataset, person: str) -> list[Indices]:
    """Each class's windows of a person, in the order they were recorded."""
    pools = []
    for label in range(len(dataset.label_names)):
        members = np.flatnonzero((dataset.label == label) & (dataset.participant == person))
        order = np.lexsort((dataset.start_us[members], dataset.recording[members]))
        pools.append(members[order])
    return pools
