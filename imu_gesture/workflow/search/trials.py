"""A candidate's cost and worth, and which candidates are best."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from imu_gesture.workflow.search.space import Params


@dataclass(frozen=True)
class Budget:
    """The most that a model may take; None where there is no bound."""

    arena_bytes: int | None = None
    model_bytes: int | None = None
    instructions: int | None = None


@dataclass(frozen=True)
class Cost:
    """What a model takes on the board.

    Attributes:
        arena_bytes: measured in TensorFlow Lite Micro, where that is installed.
        model_bytes: of the flatbuffer.
        instructions: of a decision, from sample to gesture, by the measured table.
        instructions_per_s: while the board moves; a longer hop takes fewer.
    """

    arena_bytes: int
    model_bytes: int
    instructions: int
    instructions_per_s: int

    def excess(self, budget: Budget) -> dict[str, float]:
        """By what share each bound is exceeded; zero or less where it is kept."""
        taken = asdict(self)
        return {
            name: taken[name] / bound - 1
            for name, bound in asdict(budget).items()
            if bound is not None
        }

    def fits(self, budget: Budget) -> bool:
        """Whether no bound is exceeded."""
        return all(share <= 0 for share in self.excess(budget).values())


@dataclass(frozen=True)
class Score:
    """What the int8 models of all folds did on what was held out.

    Attributes:
        balanced: mean recall of the classes, which is what the search compares.
        accuracy: share of windows, as `train` prints it.
        folds: accuracy of each fold.
    """

    balanced: float
    accuracy: float
    folds: tuple[float, ...]


@dataclass(frozen=True)
class Trial:
    """A candidate that was looked at: measured, and judged or turned down for a reason."""

    number: int
    params: Params
    cost: Cost | None = None
    score: Score | None = None
    reason: str = ""

    def fits(self, budget: Budget) -> bool:
        """Whether it was judged and keeps the budget."""
        return self.score is not None and self.cost is not None and self.cost.fits(budget)

    def as_json(self) -> dict[str, object]:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """The opposite of `as_json`."""
        cost, score = found["cost"], found["score"]
        return cls(
            number=found["number"],
            params=found["params"],
            cost=Cost(**cost) if cost else None,
            score=Score(**score | {"folds": tuple(score["folds"])}) if score else None,
            reason=found["reason"],
        )


def best_of(trials: Iterable[Trial], budget: Budget) -> Trial | None:
    """The most accurate that keeps the budget, of equals the one with fewest instructions."""
    return min((t for t in trials if t.fits(budget)), key=_worst_last, default=None)


def front_of(trials: Iterable[Trial], budget: Budget) -> list[Trial]:
    """Those that keep the budget and than which none is both better and cheaper; best first."""
    front: list[Trial] = []
    for trial in sorted((t for t in trials if t.fits(budget)), key=_worst_last):
        if not front or _load(trial) < _load(front[-1]):
            front.append(trial)
    return front


def _load(trial: Trial) -> int:
    return trial.cost.instructions_per_s if trial.cost else 0


def _worst_last(trial: Trial) -> tuple[float, int, int]:
    return -(trial.score.balanced if trial.score else 0.0), _load(trial), trial.number
