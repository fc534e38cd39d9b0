"""A search that took no training: what is printed and drawn of it is known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from imu_gesture.workflow.search.folder import SearchFolder
from imu_gesture.workflow.search.searching import SearchResult
from imu_gesture.workflow.search.space import default_params, space
from imu_gesture.workflow.search.trials import Budget, Cost, Score, Trial

BUDGET = Budget(arena_bytes=12288, instructions=300_000)
_PARAMS = default_params(space(gyroscope=True))


def trial(
    number: int, balanced: float | None, instructions: int = 280_000, hop_s: float = 0.1
) -> Trial:
    score = None if balanced is None else Score(balanced, balanced - 0.01, (balanced,))
    cost = Cost(3648, 13408, instructions, round(instructions / hop_s))
    reason = "" if score else "above the budget"
    return Trial(number, _PARAMS, cost, score, reason)


TRIALS = (
    trial(0, 0.90),
    trial(1, 0.95, 200_000),
    trial(2, 0.93, 150_000),
    trial(3, 0.91, 160_000),
    trial(4, None, 400_000),
    Trial(5, _PARAMS, reason="its windows do not reach every fold"),
)


def searched(trials: Sequence[Trial] = TRIALS, budget: Budget = BUDGET) -> SearchResult:
    return SearchResult(
        folder=SearchFolder(Path("searches") / "first"),
        budget=budget,
        folds=("participant a", "participant b"),
        trials=list(trials),
        kept=2,
        warnings=("mind the gap",),
        seconds=12.3,
    )
