"""From a search to what `train` is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from imu_gesture.dataset.windows import WindowSpec
from imu_gesture.errors import InputError
from imu_gesture.workflow.search.folder import SearchFolder
from imu_gesture.workflow.search.space import options_of
from imu_gesture.workflow.search.trials import Budget, Trial, best_of
from imu_gesture.workflow.training import TrainingOptions


def options_from(
    folder: SearchFolder, number: int | None, told: TrainingOptions
) -> TrainingOptions:
    """What makes a trial's model of all recordings: that of a number, or the best.

    What `told` leaves open is as it was in the search.

    Raises:
        InputError: there is no such search or trial, or none keeps the budget.
    """
    setup: Any = folder.setup()
    trial = _chosen(folder, number, Budget(**setup["budget"]))
    kept = replace(
        told,
        split=told.split or setup["split"],
        blocks=told.blocks or setup["blocks"],
        epochs=told.epochs or setup["epochs"],
        accept_bad=told.accept_bad or setup["accept_bad"],
        raw=setup["raw"],
        caution=(
            f"{folder.path.name}, trial {trial.number}, was chosen by what is held out here: its "
            "score promises more than new people or days will give"
        ),
    )
    return options_of(trial.params, kept, WindowSpec(**setup["usual_window"]))


def _chosen(folder: SearchFolder, number: int | None, budget: Budget) -> Trial:
    trials = {trial.number: trial for trial in folder.trials()}
    if number is None:
        best = best_of(trials.values(), budget)
        if best is None:
            raise InputError(f"{folder.path}: no trial keeps the budget; search with a larger one")
        return best
    if number not in trials:
        raise InputError(f"{folder.path}: has no trial {number}; there are {len(trials)}, from 0")
    return trials[number]
