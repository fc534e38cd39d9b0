"""Times that a board prints with its samples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imu_gesture.link.text.clock import Doubted, Missing, Placed, Step
from imu_gesture.samples import Int64Array

_WRAP_US = 2**32  # micros(); millis() wraps at a multiple of it
_LONGEST_STEP_US = 250_000
_CONFIRMED_BY = 5  # lines that follow each other behind a jump
_RESTART_US = 1_000_000  # a board's restart leaves a gap of at least so much
_COMPARE_S = 3.0
_LONGEST_AWAY_US = 10_000_000  # a jump ahead of up to so much is believed without a witness


class PrintedClock:
    """Times as printed: of 32 bits or more, in one line over wraps and restarts.

    A time that is not followed by others is damage; when others follow, the board was away.

    Attributes:
        pace: how fast the board's clock went beside the host's in the first seconds; None before.
    """

    def __init__(self) -> None:
        self._newest_raw_us: int | None = None
        self._newest_us = 0
        self._newest_s = 0.0
        self._first: tuple[int, float] | None = None  # time by the board and by the host
        self.pace: float | None = None

    def place(self, raw_us: Int64Array, now_s: float) -> tuple[list[Step], int]:
        """Settle rows by (n,) times as printed, in µs."""
        steps: list[Step] = []
        follows = np.diff(raw_us, prepend=raw_us[:1]) % _WRAP_US <= _LONGEST_STEP_US
        row = 0
        while row < len(raw_us):
            ahead_us = self._ahead_us(int(raw_us[row]))
            if ahead_us <= _LONGEST_STEP_US:
                row = self._run(raw_us, follows, row, ahead_us, steps)
            elif (
                _WRAP_US - ahead_us <= _LONGEST_STEP_US
                or not follows[row + 1 : row + _CONFIRMED_BY].all()
            ):
                steps.append(Doubted(row))
                row += 1
            elif len(raw_us) - row < _CONFIRMED_BY:
                break
            else:
                steps.append(Missing())
                row = self._run(raw_us, follows, row, self._away_us(ahead_us, now_s), steps)
        if steps:
            self._newest_s = now_s
            self._compare(now_s)
        return steps, row

    def _compare(self, now_s: float) -> None:
        if self._first is None:
            self._first = self._newest_us, now_s
        first_us, first_s = self._first
        if self.pace is None and now_s - first_s >= _COMPARE_S:
            self.pace = (self._newest_us - first_us) * 1e-6 / (now_s - first_s)

    def _ahead_us(self, raw_us: int) -> int:
        return 0 if self._newest_raw_us is None else (raw_us - self._newest_raw_us) % _WRAP_US

    def _away_us(self, ahead_us: int, now_s: float) -> int:
        """How long the board was away: by its clock, unless the host's shows that it restarted."""
        passed_us = round((now_s - self._newest_s) * 1e6)
        if ahead_us <= _LONGEST_AWAY_US or abs(ahead_us - passed_us) < _RESTART_US:
            return ahead_us
        return max(passed_us, _RESTART_US)

    def _run(
        self,
        raw_us: Int64Array,
        follows: NDArray[np.bool_],
        row: int,
        ahead_us: int,
        steps: list[Step],
    ) -> int:
        """Place rows up to the next that does not follow; returns where that is."""
        breaks = np.flatnonzero(~follows[row + 1 :])
        end = row + 1 + int(breaks[0]) if len(breaks) else len(raw_us)
        raw = raw_us[row:end]
        start_us = int(raw[0]) if self._newest_raw_us is None else self._newest_us + ahead_us
        time_us = start_us + np.concatenate([[0], np.cumsum(np.diff(raw) % _WRAP_US)])
        self._newest_raw_us, self._newest_us = int(raw[-1]), int(time_us[-1])
        steps.append(Placed(row, time_us.astype(np.int64)))
        return end
