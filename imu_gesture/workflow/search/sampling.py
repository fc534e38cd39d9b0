"""Which candidates are tried next: Optuna's tree-structured Parzen estimator, in generations.

A generation is asked as a whole, from what all generations before it have shown. So it does not
depend on which of its members is ready first, nor on how many work at it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from imu_gesture.errors import TrainingError
from imu_gesture.provenance import is_installed
from imu_gesture.workflow.search.space import Choices, Levels, Space, Value, default_params
from imu_gesture.workflow.search.trials import Budget, Trial

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.trial import FrozenTrial

GENERATION = 8
_UNUSABLE = {"usable": 1.0}


def check_optuna() -> None:
    """Make sure that candidates can be chosen.

    Raises:
        TrainingError: Optuna is not installed.
    """
    if not is_installed("optuna"):
        raise TrainingError(
            'searching needs Optuna, which is not installed; run: pip install "imu-gesture[search]"'
        )


def generation(
    number: int, before: Sequence[Trial], searched: Space, budget: Budget, seed: int
) -> list[dict[str, Value]]:
    """The parameters of a generation's members; the very first one is the default.

    before: all trials of the generations before this one, in order.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.TPESampler(
        n_startup_trials=GENERATION, seed=_sampler_seed(seed, number)
    )
    study = optuna.create_study(directions=["maximize", "minimize"], sampler=sampler)
    distributions = {name: _distribution(choice) for name, choice in searched.items()}
    for trial in before:
        study.add_trial(_told(trial, distributions, budget))
    if number == 0:
        study.enqueue_trial(default_params(searched))
    return [study.ask(distributions).params for _ in range(GENERATION)]


def _sampler_seed(seed: int, generation_number: int) -> int:
    return int(np.random.SeedSequence((seed, generation_number)).generate_state(1)[0])


def _distribution(choice: Levels | Choices) -> BaseDistribution:
    from optuna.distributions import CategoricalDistribution, IntDistribution

    if isinstance(choice, Choices):
        return CategoricalDistribution(choice.names)
    return IntDistribution(choice.low, choice.high, step=choice.step)


def _told(trial: Trial, distributions: dict[str, BaseDistribution], budget: Budget) -> FrozenTrial:
    """What Optuna is told: two values, or how far the candidate is from being one."""
    from optuna.trial import TrialState, create_trial

    params = dict(trial.params)
    excess = trial.cost.excess(budget) if trial.cost else _UNUSABLE
    if trial.score is None or trial.cost is None:
        if all(share <= 0 for share in excess.values()):
            excess = _UNUSABLE
        return create_trial(
            state=TrialState.PRUNED, params=params, distributions=distributions, constraints=excess
        )
    return create_trial(
        values=[trial.score.balanced, float(trial.cost.instructions_per_s)],
        params=params,
        distributions=distributions,
        constraints=excess,
    )
