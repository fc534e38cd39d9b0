"""Which candidates are best, and what is kept of each."""

from __future__ import annotations

import json

import pytest

from imu_gesture.workflow.search.trials import Budget, Cost, Score, Trial, best_of, front_of


def trial(number: int, balanced: float | None, load: int, arena: int = 1000) -> Trial:
    score = None if balanced is None else Score(balanced, balanced, (balanced,))
    return Trial(number, {"layers": number}, Cost(arena, 2000, load // 10, load), score)


BUDGET = Budget(arena_bytes=1000)
TRIALS = [
    trial(0, 0.90, 300),
    trial(1, 0.95, 500),
    trial(2, 0.95, 400),
    trial(3, 0.80, 350),
    trial(4, 0.99, 100, arena=1001),
    trial(5, None, 100),
    trial(6, 0.95, 400),
    Trial(7, {}, reason="its windows do not reach every fold"),
]


def test_the_best_keeps_the_budget_and_is_the_cheapest_of_equals() -> None:
    assert best_of(TRIALS, BUDGET) is TRIALS[2]
    assert best_of(reversed(TRIALS), BUDGET) is TRIALS[2]
    assert best_of(TRIALS, Budget()) is TRIALS[4]
    assert best_of(TRIALS, Budget(arena_bytes=999)) is None


def test_nobody_on_the_front_is_worse_and_dearer_than_another() -> None:
    assert [t.number for t in front_of(TRIALS, BUDGET)] == [2, 0]
    assert [t.number for t in front_of(TRIALS, Budget())] == [4]
    assert front_of([], BUDGET) == []


@pytest.mark.parametrize(
    ("budget", "excess"),
    [
        (Budget(), {}),
        (Budget(arena_bytes=500, model_bytes=4000), {"arena_bytes": 1.0, "model_bytes": -0.5}),
        (Budget(instructions=30), {"instructions": 0.0}),
    ],
)
def test_a_bound_is_exceeded_by_a_share(budget: Budget, excess: dict[str, float]) -> None:
    cost = trial(0, 0.9, 300).cost
    assert cost is not None
    assert cost.excess(budget) == pytest.approx(excess)
    assert cost.fits(budget) == all(share <= 0 for share in excess.values())


@pytest.mark.parametrize("number", range(len(TRIALS)))
def test_a_trial_comes_back_from_json_as_it_was(number: int) -> None:
    text = json.dumps(TRIALS[number].as_json())
    assert Trial.from_json(json.loads(text)) == TRIALS[number]
