"""Book-keeping of samples: what arrived, what is missing, and one line of time over all of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu_gesture import _core
from imu_gesture.samples import Int64Array

_WRAP = 2**32


@dataclass(frozen=True, eq=False)
class Entry:
    """Columns that were taken into the book.

    Attributes:
        keep: indices of the samples that are new.
        sequence, device_time_us: (n,) int64 of those.
        lost: samples missing before and between them.
    """

    keep: slice
    sequence: Int64Array
    device_time_us: Int64Array
    lost: int


class Ledger:
    """Samples of one sensor over wraps of the clock, lost packets, reconnections and resets.

    `received + lost` is, at every moment, how many samples the board had numbered up to the newest
    one known of, since the first `open_at`.
    """

    def __init__(self) -> None:
        self.received = 0
        self.lost = 0
        self._next: int | None = None  # sequence of the next sample, in one line over resets
        self._base = 0  # sequence of the board's number zero
        self._newest_us = 0
        self._newest_raw_us = 0  # the same by the board's own clock
        self._newest_s = 0.0  # when it came, by the host's clock
        self._restarted = False

    def open_at(self, number: int) -> None:
        """The board will send what comes from this number on."""
        if self._next is None:
            self._next = self._base = 0
            self._base = -number

    def close_at(self, number: int) -> int:
        """The board has numbered so many in all; returns those missing at the end."""
        return self._miss(self._base + number)

    def restart(self, previous: int) -> int | None:
        """The board was reset, after `previous` numbers; returns how many of them are missing.

        None where the board does not know: then that is unknown for good.
        """
        missing = None
        if self._next is not None:
            known = previous != _core.UNKNOWN_COUNT
            missing = self._miss(self._base + previous) if known else None
            self._base = self._next
        self._restarted = True
        return missing

    def take(self, columns: _core.SampleColumns, now_s: float) -> Entry:
        """Take samples in; those known already are left out."""
        expected = self._next or 0
        ahead = (columns.number.astype(np.int64) + self._base - expected) % _WRAP
        first = int(np.argmax(ahead < _WRAP // 2)) if len(ahead) else 0
        if len(ahead) and ahead[first] >= _WRAP // 2:
            first = len(ahead)
        keep = slice(first, None)
        sequence = expected + ahead[keep]
        times_us = self._unwrapped(columns.device_time_us[keep].astype(np.int64), now_s)
        lost = 0
        if len(sequence):
            lost = int(sequence[-1]) + 1 - expected - len(sequence)
            self.received += len(sequence)
            self.lost += lost
            self._next = int(sequence[-1]) + 1
        return Entry(keep, sequence, times_us, lost)

    def unwrapped(self, time_us: int) -> int:
        """A 32-bit time of the board in the one line of time, near the newest sample."""
        if self.received == 0:
            return time_us
        ahead = (time_us - self._newest_raw_us) % _WRAP
        return self._newest_us + (ahead if ahead < _WRAP // 2 else ahead - _WRAP)

    @property
    def times_known(self) -> bool:
        """False from a reset until the first sample after it."""
        return not self._restarted

    def _miss(self, sequence: int) -> int:
        missing = max(0, sequence - (self._next or 0))
        self.lost += missing
        self._next = max(self._next or 0, sequence)
        return missing

    def _unwrapped(self, times_us: Int64Array, now_s: float) -> Int64Array:
        if len(times_us) == 0:
            return times_us
        steps = np.diff(times_us) % _WRAP
        if self._restarted:  # the board's clock began anew; the host's tells how long it was away
            start = self._newest_us + max(1, round((now_s - self._newest_s) * 1e6))
            self._restarted = False
        elif self.received == 0:
            start = int(times_us[0])
        else:
            start = self._newest_us + int((times_us[0] - self._newest_raw_us) % _WRAP)
        unwrapped: Int64Array = start + np.concatenate([[0], np.cumsum(steps)]).astype(np.int64)
        self._newest_us, self._newest_raw_us = int(unwrapped[-1]), int(times_us[-1])
        self._newest_s = now_s
        return unwrapped
