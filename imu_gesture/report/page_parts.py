"""What the page shows, as plain values: the template only lays it out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu_gesture.dataset.dataset import Dataset
from imu_gesture.deploy.cost.decision import MODEL, estimate_ms
from imu_gesture.deploy.cost.report import BuildReport
from imu_gesture.learning.evaluation import Evaluation
from imu_gesture.learning.tuning import Tuned
from imu_gesture.report.streams import watch_text
from imu_gesture.workflow.training import TrainingRun

_WIDTH, _HEIGHT = 520, 220  # of the curve, in pixels


@dataclass(frozen=True)
class Headline:
    """One of the three numbers that stand first."""

    value: str
    name: str
    detail: str


@dataclass(frozen=True)
class Cell:
    """One cell of the confusion table; `share` of its row, from 0 to 1."""

    count: int
    share: float
    right: bool


@dataclass(frozen=True)
class Row:
    """A true class, and what became of its examples; `recall` None where it has none."""

    name: str
    cells: tuple[Cell, ...]
    recall: float | None


@dataclass(frozen=True)
class Person:
    """One person's held-out examples."""

    name: str
    examples: int
    accuracy: float


@dataclass(frozen=True)
class Point:
    """One setting of the curve: where it is drawn, and what it is."""

    x: float
    y: float
    recall: float
    per_hour: float
    chosen: bool


@dataclass(frozen=True)
class Curve:
    """Recall over false activations per hour; the most of the latter is `per_hour`."""

    width: int
    height: int
    per_hour: float
    points: tuple[Point, ...]


@dataclass(frozen=True)
class BoardPart:
    """A stage of a decision, or an operator of the model if `inner`."""

    name: str
    inner: bool
    instructions: int
    low_ms: float
    high_ms: float


def headlines(run: TrainingRun) -> tuple[Headline, Headline, Headline]:
    """Held-out score, false activations per hour, size and speed on the board."""
    return _score(run), _false_activations(run), _size(run)


def _score(run: TrainingRun) -> Headline:
    scores, name = run.manifest.scores, "right on what was held out"
    if scores is None:
        return Headline("not measured", name, "nothing was held out")
    low, high = 100 * scores.confidence_low, 100 * scores.confidence_high
    interval = f"95 % interval {low:.1f} to {high:.1f} %"
    return Headline(f"{100 * scores.accuracy:.1f} %", name, f"{interval}; {scores.protocol}")


def _false_activations(run: TrainingRun) -> Headline:
    name = "false activations an hour"
    watch = run.judged.continuous.scores.background if run.judged.continuous else None
    if watch is None or watch.per_hour is None:
        return Headline("unknown", name, "no background was recorded and held out")
    return Headline(f"{watch.per_hour:.1f}", name, watch_text(watch))


def _size(run: TrainingRun) -> Headline:
    low_ms, high_ms = estimate_ms(run.report.cost.instructions)
    arena = run.manifest.arena.arena_bytes
    return Headline(
        f"{low_ms:.1f} to {high_ms:.1f} ms",
        "a decision on the board, estimated",
        f"model {run.manifest.model_bytes / 1024:.1f} KB of flash, arena {arena / 1024:.1f} KB of "
        "memory",
    )


def confusion(evaluation: Evaluation) -> tuple[Row, ...]:
    """Rows true, columns recognised."""
    return tuple(
        Row(
            name,
            tuple(
                Cell(count, count / max(1, sum(row)), column == place)
                for column, count in enumerate(row)
            ),
            row[place] / sum(row) if sum(row) else None,
        )
        for place, (name, row) in enumerate(
            zip(evaluation.label_names, evaluation.confusion.tolist(), strict=True)
        )
    )


def of_people(dataset: Dataset, evaluation: Evaluation) -> tuple[Person, ...]:
    """How each is recognised, the worst first."""
    index = np.concatenate([fold.index for fold in evaluation.folds])
    right = np.concatenate([fold.predicted == fold.label for fold in evaluation.folds])
    whose = dataset.participant[index]
    people = [
        Person(str(name), int((whose == name).sum()), float(right[whose == name].mean()))
        for name in np.unique(whose)
    ]
    return tuple(sorted(people, key=lambda person: (person.accuracy, person.name)))


def curve(tuned: Tuned) -> Curve | None:
    """None where no background tells how often a setting fires."""
    rates = [
        (point, point.background.per_hour)
        for point in tuned.curve
        if point.background.per_hour is not None
    ]
    if not rates:
        return None
    most = max(1.0, *(rate for _, rate in rates))
    points = tuple(
        Point(
            x=round(_WIDTH * rate / most, 1),
            y=round(_HEIGHT * (1 - point.recall), 1),
            recall=point.recall,
            per_hour=rate,
            chosen=point.shift == 0,
        )
        for point, rate in rates
    )
    return Curve(_WIDTH, _HEIGHT, most, points)


def board_parts(report: BuildReport) -> tuple[BoardPart, ...]:
    """Stages in order, the model's operators behind the model."""
    parts = []
    for stage in report.cost.stages:
        parts.append((stage, False))
        if stage.name == MODEL:
            parts += [(operator, True) for operator in report.cost.operators]
    return tuple(
        BoardPart(
            part.name.replace("_", " "),
            inner,
            round(part.instructions),
            *estimate_ms(part.instructions),
        )
        for part, inner in parts
    )
