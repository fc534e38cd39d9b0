"""Times of samples without any: laid out by the rate at which lines come."""

from __future__ import annotations

import math

import numpy as np

from imu_gesture.link.text.clock import Missing, Placed, Step
from imu_gesture.samples import Int64Array

_SETTLE_S = 0.25  # at first, lines come in heaps
_MEASURE_S = 1.0
_FEWEST_POINTS = 5
_MEMORY_S = 60.0
_JITTER_S = 0.05  # an arrival that is off by more is counted as off by so much
_ASTRAY_S = 0.25  # off by so much, for so long, lines are missing or the rate has changed
_CONFIRM_S = 0.1
_CATCH_UP_S = 1.0
_STEEPEST = 0.01


class _Line:
    """Arrival time over number of the line: least squares that slowly forgets."""

    def __init__(self) -> None:
        self.points = 0
        self.newest_s = 0.0
        self._weight = self._slot = self._time_s = self._sxx = self._sxy = 0.0

    def add(self, slot: int, time_s: float) -> None:
        keep = math.exp(-max(0.0, time_s - self.newest_s) / _MEMORY_S) if self.points else 0.0
        self._weight = self._weight * keep + 1
        off = slot - self._slot
        self._slot += off / self._weight
        self._sxx = self._sxx * keep + (slot - self._slot) * off
        self._sxy = self._sxy * keep + (slot - self._slot) * (time_s - self._time_s)
        self._time_s += (time_s - self._time_s) / self._weight
        self.points += 1
        self.newest_s = time_s

    @property
    def period_s(self) -> float:
        return self._sxy / self._sxx if self._sxx > 0 else 0.0

    def at(self, slot: int) -> float:
        return self._time_s + (slot - self._slot) * self.period_s


class ArrivalClock:
    """Times laid out evenly by the rate at which lines come, measured over the stream.

    The first second is held back to measure; later times follow the host's clock, and no step
    differs from the measured period by more than a hundredth. Where lines stay away, or come at
    another rate, measuring begins anew behind a gap.
    """

    def __init__(self) -> None:
        self._line = _Line()
        self._measured = False
        self._began_s: float | None = None
        self._astray_s: float | None = None
        self._origin_s: float | None = None
        self._newest_slot = 0
        self._newest_s = 0.0

    @property
    def rate_hz(self) -> float | None:
        """Lines a second; None until it is measured."""
        return 1 / self._line.period_s if self._measured else None

    def place(self, slot: Int64Array, now_s: float) -> tuple[list[Step], int]:
        """Settle rows by (n,) numbers of their lines, damaged ones counted too."""
        if len(slot) == 0:
            return [], 0
        steps: list[Step] = []
        newest = int(slot[-1])
        if self._measured and self._strays(newest, now_s):
            if self._astray_s is None or now_s - self._astray_s < _CONFIRM_S:
                self._astray_s = now_s if self._astray_s is None else self._astray_s
                return [], 0
            self._begin_again()
            steps.append(Missing())
        self._astray_s = None
        if self._measured:
            steps.append(Placed(0, self._follow(slot, now_s)))
        elif self._measure(newest, now_s):
            steps.append(Placed(0, self._lay_out(slot)))
        return steps, len(slot) if self._measured else 0

    def _strays(self, newest: int, now_s: float) -> bool:
        return abs(now_s - self._line.at(newest)) > _ASTRAY_S

    def _begin_again(self) -> None:
        self._line, self._measured, self._began_s = _Line(), False, None

    def _measure(self, newest: int, now_s: float) -> bool:
        if self._began_s is None:
            self._began_s = now_s
        if now_s - self._began_s >= _SETTLE_S and newest != self._newest_slot:
            self._line.add(newest, now_s)
            self._newest_slot = newest
        enough = now_s - self._began_s >= _SETTLE_S + _MEASURE_S
        self._measured = enough and self._line.points >= _FEWEST_POINTS and self._line.period_s > 0
        return self._measured

    def _lay_out(self, slot: Int64Array) -> Int64Array:
        """The first times after measuring, behind those before."""
        period_s = self._line.period_s
        start_s = self._line.at(int(slot[0]))
        if self._origin_s is None:
            self._origin_s = start_s
        else:
            start_s = max(start_s, self._newest_s + period_s)
        return self._laid(slot, start_s, period_s)

    def _follow(self, slot: Int64Array, now_s: float) -> Int64Array:
        newest = int(slot[-1])
        if newest != self._newest_slot:
            expected_s = self._line.at(newest)
            off_s = min(max(now_s - expected_s, -_JITTER_S), _JITTER_S)
            self._line.add(newest, expected_s + off_s)
        period_s = self._line.period_s
        after = newest - self._newest_slot
        off_s = self._line.at(newest) - (self._newest_s + after * period_s)
        steepest = _STEEPEST * period_s
        step_s = period_s + min(max(off_s * period_s / _CATCH_UP_S, -steepest), steepest)
        return self._laid(slot, self._newest_s + int(slot[0] - self._newest_slot) * step_s, step_s)

    def _laid(self, slot: Int64Array, start_s: float, step_s: float) -> Int64Array:
        times_s = start_s + (slot - slot[0]) * step_s
        self._newest_slot, self._newest_s = int(slot[-1]), float(times_s[-1])
        time_us: Int64Array = np.rint((times_s - (self._origin_s or 0.0)) * 1e6).astype(np.int64)
        return time_us
