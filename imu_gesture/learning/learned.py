"""A model and what it is worth; learned with int8 in mind where int8 would cost too much."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from imu_gesture.dataset.dataset import Dataset
from imu_gesture.dataset.splits import Split
from imu_gesture.learning.config import TrainingConfig
from imu_gesture.learning.evaluation import Evaluation, cross_validate
from imu_gesture.learning.fitters import Fitters
from imu_gesture.learning.fitting import FitJob, FitResult

MOST_LOSS = 0.005  # of held-out accuracy by int8, before the network is trained on to bear it


@dataclass(frozen=True, eq=False)
class Learned:
    """A model of all windows, and models of the same configuration on what they have not seen."""

    config: TrainingConfig
    fitted: FitResult
    evaluation: Evaluation | None


def learn(
    dataset: Dataset,
    splits: Sequence[Split],
    config: TrainingConfig,
    pool: Fitters,
    on_repeat: Callable[[], None] = lambda: None,
    most_loss: float = MOST_LOSS,
) -> Learned:
    """Fit a model, and one for every split.

    Where int8 loses more of what the float networks reach on what was held out, all are fitted once
    more, aware of their quantisation, and the better are kept; `on_repeat` is called before.
    Without splits nobody knows, and quantisation stays what it was.
    """
    learned = _learn(dataset, splits, config, pool)
    if learned.evaluation is None or learned.evaluation.int8_loss <= most_loss:
        return learned
    on_repeat()
    aware = _learn(dataset, splits, replace(config, quantisation="quantisation-aware"), pool)
    return max(learned, aware, key=_accuracy)


def _learn(
    dataset: Dataset, splits: Sequence[Split], config: TrainingConfig, pool: Fitters
) -> Learned:
    final = pool.submit(FitJob(dataset, dataset.windows[:0], config))
    evaluation = cross_validate(dataset, splits, config, pool) if splits else None
    return Learned(config, pool.result(final), evaluation)


def _accuracy(learned: Learned) -> float:
    return learned.evaluation.accuracy if learned.evaluation else 0.0
