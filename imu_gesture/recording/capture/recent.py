"""What came in the last seconds, for somebody who only then knows that it matters."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, replace

import numpy as np

from imu_gesture.link.link import LinkEvent, SamplesReceived
from imu_gesture.recording.recording import LinkState, Logged, device_times_of
from imu_gesture.samples import Samples, concatenate

_MOST_EVENTS = 4096


@dataclass(frozen=True, eq=False)
class Stretch:
    """A piece of what came: samples, and what else has a time in it."""

    samples: Samples
    log: tuple[Logged, ...]


class Recent:
    """The newest events with a device time; of `seconds`, and never more than a fixed number.

    Written by one thread and cut by another.
    """

    def __init__(self, seconds: float) -> None:
        self._span_us = round(seconds * 1e6)
        self._lock = threading.Lock()
        self._events: deque[tuple[int, LinkEvent]] = deque(maxlen=_MOST_EVENTS)

    def __len__(self) -> int:
        """Number of events."""
        return len(self._events)

    def hear(self, event: LinkEvent) -> None:
        """One more event; a clock that began anew forgets those before."""
        times_us = () if isinstance(event, LinkState) else device_times_of(event)
        if not times_us:
            return
        newest_us = max(times_us)
        with self._lock:
            if self._events and newest_us < self._events[-1][0] - self._span_us:
                self._events.clear()
            self._events.append((newest_us, event))
            while newest_us - self._events[0][0] > self._span_us:
                self._events.popleft()

    def cut(self, start_us: int, end_us: int) -> Stretch | None:
        """What came from one device time to another, both included; None without samples."""
        with self._lock:
            events = [event for _, event in self._events]
        parts = [event.samples for event in events if isinstance(event, SamplesReceived)]
        if not parts:
            return None
        whole = concatenate(parts)
        samples = _between(whole, start_us, end_us)
        if not len(samples):
            return None
        log = []
        for event in events:
            time_us = max(device_times_of(event))
            if not isinstance(event, SamplesReceived) and start_us <= time_us <= end_us:
                rows = np.searchsorted(samples.device_time_us, time_us, side="right")
                mag_rows = np.searchsorted(samples.mag_time_us, time_us, side="right")
                log.append(Logged(event, int(rows), int(mag_rows)))
        return Stretch(samples, tuple(sorted(log, key=lambda logged: logged.imu_rows)))


def _between(samples: Samples, start_us: int, end_us: int) -> Samples:
    times_us, mag_us = samples.device_time_us, samples.mag_time_us
    part = samples.rows((times_us >= start_us) & (times_us <= end_us))
    mag = (mag_us >= start_us) & (mag_us <= end_us)
    return replace(part, mag_time_us=mag_us[mag], mag_ut=samples.mag_ut[mag])
