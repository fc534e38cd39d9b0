"""Thresholds, smoothing and refractory time for a budget of false activations per hour.

Chosen on streams that the models have not learned from, with the core's own decision stage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from imu_gesture import _core
from imu_gesture.labels import BACKGROUND
from imu_gesture.learning.continuous import decide_on
from imu_gesture.learning.events import Watch, class_scores, hours_to_show, together
from imu_gesture.learning.streams import ScoredStream

DEFAULT_BUDGET_PER_HOUR = 0.5
DEFAULT_THRESHOLD = round(0.7 * _core.SCORE_LEVELS)
_LEVELS = range(131, 252, 8)  # from where a gesture is likelier than all else together
_SMOOTHINGS = (1, 2, 3, 4, 6, 8, 10, 12)
_REFRACTORIES_US = (500_000, 800_000, 1_200_000)
_CURVE = range(-96, 73, 12)  # added to all thresholds
# How far all logits but the highest may be from their mean together: with less, people whom nobody
# has recorded lose more than those who were held out.
LEAST_DISTANCE = 2.53
_MOST_SPREAD, _SPREADS = 32.0, 96  # where the search begins, and how many it knows
_SAME = 1e-9
_MARGIN = 24  # levels by which other people's days may come nearer than these


@dataclass(frozen=True)
class Setting:
    """What the decision stage is told; thresholds are levels, `_core.NEVER` for background.

    `spread`: how uneven the logits of a known gesture are at most (`decision.h`); None: nothing is
    rejected.
    """

    thresholds: tuple[int, ...]
    smoothing: int = 3
    refractory_us: int = 500_000
    spread: float | None = None

    def params(self, logit_step: float | None) -> _core.DecisionParams:
        """The core's parameters, for a model whose logits have this step, or that gives none."""
        most_spread = 0
        if self.spread is not None and logit_step is not None:
            levels = round(self.spread / logit_step * _core.SPREAD_STEPS)
            most_spread = min(max(levels, 1), _core.MOST_SPREAD)
        return _core.DecisionParams(
            list(self.thresholds), self.smoothing, self.refractory_us, most_spread
        )

    def shifted(self, levels: int) -> Setting:
        """All thresholds but background's, moved by so many levels."""
        moved = (
            level if level == _core.NEVER else int(np.clip(level + levels, 1, _core.NEVER - 1))
            for level in self.thresholds
        )
        return replace(self, thresholds=tuple(moved))


@dataclass(frozen=True)
class CurvePoint:
    """One setting's recall and precision of gestures, and false activations on background."""

    shift: int
    recall: float
    precision: float
    f1: float
    background: Watch


@dataclass(frozen=True)
class Tuned:
    """A setting, and what others would have done on the same streams.

    `enough`: there is half of the background that could show the budget kept, so that thresholds
    may be lower than by default. `most_lost`: share of these gestures that rejecting others may
    cost.
    """

    setting: Setting
    budget_per_hour: float
    curve: tuple[CurvePoint, ...]
    enough: bool
    most_lost: float = 0.0

    @property
    def hours_missing(self) -> float:
        """Hours of background with no more false activations that would show the budget kept."""
        seen = next(point.background for point in self.curve if point.shift == 0)
        wanted = hours_to_show(self.budget_per_hour, seen.false_activations)
        return max(0.0, wanted - seen.hours)

    def as_json(self) -> dict[str, object]:
        """The setting and the curve, in plain values."""
        return {
            "budget_per_hour": self.budget_per_hour,
            "enough_background": self.enough,
            "hours_missing_to_show_budget": self.hours_missing,
            "thresholds": list(self.setting.thresholds),
            "smoothing": self.setting.smoothing,
            "refractory_us": self.setting.refractory_us,
            "most_spread_of_logits": self.setting.spread,
            "curve": [
                {
                    "threshold_shift": point.shift,
                    "recall": point.recall,
                    "precision": point.precision,
                    "f1": point.f1,
                    "false_per_hour": point.background.per_hour,
                }
                for point in self.curve
            ],
        }


def default_setting(names: Sequence[str], separate: bool = False) -> Setting:
    """What is right while nothing is known: every gesture at 0.7.

    `separate`: each window is decided by itself.
    """
    setting = _common(names, DEFAULT_THRESHOLD)
    return replace(setting, smoothing=1) if separate else setting


def _common(names: Sequence[str], level: int) -> Setting:
    return Setting(tuple(_core.NEVER if name == BACKGROUND else level for name in names))


def tune(
    streams: Sequence[ScoredStream],
    names: Sequence[str],
    hop_s: float,
    budget_per_hour: float = DEFAULT_BUDGET_PER_HOUR,
    separate: bool = False,
    most_lost: float = 0.0,
) -> Tuned:
    """The setting with the best event F1 among those that keep the budget on this background.

    They have to keep it with thresholds a little lower too: one that just keeps it here does not
    elsewhere.

    Where there is too little background to say, no threshold is lower than the default, and no
    fewer classifications are averaged.

    `separate`: each window is decided by itself, so nothing is averaged. `most_lost`: share of
    known gestures that may be lost for rejecting others, by the spread of their logits.
    """
    trial = _Trial(streams, names, hop_s)
    start = default_setting(names, separate)
    hours = trial(start).background.hours
    enough = hours >= hours_to_show(budget_per_hour) / 2
    setting = start
    if trial.gestures:
        smoothings = (1,) if separate else _SMOOTHINGS
        least = None if enough else start
        search = _Search(trial, int(hours * budget_per_hour), least, smoothings)
        setting = search.each_class(search.refractory(search.common()))
        if most_lost > 0 and any(scored.logit_step is not None for scored in streams):
            setting = search.rejection(setting, most_lost)
    points = (replace(trial(setting.shifted(shift)), shift=shift) for shift in _CURVE)
    return Tuned(setting, budget_per_hour, tuple(points), enough, most_lost)


class _Trial:
    """Tries settings on streams."""

    def __init__(self, streams: Sequence[ScoredStream], names: Sequence[str], hop_s: float) -> None:
        self._streams, self._hop_s = streams, hop_s
        self.names = names
        self.gestures = sum(
            not label.is_background for scored in streams for label in scored.stream.labels
        )

    def __call__(self, setting: Setting) -> CurvePoint:
        decided = decide_on(self._streams, self.names, setting.params, self._hop_s)
        gestures = [name for name in self.names if name != BACKGROUND]
        scores = together(class_scores(decided.matches, gestures).values())
        background = sum(decided.watched.values(), Watch(0, 0.0))
        return CurvePoint(0, scores.recall, scores.precision, scores.f1, background)


class _Search:
    """From one threshold for all to one for each gesture."""

    def __init__(
        self, trial: _Trial, allowed: int, least: Setting | None, smoothings: Sequence[int]
    ) -> None:
        self._trial, self._allowed = trial, allowed
        lowest = min(least.thresholds) if least else 0
        self._levels = [level for level in _LEVELS if level >= lowest]
        self._smoothings = [n for n in smoothings if least is None or n >= least.smoothing]

    def common(self) -> Setting:
        """The middle of the best stretch of common thresholds, with the smoothing that suits."""
        tried = [self._best_of(smoothing) for smoothing in self._smoothings]
        return max(tried, key=lambda found: found[0])[1]

    def _best_of(self, smoothing: int) -> tuple[float, Setting]:
        """The best common threshold with this smoothing, and its worth beside its neighbours."""
        settings = [
            replace(_common(self._trial.names, level), smoothing=smoothing)
            for level in self._levels
        ]
        worth = np.array([self._worth(setting) for setting in settings])
        calm = np.convolve(np.pad(worth, 1, "edge"), np.ones(3) / 3, "valid")
        calm = np.where(worth < 0, worth, calm)
        best = np.flatnonzero(calm > calm.max() - _SAME)
        return float(calm.max()), settings[best[len(best) // 2]]

    def refractory(self, setting: Setting) -> Setting:
        """The same with the refractory time that suits; the first, unless another is better."""
        tried = [replace(setting, refractory_us=time_us) for time_us in _REFRACTORIES_US]
        return max(tried, key=self._worth)

    def each_class(self, setting: Setting) -> Setting:
        """Move single thresholds where that gains at least one gesture."""
        gain = 0.5 / self._trial.gestures
        worth = self._worth(setting)
        for place, level in product(range(len(setting.thresholds)), self._levels):
            if setting.thresholds[place] == _core.NEVER:
                continue
            levels = (*setting.thresholds[:place], level, *setting.thresholds[place + 1 :])
            other = replace(setting, thresholds=levels)
            other_worth = self._worth(other)
            if other_worth > worth + gain:
                setting, worth = other, other_worth
        return setting

    def rejection(self, setting: Setting, most_lost: float) -> Setting:
        """The same, rejecting as much as it can without losing more gestures than it may."""
        least = self._trial(setting).recall - most_lost
        others = len(setting.thresholds) - 1
        tightest = LEAST_DISTANCE / max(1, others) ** 0.5
        fits = [None, *np.geomspace(_MOST_SPREAD, tightest, _SPREADS).tolist()]
        low, high = 0, len(fits)
        while high - low > 1:
            middle = (low + high) // 2
            tried = self._trial(replace(setting, spread=fits[middle]))
            low, high = (middle, high) if tried.recall > least - _SAME else (low, middle)
        return replace(setting, spread=fits[low])

    def _worth(self, setting: Setting) -> float:
        """Event F1 where the budget is kept with some margin; else how far from it, below zero."""
        excess = self._trial(setting.shifted(-_MARGIN)).background.false_activations - self._allowed
        return self._trial(setting).f1 if excess <= 0 else -float(excess)
