"""What is known of a board's drift: by itself where it tells, else by its samples."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from imu_gesture import _core
from imu_gesture.calibration.monitor import DriftMonitor
from imu_gesture.calibration.profile import Profile
from imu_gesture.link.link import DriftReported, LinkEvent, SamplesReceived, TemperatureMeasured

_NEVER_S = 0xFFFF  # of a Drift packet
_RESTLESS_US = 15_000_000


@dataclass(frozen=True)
class DriftFacts:
    """As of now; None where it is not known.

    Attributes:
        bias_dps: the gyroscope's offset that the profile leaves.
        by_board: whether the board tells it; else the host finds it.
        rest_age_s: since it was last measured, at rest.
        recalled: whether it began as the one that the board remembered from before its start.
        profile_days: the profile's age; None without a profile.
        advice: why to do something about it, a sentence each.
    """

    bias_dps: tuple[float, ...] | None = None
    by_board: bool = False
    rest_age_s: float | None = None
    recalled: bool = False
    temperature_c: float | None = None
    profile_days: int | None = None
    advice: tuple[str, ...] = ()


class DriftWatch:
    """Follows the events of one board."""

    def __init__(self, profile: Profile | None, today: date) -> None:
        made = date.fromisoformat(profile.date) if profile else None
        self._profile_days = (today - made).days if made else None
        self._monitor = DriftMonitor(profile, today)
        self._reported: _core.Drift | None = None
        self._temperature_c: float | None = None
        self._first_us: int | None = None
        self._newest_us = 0

    def hear(self, event: LinkEvent) -> None:
        """Take what a link tells."""
        self._monitor.hear(event)
        if isinstance(event, DriftReported):
            self._reported = event.drift
        elif isinstance(event, TemperatureMeasured):
            self._temperature_c = event.celsius
        elif isinstance(event, SamplesReceived) and len(event.samples):
            self._newest_us = int(event.samples.device_time_us[-1])
            if self._first_us is None:
                self._first_us = self._newest_us

    @property
    def facts(self) -> DriftFacts:
        """As of now."""
        monitor, told = self._monitor, self._reported
        age_s, recalled, bias_dps = monitor.rest_age_s, False, monitor.bias_dps
        if told is not None:
            age_s = None if told.rest_age_s == _NEVER_S else float(told.rest_age_s)
            recalled = bool(told.flags & _core.DRIFT_RECALLED)
            bias_dps = tuple(told.bias_dps)
        return DriftFacts(
            bias_dps=None if age_s is None and not recalled else bias_dps,
            by_board=told is not None,
            rest_age_s=age_s,
            recalled=recalled,
            temperature_c=self._temperature_c,
            profile_days=self._profile_days,
            advice=self._advice(age_s),
        )

    def _advice(self, rest_age_s: float | None) -> tuple[str, ...]:
        reasons = tuple(reason.text for reason in self._monitor.reasons())
        restless = self._first_us is not None and self._newest_us - self._first_us > _RESTLESS_US
        if rest_age_s is None and not self._monitor.rest_seen and restless:
            return (*reasons, "put the board down for a second: it has not lain still yet")
        return reasons
