"""What each augmentation is worth on people and blocks that were held out.

Each is left out in turn, or added where it is off by default; folds, seeds and all else stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
from accuracy import REAL, SIMULATED, Task, prepare
from form import Options, Row, run_benchmark, say
from numpy.typing import NDArray

from imu_gesture.dataset.augmentation import AugmentationParams
from imu_gesture.dataset.dataset import Dataset
from imu_gesture.learning.config import TrainingConfig
from imu_gesture.learning.fitting import FittingPool
from imu_gesture.samples import Float32Array

_EPOCHS = 100  # a third of the usual: 18 times 26 trainings take long enough
_SEEDS = (0, 1)
_QUICK_EPOCHS = 30
_QUICK_CHANGES = ("without rotation_deg", "with bias 1")
# Strengths of those that are off by default: a whole datasheet, every other window mirrored.
_ADDED = {
    "amplitude": 0.3,
    "mirror": 0.5,
    "bias": 1.0,
    "warm_up": 1.0,
    "scale": 1.0,
    "misalignment": 1.0,
    "rate": 1.0,
    "lost": 0.1,
}

Figures = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FloatJob:
    """Trains and answers; int8, which costs a tenth of a point, is left aside."""

    train: Dataset
    test_windows: Float32Array
    config: TrainingConfig

    def run(self, on_epoch: Callable[[], None]) -> Float32Array:
        """(n, classes) probabilities."""
        from imu_gesture.learning.training import train

        return train(self.train, self.config, on_epoch).probabilities(self.test_windows)


def changes() -> dict[str, AugmentationParams]:
    """Everything that is tried, by name."""
    usual = AugmentationParams()
    on = [field.name for field in fields(usual) if getattr(usual, field.name)]
    added = {name: strength for name, strength in _ADDED.items() if name not in on}
    return {
        "without any": AugmentationParams(**{field.name: 0.0 for field in fields(usual)}),
        **{f"without {name}": replace(usual, **{name: 0.0}) for name in on},
        **{f"with {name} {s:g}": replace(usual, **{name: s}) for name, s in added.items()},
    }


def measure(options: Options) -> Iterator[Row]:
    """A row for each change and set, UHH first, and one for the mean over the sets."""
    tasks = list(_tasks(options))
    base = TrainingConfig(epochs=_QUICK_EPOCHS if options.quick else _EPOCHS)
    with FittingPool() as pool:
        usual = _figures(tasks, base, pool)
        for task, figures in zip(tasks, usual, strict=True):
            note = f"{task.note}, {base.epochs} epochs, augmented as usual"
            peers = {"log_loss": float(figures[1].mean())}
            yield Row(f"{task.source.name} usual", figures[0].mean() / 100, "fraction", peers, note)
        for name, params in changes().items():
            if not options.quick or name in _QUICK_CHANGES:
                say(name)
                changed = _figures(tasks, replace(base, augmentation=params), pool)
                yield from _rows(name, tasks, [c - u for c, u in zip(changed, usual, strict=True)])


def _tasks(options: Options) -> Iterator[Task]:
    data = options.data or Path()
    sources = [s for s in reversed(REAL) if options.data and (data / s.folder).is_dir()]
    for source in (sources or [SIMULATED])[: 1 if options.quick else None]:
        task = prepare(source, data, options.quick)
        if not options.quick:
            task = replace(task, seeds=_SEEDS, note=f"{source.protocol}, seeds {list(_SEEDS)}")
        yield task


def _figures(tasks: list[Task], config: TrainingConfig, pool: FittingPool) -> list[Figures]:
    """For each set (2, seeds): points of accuracy, and log loss in nats."""
    futures = [
        [
            pool.submit(
                FloatJob(
                    task.dataset.subset(split.learn),
                    task.dataset.windows[split.test],
                    replace(config, seed=seed),
                )
            )
            for seed in task.seeds
            for split in task.splits
        ]
        for task in tasks
    ]
    return [
        _judge(task, [pool.result(future) for future in of_task])
        for task, of_task in zip(tasks, futures, strict=True)
    ]


def _judge(task: Task, answers: list[Float32Array]) -> Figures:
    label = np.concatenate([task.dataset.label[split.test] for split in task.splits])
    probabilities = np.concatenate(answers).reshape(len(task.seeds), len(label), -1)
    right = probabilities.argmax(axis=2) == label
    chance = np.maximum(probabilities[:, np.arange(len(label)), label], 1e-3)
    return np.array([100 * right.mean(axis=1), -np.log(chance).mean(axis=1)])


def _rows(name: str, tasks: list[Task], gained: list[Figures]) -> Iterator[Row]:
    for task, change in zip(tasks, gained, strict=True):
        yield _row(f"{task.source.name} {name}", change)
    if len(tasks) > 1:
        yield _row(f"mean {name}", np.mean(gained, axis=0))


def _row(name: str, gained: Figures) -> Row:
    points, log_loss = gained
    by_seed = ", ".join(f"{change:+.1f}" for change in points)
    peers = {"log_loss": float(log_loss.mean())}
    return Row(name, float(points.mean()), "points", peers, f"by seed {by_seed}")


if __name__ == "__main__":
    run_benchmark("ablation", measure)
