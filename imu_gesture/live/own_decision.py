"""What would be reported with other thresholds, from the scores that the board tells."""

from __future__ import annotations

from collections import deque

import numpy as np

from imu_gesture import _core
from imu_gesture.link.link import ScoresReported
from imu_gesture.live.gesture_list import ShownGesture
from imu_gesture.live.thresholds import Thresholds

_WINDOWS = 128  # that are decided anew: more than ten seconds of them


class OwnDecision:
    """Decides as the board does, by the core's own code, as long as thresholds are moved.

    The board's scores are smoothed already, so they are not smoothed again.
    """

    def __init__(self, names: tuple[str, ...], thresholds: Thresholds, refractory_us: int) -> None:
        self._names, self._thresholds = names, thresholds
        self._refractory_us = refractory_us
        self._windows: deque[ScoresReported] = deque(maxlen=_WINDOWS)

    def hear(self, event: ScoresReported) -> ShownGesture | None:
        """The scores of one more window; a gesture where they complete one."""
        if len(event.scores) != len(self._names):
            return None
        self._windows.append(event)
        if not self._thresholds.moved:
            return None
        params = _core.DecisionParams(self._thresholds.levels, 1, self._refractory_us)
        ends_us = np.array([window.device_time_us for window in self._windows], np.int64)
        levels = np.rint([np.multiply(w.scores, _core.SCORE_LEVELS) for w in self._windows])
        scores = (levels + _core.SCORE_ZERO_POINT).astype(np.int8)
        found = _core.decide(params, ends_us, scores)
        if not found or found[-1].device_time_us != event.device_time_us % 2**32:
            return None
        newest = found[-1]
        score = newest.score / _core.SCORE_LEVELS
        return ShownGesture(event.device_time_us, self._names[newest.label], score, "window")
