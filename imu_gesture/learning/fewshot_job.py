"""Pretraining an embedding, as a job for a fitting process. Loads no TensorFlow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from imu_gesture.dataset.dataset import Dataset
from imu_gesture.errors import DatasetError
from imu_gesture.learning.config import Architecture
from imu_gesture.learning.fewshot_episodes import EpisodeParams
from imu_gesture.learning.fewshot_simulated import SimulatedPeople

ROWS = 48  # of an embedding's window
CHANNELS = 6


@dataclass(frozen=True)
class PretrainingConfig:
    """How an embedding is learnt.

    Attributes:
        pooled: so many of the last filters' outputs count by their mean over time only, which
            does not mind when in the window a gesture begins; the others by their course.
        steps: episodes.
        simulated_share: of the episodes, where there are recorded sets too.
        sharpness: of the softmax over squared distances to the means of the classes.
        seed: of weights and episodes.
    """

    architecture: Architecture = field(
        default_factory=lambda: Architecture(filters=(12, 20, 60), kernels=(5, 5, 3))
    )
    pooled: int = 36
    people: SimulatedPeople = field(default_factory=SimulatedPeople)
    episode: EpisodeParams = field(default_factory=EpisodeParams)
    steps: int = 3000
    simulated_share: float = 0.7
    learning_rate: float = 3e-3
    weight_decay: float = 1e-3
    sharpness: float = 0.1
    seed: int = 0


@dataclass(frozen=True, eq=False)
class EmbeddingModel:
    """An int8 flatbuffer whose last dense layer is still to be taught.

    Attributes:
        accuracy: share of the last episodes' windows that are nearest to their own class.
    """

    tflite: bytes
    accuracy: float


@dataclass(frozen=True, eq=False)
class PretrainJob:
    """Recorded sets by name, all of `ROWS` x `CHANNELS`, beside the simulated people.

    Raises:
        DatasetError: a set has windows of another shape.
    """

    sets: dict[str, Dataset]
    config: PretrainingConfig

    def __post_init__(self) -> None:
        for name, dataset in self.sets.items():
            found = (dataset.spec.samples, dataset.spec.channels)
            if found != (ROWS, CHANNELS):
                raise DatasetError(
                    f"{name}: windows of {found[0]} rows and {found[1]} channels; an embedding "
                    f"learns from {ROWS} rows of {CHANNELS}"
                )

    def run(self, on_step: Callable[[], None]) -> EmbeddingModel:
        """Learn and convert, in this process."""
        from imu_gesture.learning.fewshot_pretraining import pretrain

        return pretrain(self.sets, self.config, on_step)
