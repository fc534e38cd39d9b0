"""The one bench on which all candidates of a search are judged: same recordings, same folds."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from imu_gesture.dataset.dataset import Dataset
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.splits import Split, SplitKind, make_splits
from imu_gesture.dataset.windows import WindowSpec
from imu_gesture.errors import DatasetError
from imu_gesture.learning.config import TrainingConfig
from imu_gesture.learning.evaluation import Fold, evaluation_of
from imu_gesture.workflow.search.measuring import MeasureJob
from imu_gesture.workflow.search.space import Params, options_of
from imu_gesture.workflow.search.trials import Score
from imu_gesture.workflow.shortcomings import too_few, warnings_of, worst_first
from imu_gesture.workflow.training import TrainingOptions, make_dataset, training_config

_REPRESENTATIVES = 16  # windows are enough for sizes


@dataclass(frozen=True, eq=False)
class Candidate:
    """Parameters, and what they make of the recordings."""

    number: int
    params: Params
    dataset: Dataset
    config: TrainingConfig
    splits: list[Split]

    def measurement(self) -> MeasureJob:
        """To be done before anybody trains it."""
        step = -(-len(self.dataset) // _REPRESENTATIVES)
        few = np.arange(0, len(self.dataset), step)
        return MeasureJob(self.dataset.subset(few), self.config)

    def score(self, folds: Sequence[Fold]) -> Score:
        """Of all folds, in the order of the splits."""
        evaluation = evaluation_of(self.dataset, folds)
        each = tuple(fold.accuracy for fold in folds)
        return Score(evaluation.balanced_accuracy, evaluation.accuracy, each)


@dataclass(frozen=True, eq=False)
class Bench:
    """Recordings, and how they are held out.

    Attributes:
        told: what holds for every candidate.
        usual: the window that the data suggest.
        kind: what is held out.
        folds: the names of what is held out in turn.
        data: a digest of all that is learned from.
        shortcomings: what the recordings lack.
    """

    recordings: list[LabelledRecording]
    told: TrainingOptions
    usual: WindowSpec
    kind: SplitKind
    folds: tuple[str, ...]
    data: str
    shortcomings: tuple[str, ...]

    @classmethod
    def of(cls, recordings: list[LabelledRecording], told: TrainingOptions) -> Bench:
        """Folds as `train` would make them.

        Raises:
            DatasetError: the recordings do not make a dataset, or cannot be held out so.
        """
        dataset = make_dataset(recordings, told)
        splits = make_splits(dataset, told.split, told.blocks)
        return cls(
            recordings=recordings,
            told=told,
            usual=dataset.spec,
            kind=told.split or _kind_of(splits[0]),
            folds=tuple(split.name for split in splits),
            data=_digest(recordings, dataset),
            shortcomings=worst_first(warnings_of(dataset), too_few(dataset)),
        )

    @property
    def gyroscope(self) -> bool:
        """Whether all recordings have one."""
        return all(labelled.recording.samples.gyr_dps is not None for labelled in self.recordings)

    def candidate(self, number: int, params: Params) -> Candidate:
        """The same people, sessions or blocks are held out for every candidate.

        Raises:
            DatasetError: its windows or its front end do not suit the recordings.
        """
        options = options_of(params, self.told, self.usual)
        dataset = make_dataset(self.recordings, options)
        blocks = len(self.folds) if self.kind == "block" else None
        splits = make_splits(dataset, self.kind, blocks)
        if tuple(split.name for split in splits) != self.folds:
            raise DatasetError("its windows do not reach every fold")
        return Candidate(number, params, dataset, training_config(options), splits)


def training_seed(seed: int) -> int:
    """Of all candidates of a search; another one than `train` would use with that seed.

    So a winner that `train` makes anew is judged by a training that it was not chosen for.
    """
    return int(np.random.SeedSequence((seed, 1)).generate_state(1)[0])


def _kind_of(split: Split) -> SplitKind:
    kinds: tuple[SplitKind, ...] = ("participant", "session", "block")
    return next(kind for kind in kinds if split.name.startswith(f"{kind} "))


def _digest(recordings: Sequence[LabelledRecording], dataset: Dataset) -> str:
    """Of readings, labels and people, and of what calibration makes of them."""
    digest = hashlib.sha256(dataset.digest().encode())
    for labelled in recordings:
        info = labelled.recording.info
        known = (labelled.name, labelled.digest(), info.participant, info.session, labelled.labels)
        digest.update(repr(known).encode())
    return digest.hexdigest()
