"""How chips sample: clocks of their own, on signals that come in pieces of any length.

All is counted from power-on, so that neither the pieces nor the hours change a reading.
"""

from __future__ import annotations

import numpy as np

from imu_gesture.samples import Int64Array
from imu_gesture.simulation.motion import Float64Array


class Ticks:
    """Ticks at n / rate_hz, n = 0, 1, ..., of a clock beside a signal of equal steps.

    Attributes:
        pace: steps of the signal from one tick to the next.
    """

    def __init__(self, rate_hz: float) -> None:
        self._rate_hz = rate_hz
        self.pace = 0.0
        self._ticks = self._steps = 0

    def within(self, steps: int, step_rate_hz: float) -> tuple[Int64Array, Float64Array]:
        """Numbers of the ticks within the signal's next steps, and their places there, in steps.

        Raises:
            ValueError: the steps have become longer or shorter.
        """
        pace = step_rate_hz / self._rate_hz
        if self._steps and pace != self.pace:
            raise ValueError(f"a signal goes on at {step_rate_hz:g} Hz, and began otherwise")
        self.pace = pace
        end = int((self._steps + steps) / pace) + 2
        numbers = np.arange(self._ticks, end, dtype=np.int64)
        places: Float64Array = np.multiply(numbers, pace) - self._steps
        count = int(np.searchsorted(places, steps))
        self._ticks += count
        self._steps += steps
        return numbers[:count], places[:count]


class Means:
    """The mean of a signal over the period before each tick.

    So do chips decimate: what is faster than their rate does not fold into what they read. Before
    power-on the signal was what it is in its first step.
    """

    def __init__(self, rate_hz: float) -> None:
        self._ticks = Ticks(rate_hz)
        self._integral: Float64Array | None = None  # up to the newest step
        self._at_tick: Float64Array  # the same, up to the newest tick

    def take(self, values: Float64Array, step_rate_hz: float) -> tuple[Int64Array, Float64Array]:
        """Ticks during the next steps, numbered, and the means (ticks, c) of `values` (n, c)."""
        numbers, places = self._ticks.within(len(values), step_rate_hz)
        if self._integral is None:
            self._integral = np.zeros(values.shape[1])
            self._at_tick = -self._ticks.pace * values[0]
        integral = np.cumsum(np.vstack([self._integral, values]), axis=0)
        at_ticks = np.vstack([self._at_tick, _between(integral, places)])
        self._integral, self._at_tick = integral[-1], at_ticks[-1]
        return numbers, np.diff(at_ticks, axis=0) / self._ticks.pace


class Moments:
    """A signal at each tick."""

    def __init__(self, rate_hz: float) -> None:
        self._ticks = Ticks(rate_hz)
        self._newest: Float64Array | None = None

    def take(self, values: Float64Array, step_rate_hz: float) -> tuple[Int64Array, Float64Array]:
        """Ticks during the next steps, numbered; (ticks, c) of `values` (n, c) at ends of steps."""
        numbers, places = self._ticks.within(len(values), step_rate_hz)
        before = values[0] if self._newest is None else self._newest
        self._newest = values[-1]
        return numbers, _between(np.vstack([before, values]), places)


def _between(edges: Float64Array, places: Float64Array) -> Float64Array:
    """(k, c) values at `places` (k,) in steps, from those (n + 1, c) at the steps' edges."""
    step = places.astype(np.int64)
    share = (places - step)[:, None]
    between: Float64Array = edges[step] + share * (edges[step + 1] - edges[step])
    return between
