"""Gestures that the model has never seen: how many are taken for one that it knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from imu_gesture.dataset.dataset import Dataset
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.splits import Split
from imu_gesture.learning.config import TrainingConfig
from imu_gesture.learning.continuous import Decided, decide_on
from imu_gesture.learning.fitting import FitJob, FittingPool
from imu_gesture.learning.held_out import model_of, scored_by
from imu_gesture.learning.tuning import Setting


@dataclass(frozen=True, eq=False)
class Held:
    """Recordings and how to learn from them."""

    recordings: list[LabelledRecording]
    dataset: Dataset
    config: TrainingConfig
    hop_s: float


@dataclass(frozen=True)
class Found:
    """Gestures performed and left without a report: those the model does not know, and others.

    `known_missed`: by the thresholds alone, which reject no movement as unknown.
    """

    unknown: int
    unknown_rejected: int
    known: int
    known_rejected: int
    unknown_missed: int
    known_missed: int

    @property
    def rejected(self) -> float:
        """Share of unknown gestures without a report."""
        return self.unknown_rejected / self.unknown

    @property
    def recall_cost_points(self) -> float:
        """Known gestures without a report, in a hundred: what rejecting costs them at most."""
        return 100 * self.known_rejected / self.known

    @property
    def missed(self) -> float:
        """Share of unknown gestures without a report by the thresholds alone."""
        return self.unknown_missed / self.unknown

    @property
    def missed_points(self) -> float:
        """Known gestures without a report by the thresholds alone, in a hundred."""
        return 100 * self.known_missed / self.known


def left_out(held: Held, splits: Sequence[tuple[Split, Setting]]) -> Found:
    """Leave each gesture out of each split's training side, and judge by the held-out streams."""
    gestures = held.dataset.label_names[: held.dataset.background]
    counted = np.zeros(6, np.int64)
    with FittingPool() as pool:
        jobs = [
            (split, setting, name, pool.submit(_job(held, split, number)))
            for split, setting in splits
            for number, name in enumerate(gestures)
        ]
        for split, setting, name, future in jobs:
            model = model_of(pool.result(future))
            (streams,) = scored_by(held.dataset, held.recordings, [split.test], [model])
            names = held.dataset.label_names
            decided = decide_on(streams, names, setting.params, held.hop_s)
            alone = decide_on(streams, names, replace(setting, spread=None).params, held.hop_s)
            _, unknown, _, known = _count(name, alone)
            counted += np.array([*_count(name, decided), unknown, known])
    return Found(*counted.tolist())


def _job(held: Held, split: Split, number: int) -> FitJob:
    """Without the gesture, and without the windows beside it."""
    dataset = held.dataset
    segments = np.unique(dataset.segment[(dataset.label == number) & ~dataset.near])
    learn = split.learn[~np.isin(dataset.segment[split.learn], segments)]
    return FitJob(dataset.subset(learn), dataset.windows[:0], held.config)


def _count(name: str, decided: Decided) -> tuple[int, int, int, int]:
    found = [
        (expected == name, report is None)
        for match in decided.matches
        for expected, report in zip(match.expected, match.recognised, strict=True)
    ]
    unknown = [rejected for is_unknown, rejected in found if is_unknown]
    known = [rejected for is_unknown, rejected in found if not is_unknown]
    return len(unknown), sum(unknown), len(known), sum(known)
