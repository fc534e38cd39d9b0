"""A board's clock against the computer's."""

from __future__ import annotations

from collections.abc import Callable

from imu_gesture.link.clock_fit import ClockEstimator
from imu_gesture.link.link import ClockProbed, LinkEvent, SamplesReceived

_ENOUGH_PROBES = 5  # so many are made when a board starts to send


class BoardClock:
    """Maps a board's time to Unix time and back, by the probes of its clock so far.

    For boards that cannot be probed, by when their first samples arrived.

    Args:
        now_s: Unix time, asked for when the first samples arrive.
    """

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._estimator = ClockEstimator()
        self._probes = 0
        self._arrival: tuple[int, float] | None = None

    @property
    def known(self) -> bool:
        """Whether the board was probed often enough for a quick probe to be among them."""
        return self._probes >= _ENOUGH_PROBES

    def update(self, event: LinkEvent) -> None:
        """Learn from an event that has just arrived."""
        if isinstance(event, ClockProbed):
            self._probes += 1
            self._estimator.add(event)
        elif self._arrival is None and isinstance(event, SamplesReceived) and len(event.samples):
            self._arrival = int(event.samples.device_time_us[-1]), self._now_s()

    def host_s(self, device_time_us: int) -> float:
        """Unix seconds at a time of the board's; counted from zero before anything is known."""
        known_us, known_s, rate = self._line
        return known_s + (device_time_us - known_us) * 1e-6 * rate

    def device_time_us(self, host_s: float) -> int:
        """The board's time at Unix seconds: `host_s` the other way round."""
        known_us, known_s, rate = self._line
        return round(known_us + (host_s - known_s) / rate * 1e6)

    @property
    def _line(self) -> tuple[float, float, float]:
        """One moment by both clocks, and host seconds for each of the board's."""
        fit = self._estimator.fit()
        if fit is not None:
            return fit.device_us, fit.host_s, fit.rate
        return (*(self._arrival or (0, 0.0)), 1.0)
