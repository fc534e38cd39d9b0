"""Which examples a user wants to teach with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from imu_gesture.dataset.dataset import Dataset
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.errors import DatasetError
from imu_gesture.labels import BACKGROUND


def first_shots(examples: Dataset, shots: int | None) -> Dataset:
    """The first so many examples of each gesture, in the order they were recorded.

    Background stays whole: it is not one movement of which a few would do.

    Raises:
        DatasetError: a gesture has fewer.
    """
    if shots is None:
        return examples
    chosen = []
    for label, name in enumerate(examples.label_names):
        members = np.flatnonzero(examples.label == label)
        if label == examples.background:
            chosen.append(members)
            continue
        if len(members) < shots:
            raise DatasetError(
                f"{name!r} has {len(members)} examples, --shots {shots} wants {shots}; record more "
                f"with `imu-gesture record --label {name}`, or ask for fewer"
            )
        order = np.lexsort((examples.start_us[members], examples.recording[members]))
        chosen.append(members[order[:shots]])
    return examples.subset(np.concatenate(chosen))


def only_named(
    recordings: list[LabelledRecording], names: Sequence[str]
) -> list[LabelledRecording]:
    """Only the named gestures of recordings, and background; all where none is named.

    Raises:
        DatasetError: a name is in no recording.
    """
    known = {label.name for recording in recordings for label in recording.labels}
    for name in names:
        if name not in known:
            raise DatasetError(
                f"no recording has {name!r}; there are {', '.join(sorted(known))}; record some "
                f"with `imu-gesture record --label {name}`"
            )
    wanted = {*names, BACKGROUND} if names else known
    kept = (
        replace(r, labels=tuple(label for label in r.labels if label.name in wanted))
        for r in recordings
    )
    return [recording for recording in kept if recording.labels]
