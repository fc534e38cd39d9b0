"""Reported gestures against performed ones, on a whole stream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from imu_gesture.labels import BACKGROUND, Label


@dataclass(frozen=True)
class TimedLabel:
    """A reported gesture and when, in seconds since the stream's first sample."""

    time_s: float
    name: str


@dataclass(frozen=True)
class EventMatch:
    """What became of every performed gesture, and what was reported without one.

    `recognised` has an entry for each performed gesture, in order: the name reported for it, or
    None. `false_activations` are reports that belong to no gesture, or a second time to the same.
    """

    expected: tuple[str, ...]
    recognised: tuple[str | None, ...]
    false_activations: tuple[TimedLabel, ...]

    @property
    def correct(self) -> int:
        """Gestures recognised for what they were."""
        return sum(e == r for e, r in zip(self.expected, self.recognised, strict=True))


def match_events(
    performed: Sequence[Label], reported: Sequence[TimedLabel], tolerance_s: float
) -> EventMatch:
    """Give each report to the gesture during which, or up to `tolerance_s` after which, it came.

    A gesture takes the first report; where two gestures could, the earlier one not yet served.
    """
    gestures = [label for label in performed if label.name != BACKGROUND]
    recognised: list[str | None] = [None] * len(gestures)
    false_activations = []
    for report in sorted(reported, key=lambda event: event.time_s):
        open_gestures = (
            i
            for i, gesture in enumerate(gestures)
            if recognised[i] is None
            and gesture.start_s <= report.time_s <= gesture.end_s + tolerance_s
        )
        place = next(open_gestures, None)
        if place is None:
            false_activations.append(report)
        else:
            recognised[place] = report.name
    expected = tuple(gesture.name for gesture in gestures)
    return EventMatch(expected, tuple(recognised), tuple(false_activations))
