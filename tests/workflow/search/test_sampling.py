"""Candidates are asked in generations, each decided by its seed and the ones before."""

from __future__ import annotations

import sys
from statistics import mean

import pytest

from imu_gesture.errors import TrainingError
from imu_gesture.workflow.search.sampling import GENERATION, check_optuna, generation
from imu_gesture.workflow.search.space import Choices, Params, default_params, space
from imu_gesture.workflow.search.trials import Budget, Cost, Score, Trial

SPACE = space(gyroscope=True)
BUDGET = Budget(instructions=100)


def told(number: int, params: Params) -> Trial:
    """Few filters are above the budget; more dropout is better, fewer layers cheaper."""
    filters, layers = int(params["filters"]), int(params["layers"])
    dropout = int(params["dropout_percent"]) / 100
    cost = Cost(1000, 1000, 150 if filters < 12 else 50, layers)
    score = Score(dropout, dropout, ()) if cost.fits(BUDGET) else None
    return Trial(number, params, cost, score)


def played(generations: int, seed: int) -> list[Trial]:
    trials: list[Trial] = []
    for number in range(generations):
        for params in generation(number, trials, SPACE, BUDGET, seed):
            trials.append(told(len(trials), params))
    return trials


def test_the_first_candidate_is_the_default() -> None:
    first = generation(0, [], SPACE, BUDGET, seed=0)
    assert first[0] == default_params(SPACE)
    assert len(first) == GENERATION


def test_every_value_is_one_that_there_is() -> None:
    for trial in played(4, seed=0):
        for name, choice in SPACE.items():
            there = (
                choice.names
                if isinstance(choice, Choices)
                else range(choice.low, choice.high + 1, choice.step)
            )
            assert trial.params[name] in there


def test_the_same_seed_and_past_ask_the_same() -> None:
    assert played(4, seed=3) == played(4, seed=3)
    assert played(2, seed=3) != played(2, seed=4)


def test_the_past_counts() -> None:
    trials = played(3, seed=0)
    others = [told(t.number, {**t.params, "filters": 4}) for t in trials]
    again = generation(3, trials, SPACE, BUDGET, seed=0)
    assert again != generation(3, others, SPACE, BUDGET, seed=0)


@pytest.mark.parametrize("seed", range(3))
def test_the_budget_is_learned_and_the_good_is_tried_more(seed: int) -> None:
    trials = played(10, seed)
    early, late = trials[1 : 2 * GENERATION], trials[-4 * GENERATION :]
    assert mean(t.fits(BUDGET) for t in late) > mean(t.fits(BUDGET) for t in early)
    assert mean(int(t.params["dropout_percent"]) for t in late) > mean(
        int(t.params["dropout_percent"]) for t in early
    )


def test_what_could_not_be_built_is_told_too() -> None:
    asked = generation(0, [], SPACE, BUDGET, seed=0)
    trials = [Trial(n, params, reason="no gravity") for n, params in enumerate(asked)]
    assert len(generation(1, trials, SPACE, BUDGET, seed=0)) == GENERATION


def test_without_optuna_the_cure_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(TrainingError, match=r'pip install "imu-gesture\[search\]"'):
        check_optuna()
