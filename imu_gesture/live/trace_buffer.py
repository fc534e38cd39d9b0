"""The newest seconds of readings, without copying them around for every sample."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imu_gesture.samples import Float32Array, Int64Array


class TraceBuffer:
    """Readings (n, 3) with their device times, of the last `seconds`.

    Args:
        seconds: how far back they reach.
        capacity: how many readings are kept at most.
    """

    def __init__(self, seconds: float, capacity: int = 2048) -> None:
        self._span_us = round(seconds * 1e6)
        self._capacity = capacity
        self._times_us = np.zeros(2 * capacity, np.int64)
        self._values = np.zeros((2 * capacity, 3), np.float32)
        self._end = 0

    def append(self, times_us: Int64Array, values: Float32Array) -> None:
        """Take readings; a clock that began anew empties the buffer."""
        times_us, values = times_us[-self._capacity :], values[-self._capacity :]
        count = len(times_us)
        if count == 0:
            return
        if self._end and times_us[0] < self._times_us[self._end - 1]:
            self._end = 0
        if self._end + count > len(self._times_us):
            kept = slice(self._end - self._capacity, self._end)
            self._times_us[: self._capacity] = self._times_us[kept]
            self._values[: self._capacity] = self._values[kept]
            self._end = self._capacity
        new = slice(self._end, self._end + count)
        self._times_us[new], self._values[new] = times_us, values
        self._end += count

    def read(self) -> tuple[NDArray[np.float64], Float32Array]:
        """Seconds before the newest reading, 0 or less (n,), and readings (n, 3); copies."""
        if not self._end:
            return np.zeros(0), np.zeros((0, 3), np.float32)
        newest_us = self._times_us[self._end - 1]
        first = int(np.searchsorted(self._times_us[: self._end], newest_us - self._span_us))
        part = slice(max(first, self._end - self._capacity), self._end)
        return (self._times_us[part] - newest_us) * 1e-6, self._values[part].copy()
