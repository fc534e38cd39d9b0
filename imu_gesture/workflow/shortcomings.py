"""What recordings lack for a model that can be trusted, and how to get it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from imu_gesture.dataset.dataset import Dataset
from imu_gesture.labels import BACKGROUND

NO_BACKGROUND = (
    "NO BACKGROUND WAS RECORDED: nobody knows how often this model fires while no gesture is "
    "performed, and it has never seen everyday movements; record some with "
    "`imu-gesture record --label background`, an hour says more than a minute"
)


def warnings_of(dataset: Dataset) -> list[str]:
    """What holds for every way of learning, one sentence each."""
    warnings = []
    judged = dataset.label[~dataset.near]
    if not np.any(judged == dataset.background):
        warnings.append(NO_BACKGROUND)
    warnings += dataset.skipped
    people = np.unique(dataset.participant)
    if len(people) == 1:
        warnings.append(
            f"only one participant ({people[0]}): how well others are recognised is unknown; "
            "record somebody else with `imu-gesture record --participant NAME`"
        )
    return warnings


def too_few(dataset: Dataset) -> list[str]:
    """Labels with too few examples to train a whole network on."""
    counts = np.bincount(dataset.label[~dataset.near], minlength=len(dataset.label_names))
    few = [
        name
        for name, count in zip(dataset.label_names, counts.tolist(), strict=True)
        if count < 10 and (count or name != BACKGROUND)
    ]
    return [f"fewer than ten examples of {', '.join(few)}; record more"] if few else []


def worst_first(*groups: Sequence[str]) -> tuple[str, ...]:
    """All warnings; what makes a model worth least is said first."""
    warnings = [warning for group in groups for warning in group]
    return tuple(sorted(warnings, key=lambda warning: warning != NO_BACKGROUND))
