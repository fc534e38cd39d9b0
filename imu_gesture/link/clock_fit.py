"""From a board's clock to the host's: offset and skew out of probes whose delays are unknown.

A probe's answer was made after the question was sent and before the answer was received, however
long either took. So the line that maps one clock to the other runs above all (device, sent) and
below all (device, received). Delays are never negative, and the shortest of many are close to the
least possible; therefore the line in the middle of the widest corridor between the two sets is
taken (Moon, Skelly, Towsley, "Estimation and removal of clock skew from network delay
measurements", INFOCOM 1999; here with both directions). Long delays, however many, do not pull at
it. Half the corridor's width bounds the error, whatever the two directions' delays have in common
with each other: a constant difference between them cannot be known from probes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu_gesture.link.corridor import Corridor, Point, corridor_between, hull, thinned
from imu_gesture.link.link import ClockProbed


@dataclass(frozen=True)
class ClockFitParams:
    """How probes are judged.

    Attributes:
        least_step_s: probes beyond all possible lines by more than this contradict them.
        contradictions: so many in a row, and the board's clock has jumped: it was reset.
        most_probes: kept before those are dropped that bound nothing.
        known_within_ppm: from such a bound on, the probes' own skew is taken.
        most_skew: beyond that of any clock.
    """

    least_step_s: float = 0.5e-3
    contradictions: int = 3
    most_probes: int = 256
    known_within_ppm: float = 1000.0
    most_skew: float = 0.1


@dataclass(frozen=True)
class ClockFit:
    """The line from the device's clock to the host's.

    Bounds hold for a steady clock, whatever the delays were.

    Attributes:
        device_us, host_s: the point of the line in the middle of the probes.
        rate: host seconds for each device second.
        skew_ppm: by how much the board's clock is fast; None where that is not known yet.
        skew_bound_ppm: the true skew is within so much of it.
        offset_bound_s: so is the host's time at `device_us`.
        probes: how many there were.
        used: how many of them agree with this line.
        jumps: how often the clock was seen to jump; the line is that since the last time.
    """

    device_us: float
    host_s: float
    rate: float
    skew_ppm: float | None
    skew_bound_ppm: float
    offset_bound_s: float
    probes: int
    used: int
    jumps: int

    def host_time_s(self, device_time_us: float) -> float:
        """When it was that, by the host's clock."""
        return self.host_s + (device_time_us - self.device_us) * 1e-6 * self.rate


class ClockEstimator:
    """Takes probes one by one, and knows the line at any time; its memory does not grow."""

    def __init__(self, params: ClockFitParams | None = None) -> None:
        self._params = params or ClockFitParams()
        self._first: ClockProbed | None = None
        self._sent: list[Point] = []
        self._received: list[Point] = []
        self._doubtful: list[tuple[float, float, float]] = []
        self._corridor: Corridor | None = None
        self._corridor_of = 0  # probes it was made of
        self._known = (0.0, np.inf)  # slope and its bound before the last jump
        self._probes = self._used = self._jumps = 0

    def add(self, probe: ClockProbed) -> None:
        """One more probe."""
        self._first = self._first or probe
        self._probes += 1
        point = (
            (probe.device_time_us - self._first.device_time_us) * 1e-6,
            probe.sent_s - self._first.sent_s,
            probe.received_s - self._first.sent_s,
        )
        if self._corridor and self._corridor.excess_s(*point) > self._params.least_step_s:
            self._doubtful.append(point)
            if len(self._doubtful) == self._params.contradictions:
                self._begin_anew(self._corridor)
            return
        self._doubtful.clear()
        self._take(point)
        if self._used >= 1.1 * self._corridor_of:  # not each time: old bounds hold, if less tight
            self._update()

    def fit(self) -> ClockFit | None:
        """The line as of the newest probe; None without any."""
        if self._first is None:
            return None
        corridor = self._update()
        slope, bound, is_known = self._slope(corridor)
        offset_s, offset_bound_s = corridor.offset_s, corridor.offset_bound_s
        if not is_known and slope == 0:
            offset_s, offset_bound_s = self._level() or (offset_s, offset_bound_s)
        return ClockFit(
            device_us=self._first.device_time_us + corridor.middle_s * 1e6,
            host_s=float(self._first.sent_s + corridor.middle_s + offset_s),
            rate=1 + slope,
            skew_ppm=(1 / (1 + slope) - 1) * 1e6 if is_known else None,
            skew_bound_ppm=bound * 1e6,
            offset_bound_s=offset_bound_s,
            probes=self._probes,
            used=self._used,
            jumps=self._jumps,
        )

    def _level(self) -> tuple[float, float] | None:
        """Offset and its bound for clocks of one pace; None where the probes contradict that."""
        low_s = max(at for _, at in self._sent)
        high_s = min(at for _, at in self._received)
        return ((low_s + high_s) / 2, (high_s - low_s) / 2) if low_s <= high_s else None

    def _slope(self, corridor: Corridor) -> tuple[float, float, bool]:
        """The slope to use, its bound, and whether the probes tell it."""
        here = corridor.slope, corridor.slope_bound
        slope, bound = self._known if self._known[1] < here[1] else here
        if abs(slope - here[0]) > here[1]:
            slope, bound = here  # it is not what it was before the jump
        if bound * 1e6 > self._params.known_within_ppm and abs(here[0]) <= here[1]:
            return 0.0, bound, False  # too few to say that the clock is not as good as the host's
        return slope, bound, True

    def _take(self, point: tuple[float, float, float]) -> None:
        device_s, sent_s, received_s = point
        self._used += 1
        self._sent.append((device_s, sent_s - device_s))
        self._received.append((device_s, received_s - device_s))
        if max(len(self._sent), len(self._received)) > self._params.most_probes:
            self._sent = thinned(hull(self._sent, 1.0), self._params.most_probes // 2)
            self._received = thinned(hull(self._received, -1.0), self._params.most_probes // 2)

    def _begin_anew(self, before: Corridor) -> None:
        if before.slope_bound < self._known[1]:
            self._known = before.slope, before.slope_bound
        self._jumps += 1
        self._used = 0
        self._sent, self._received = [], []
        for point in self._doubtful:
            self._take(point)
        self._doubtful = []
        self._corridor_of = 0
        self._update()

    def _update(self) -> Corridor:
        if self._corridor is None or self._corridor_of != self._used:
            self._corridor = corridor_between(
                np.array(self._sent), np.array(self._received), self._params.most_skew
            )
            self._corridor_of = self._used
        return self._corridor
