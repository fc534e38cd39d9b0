"""Reported gestures against performed ones, on whole streams: what a user lives with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scipy import stats

from imu_gesture.labels import Label

TOLERANCE_S = 0.5  # a report belongs to a gesture until so long after its end
_CONFIDENCE = 0.95


@dataclass(frozen=True)
class TimedLabel:
    """A reported gesture and when, in seconds since the stream's first sample."""

    time_s: float
    name: str


@dataclass(frozen=True)
class EventMatch:
    """What became of every performed gesture, and what was reported without one.

    `recognised` has an entry for each performed gesture, in order: the name reported for it, or
    None; `delays_s` how long after the gesture's end, before it if negative. `false_activations`
    are reports that belong to no gesture, or a second time to the same.
    """

    expected: tuple[str, ...]
    recognised: tuple[str | None, ...]
    delays_s: tuple[float | None, ...]
    false_activations: tuple[TimedLabel, ...]

    @property
    def correct(self) -> int:
        """Gestures recognised for what they were."""
        return sum(e == r for e, r in zip(self.expected, self.recognised, strict=True))


def match_events(
    performed: Sequence[Label], reported: Sequence[TimedLabel], tolerance_s: float = TOLERANCE_S
) -> EventMatch:
    """Give each report to the gesture during which, or up to `tolerance_s` after which, it came.

    A gesture takes the first report; where two gestures could, the earlier one not yet served.
    """
    gestures = [label for label in performed if not label.is_background]
    recognised: list[str | None] = [None] * len(gestures)
    delays_s: list[float | None] = [None] * len(gestures)
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
            delays_s[place] = report.time_s - gestures[place].end_s
    expected = tuple(gesture.name for gesture in gestures)
    return EventMatch(expected, tuple(recognised), tuple(delays_s), tuple(false_activations))


@dataclass(frozen=True)
class ClassScores:
    """One gesture: how often it was performed, reported, and reported when it was performed."""

    performed: int
    reported: int
    correct: int

    @property
    def precision(self) -> float:
        """Share of its reports that are right; 0 where there is none."""
        return self.correct / self.reported if self.reported else 0.0

    @property
    def recall(self) -> float:
        """Share of its performances that are recognised; 0 where there is none."""
        return self.correct / self.performed if self.performed else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        total = self.performed + self.reported
        return 2 * self.correct / total if total else 0.0


def class_scores(matches: Iterable[EventMatch], names: Sequence[str]) -> dict[str, ClassScores]:
    """Scores of each gesture over all streams; background is not among `names`."""
    performed: Counter[str] = Counter()
    reported: Counter[str] = Counter()
    correct: Counter[str] = Counter()
    for match in matches:
        performed.update(match.expected)
        reported.update(name for name in match.recognised if name is not None)
        reported.update(event.name for event in match.false_activations)
        pairs = zip(match.expected, match.recognised, strict=True)
        correct.update(name for name, found in pairs if name == found)
    return {name: ClassScores(performed[name], reported[name], correct[name]) for name in names}


def together(scores: Iterable[ClassScores]) -> ClassScores:
    """All gestures as one: its precision, recall and F1 are the micro averages."""
    each = list(scores)
    return ClassScores(
        sum(one.performed for one in each),
        sum(one.reported for one in each),
        sum(one.correct for one in each),
    )


@dataclass(frozen=True)
class Watch:
    """Reports out of nothing in a time in which no gesture was performed."""

    false_activations: int
    hours: float

    def __add__(self, other: Watch) -> Watch:
        """Both times together."""
        return Watch(self.false_activations + other.false_activations, self.hours + other.hours)

    @property
    def per_hour(self) -> float | None:
        """None where nothing was watched."""
        return self.false_activations / self.hours if self.hours else None

    @property
    def upper_per_hour(self) -> float | None:
        """With 95 % confidence there are no more than this (Poisson; Garwood 1936)."""
        if not self.hours:
            return None
        return hours_to_show(1.0, self.false_activations) / self.hours


def hours_to_show(per_hour: float, false_activations: int = 0) -> float:
    """Hours with so many false activations that show, with 95 % confidence, no higher rate."""
    return float(stats.chi2.ppf(_CONFIDENCE, 2 * false_activations + 2) / 2 / per_hour)
