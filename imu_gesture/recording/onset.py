"""Repeats of a gesture in a stream of samples: where motion begins and ends.

Motion is how much the readings vary within a fraction of a second, so a gyroscope's offset and
gravity do not count, however the board is held.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from imu_gesture.samples import Samples

DPS_PER_G = 200.0  # a turn of so many deg/s counts as much as 1 g of acceleration


@dataclass(frozen=True)
class OnsetParams:
    """What counts as a motion; variation is in g, see `DPS_PER_G`.

    Attributes:
        window_s: variation is the standard deviation over this time.
        on_ratio, off_ratio: of the noise floor, where a motion begins and ends.
        least_on, least_off: the same at no noise at all.
        peak_share: of the motion's greatest variation, below which it has ended in any case.
        settle_s: the first time, which is taken for rest.
        rise_s, fall_s: how fast the floor follows what it sees outside of motions.
        least_length_s: what is shorter is a knock.
        longest_s: what is longer is no gesture, but the new floor.
        pause_s: a pause within a motion is shorter than this.
        lead_s: added on either side.
    """

    window_s: float = 0.2
    on_ratio: float = 2.4
    off_ratio: float = 1.7
    least_on: float = 0.12
    least_off: float = 0.07
    peak_share: float = 0.08
    settle_s: float = 0.5
    rise_s: float = 1.0
    fall_s: float = 0.4
    least_length_s: float = 0.3
    longest_s: float = 5.0
    pause_s: float = 0.35
    lead_s: float = 0.05


@dataclass(frozen=True)
class Stretch:
    """A motion, in device time."""

    start_us: int
    end_us: int


@dataclass
class OnsetState:
    """What is remembered from one sample to the next."""

    window: deque[tuple[int, NDArray[np.float64]]] = field(default_factory=deque)
    settling_us: int = 0
    floor: float = 0.0
    newest_us: int | None = None
    start_us: int | None = None  # of the present motion
    peak: float = 0.0
    moved_us: int = 0  # when it was last above the lower threshold


class OnsetDetector:
    """Finds motions in samples as they come; the same whatever chunks they come in."""

    def __init__(self, params: OnsetParams | None = None, state: OnsetState | None = None) -> None:
        self._params = params or OnsetParams()
        self.state = state or OnsetState()

    def update(self, samples: Samples) -> list[Stretch]:
        """The motions that are over with these samples."""
        values = np.hstack([samples.acc_g, samples.gyr_or_zero_dps / DPS_PER_G]).astype(np.float64)
        times_us = samples.device_time_us.tolist()
        found = map(self._step, times_us, values)
        return [stretch for stretch in found if stretch is not None]

    def _step(self, time_us: int, value: NDArray[np.float64]) -> Stretch | None:
        params, state = self._params, self.state
        state.window.append((time_us, value))
        while time_us - state.window[0][0] > params.window_s * 1e6:
            state.window.popleft()
        passed_us = 0 if state.newest_us is None else time_us - state.newest_us
        state.newest_us = time_us
        if state.window[0][0] == time_us:  # the first, or the first after a silence
            return self._end()
        middle_us = (state.window[0][0] + time_us) // 2
        variation = _variation(state.window)
        if state.start_us is not None:
            return self._move(variation, middle_us, state.start_us)
        self._rest(variation, passed_us, middle_us)
        return None

    def _rest(self, variation: float, passed_us: int, middle_us: int) -> None:
        """Follow the floor, unless a motion begins."""
        params, state = self._params, self.state
        if state.settling_us < params.settle_s * 1e6:
            state.settling_us += passed_us
            share = passed_us / state.settling_us
        elif variation > max(params.least_on, params.on_ratio * state.floor):
            state.start_us = state.moved_us = middle_us
            state.peak = variation
            return
        else:
            pace_s = params.rise_s if variation > state.floor else params.fall_s
            share = min(1.0, passed_us * 1e-6 / pace_s)
        state.floor += (variation - state.floor) * share

    def _move(self, variation: float, middle_us: int, start_us: int) -> Stretch | None:
        """Follow a motion; returns it when it is over."""
        params, state = self._params, self.state
        state.peak = max(state.peak, variation)
        ended_below = max(
            params.least_off, params.off_ratio * state.floor, params.peak_share * state.peak
        )
        if variation > ended_below:
            state.moved_us = middle_us
        if state.moved_us - start_us > params.longest_s * 1e6:
            state.start_us, state.floor = None, variation
            return None
        return self._end() if middle_us - state.moved_us > params.pause_s * 1e6 else None

    def _end(self) -> Stretch | None:
        """The present motion is over; None if it was only a knock."""
        params, state = self._params, self.state
        start_us, state.start_us = state.start_us, None
        if start_us is None or state.moved_us - start_us < params.least_length_s * 1e6:
            return None
        lead_us = round(params.lead_s * 1e6)
        return Stretch(start_us - lead_us, state.moved_us + lead_us)


def _variation(window: deque[tuple[int, NDArray[np.float64]]]) -> float:
    """Standard deviation of acceleration, plus that of the rate of turning."""
    variance = np.var([value for _, value in window], axis=0)
    return float(np.sqrt(variance[:3].sum()) + np.sqrt(variance[3:].sum()))
