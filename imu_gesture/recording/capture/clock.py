"""A board's clock against the computer's."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from imu_gesture.link.link import ClockProbed, LinkEvent, SamplesReceived

_KEPT_PROBES = 16
_ENOUGH_PROBES = 5  # so many are made when a board starts to send


def host_time(device_time_us: int, probe: ClockProbed) -> float:
    """Unix seconds at a moment of the board's clock, from one probe of it.

    Wrong by at most half of what the probe took, and by the clocks' drift since then.
    """
    middle_s = (probe.sent_s + probe.received_s) / 2
    return middle_s + (device_time_us - probe.device_time_us) * 1e-6


class BoardClock:
    """Maps a board's time to Unix time, by the quickest of the newest probes of its clock.

    For boards that cannot be probed, by when their first samples arrived.

    Args:
        now_s: Unix time, asked for when the first samples arrive.
    """

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._probes: deque[ClockProbed] = deque(maxlen=_KEPT_PROBES)
        self._best: ClockProbed | None = None

    @property
    def known(self) -> bool:
        """Whether the board was probed often enough for a quick probe to be among them."""
        return len(self._probes) >= _ENOUGH_PROBES

    def update(self, event: LinkEvent) -> None:
        """Learn from an event that has just arrived."""
        if isinstance(event, ClockProbed):
            self._probes.append(event)
            self._best = min(self._probes, key=lambda probe: probe.received_s - probe.sent_s)
        elif self._best is None and isinstance(event, SamplesReceived) and len(event.samples):
            now_s = self._now_s()  # as if it had been probed just then
            self._best = ClockProbed(int(event.samples.device_time_us[-1]), now_s, now_s)

    def host_s(self, device_time_us: int) -> float:
        """Unix seconds at a time of the board's; counted from zero before anything is known."""
        return host_time(device_time_us, self._reference)

    def device_time_us(self, host_s: float) -> int:
        """The board's time at Unix seconds: `host_s` the other way round."""
        known = self._reference
        ahead_s = host_s - host_time(known.device_time_us, known)
        return known.device_time_us + round(ahead_s * 1e6)

    @property
    def _reference(self) -> ClockProbed:
        return self._best or ClockProbed(0, 0.0, 0.0)
