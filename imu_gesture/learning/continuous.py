"""How a model does on whole streams: gestures found, delay, and reports out of nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imu_gesture import _core
from imu_gesture.labels import Label
from imu_gesture.learning.events import (
    TOLERANCE_S,
    ClassScores,
    EventMatch,
    TimedLabel,
    Watch,
    class_scores,
    match_events,
    together,
)
from imu_gesture.learning.streams import ScoredStream

Params = Callable[[float | None], _core.DecisionParams]  # for models with such a `logit_step`

_NOTHING = Watch(0, 0.0)


@dataclass(frozen=True, eq=False)
class ContinuousScores:
    """What was seen on streams.

    Attributes:
        gestures: scores of each gesture, over the streams that hold any.
        delays_s: (n,) from the end of each rightly recognised gesture to its report.
        watched: background by activity, or by recording where it names none.
        cut_off: gestures at an end of what was recorded, where its reading was held.
        inferences, hops: windows that were classified, and hops that there were.
    """

    gestures: dict[str, ClassScores]
    delays_s: NDArray[np.float64]
    watched: dict[str, Watch]
    cut_off: int
    inferences: int = 0
    hops: int = 0

    @property
    def inferences_share(self) -> float | None:
        """Of an inference at every hop; None where there was no hop."""
        return self.inferences / self.hops if self.hops else None

    @property
    def overall(self) -> ClassScores:
        """All gestures as one."""
        return together(self.gestures.values())

    @property
    def background(self) -> Watch:
        """All background together."""
        return sum(self.watched.values(), _NOTHING)

    def delay_s(self, share: float) -> float | None:
        """The delay that this share of gestures does not exceed; None where none was recognised."""
        return float(np.quantile(self.delays_s, share)) if len(self.delays_s) else None

    def as_json(self) -> dict[str, object]:
        """Everything measured, in plain values."""
        return {
            "tolerance_s": TOLERANCE_S,
            "overall": _class_json(self.overall),
            "gestures": {name: _class_json(one) for name, one in self.gestures.items()},
            "cut_off_gestures": self.cut_off,
            "inferences": self.inferences,
            "hops": self.hops,
            "delay_median_s": self.delay_s(0.5),
            "delay_p95_s": self.delay_s(0.95),
            "background": _watch_json(self.background),
            "background_by_activity": {
                name: _watch_json(watch) for name, watch in self.watched.items()
            },
        }


def _class_json(scores: ClassScores) -> dict[str, float]:
    return {
        "performed": scores.performed,
        "reported": scores.reported,
        "correct": scores.correct,
        "precision": scores.precision,
        "recall": scores.recall,
        "f1": scores.f1,
    }


def _watch_json(watch: Watch) -> dict[str, float | None]:
    return {
        "false_activations": watch.false_activations,
        "hours": watch.hours,
        "per_hour": watch.per_hour,
        "upper_95_per_hour": watch.upper_per_hour,
    }


@dataclass(frozen=True)
class Decided:
    """Streams under one setting of the decision stage; the names are those of all classes."""

    matches: tuple[EventMatch, ...]
    watched: dict[str, Watch]
    cut_off: int
    inferences: int = 0
    hops: int = 0

    def __add__(self, other: Decided) -> Decided:
        """Both sets of streams together."""
        watched = dict(self.watched)
        for name, watch in other.watched.items():
            watched[name] = watched.get(name, _NOTHING) + watch
        return Decided(
            self.matches + other.matches,
            watched,
            self.cut_off + other.cut_off,
            self.inferences + other.inferences,
            self.hops + other.hops,
        )

    def scores(self, gestures: Sequence[str]) -> ContinuousScores:
        """Counts become scores."""
        delays_s = [
            delay_s
            for match in self.matches
            for expected, found, delay_s in zip(
                match.expected, match.recognised, match.delays_s, strict=True
            )
            if expected == found and delay_s is not None
        ]
        return ContinuousScores(
            class_scores(self.matches, gestures),
            np.array(delays_s),
            self.watched,
            self.cut_off,
            self.inferences,
            self.hops,
        )


def decide_on(
    streams: Iterable[ScoredStream],
    names: Sequence[str],
    params: Params,
    hop_s: float,
) -> Decided:
    """Run the core's decision stage on streams; hops are `hop_s` apart."""
    matches, cut_off, inferences, hops = [], 0, 0, 0
    watched: dict[str, Watch] = defaultdict(lambda: _NOTHING)
    for scored in streams:
        labels = scored.stream.labels
        reports = scored.events(names, params(scored.logit_step))
        inferences += len(scored.stream)
        hops += len(scored.stream.hops_us)
        if any(not label.is_background for label in labels):
            matches.append(match_events(labels, reports))
            cut_off += len(scored.stream.cut_off)
        for label in labels:
            if label.is_background:
                watched[label.activity or scored.stream.name] += _watch(
                    label, scored.stream.hops_s, reports, hop_s
                )
    return Decided(tuple(matches), dict(watched), cut_off, inferences, hops)


def _watch(
    label: Label, hops_s: NDArray[np.float64], reports: Sequence[TimedLabel], hop_s: float
) -> Watch:
    first, last = np.searchsorted(hops_s, [label.start_s, label.end_s])
    false = sum(label.start_s <= report.time_s < label.end_s for report in reports)
    return Watch(false, float(last - first) * hop_s / 3600)
