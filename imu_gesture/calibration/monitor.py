"""Does a board's profile still hold? What its samples show, against what the profile knows."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from imu_gesture import _core
from imu_gesture.calibration.profile import Profile
from imu_gesture.link.link import LinkEvent, SamplesReceived, TemperatureMeasured
from imu_gesture.recording.mcap_file import Recording
from imu_gesture.samples import Samples

_REST_READINGS = 600  # of gravity's size at rest that are kept: five seconds
_FIELD_READINGS = 200


@dataclass(frozen=True)
class MonitorParams:
    """From where on a profile is no longer trusted.

    Attributes:
        age_days: since it was made; consumer sensors drift with mounting and years.
        temperature_k: from the temperature it was made at.
        gyr_dps: left of the offset at rest, on any axis; the core tracks it, at rest.
        acc_g: of the size of gravity at rest; 0.02 g are 1.1 degrees of inclination.
        field_share: of the field's size.
        fewest: readings that a mean needs.
    """

    age_days: int = 180
    temperature_k: float = 15.0
    gyr_dps: float = 2.0
    acc_g: float = 0.02
    field_share: float = 0.15
    fewest: int = 50


@dataclass(frozen=True)
class Reason:
    """Why to calibrate again; `text` is one sentence."""

    kind: Literal["age", "temperature", "gyroscope", "accelerometer", "magnetometer"]
    text: str


class DriftMonitor:
    """Follows a board as its samples come, under its profile; without one there is no reason."""

    def __init__(
        self,
        profile: Profile | None,
        today: date,
        gravity: bool = True,
        params: MonitorParams | None = None,
    ) -> None:
        self._profile, self._today, self._gravity = profile, today, gravity
        self._limits = params or MonitorParams()
        self._calibration = profile.core_params() if profile else _core.CalibrationParams()
        self._correction = _core.InertialCorrection(self._calibration)
        self._gravity_g: deque[float] = deque(maxlen=_REST_READINGS)
        self._field_ut: deque[float] = deque(maxlen=_FIELD_READINGS)
        self._bias_dps = np.zeros(3)
        self._newest_us = self._rested_us = 0
        self._temperature_c: float | None = None

    @property
    def rest_seen(self) -> bool:
        """Whether the board has lain still, so that the gyroscope's offset is known."""
        return bool(self._correction.rest_seen)

    @property
    def bias_dps(self) -> tuple[float, ...]:
        """The gyroscope's offset that the profile leaves, as it is known now: (3,)."""
        return tuple(self._bias_dps.tolist())

    @property
    def rest_age_s(self) -> float | None:
        """Since the board last lay still, by its clock; None where it never has."""
        return (self._newest_us - self._rested_us) * 1e-6 if self.rest_seen else None

    def hear(self, event: LinkEvent) -> None:
        """Take what a link tells."""
        if isinstance(event, TemperatureMeasured):
            self._temperature_c = event.celsius
        elif isinstance(event, SamplesReceived):
            self._take(event.samples)

    def _take(self, samples: Samples) -> None:
        acc_g = _core.apply_affine(self._calibration.acc, samples.acc_g)
        if len(samples) and samples.gyr_dps is not None:
            _, _, bias_dps, at_rest = self._correction.run(
                samples.device_time_us, samples.acc_g, samples.gyr_dps
            )
            self._bias_dps = bias_dps[-1].astype(float)
            self._newest_us = int(samples.device_time_us[-1])
            if at_rest.any():
                self._rested_us = int(samples.device_time_us[at_rest > 0][-1])
            self._gravity_g.extend(np.linalg.norm(acc_g[at_rest > 0], axis=1).tolist())
        if self._profile and self._profile.mag and len(samples.mag_ut):
            params = self._profile.mag.affine.core_params()
            mag_ut = _core.apply_affine(params, samples.mag_ut)
            self._field_ut.extend(np.linalg.norm(mag_ut, axis=1).tolist())

    def reasons(self) -> tuple[Reason, ...]:
        """To calibrate again, as of now; none where the profile holds."""
        if self._profile is None:
            return ()
        return (
            *self._age(self._profile),
            *self._temperature(self._profile),
            *self._gyroscope(),
            *self._accelerometer(),
            *self._magnetometer(self._profile),
        )

    def _age(self, profile: Profile) -> Iterator[Reason]:
        days = (self._today - date.fromisoformat(profile.date)).days
        limit = self._limits.age_days
        if days > limit:
            yield Reason("age", f"the profile is {days} days old; calibrate after {limit}")

    def _temperature(self, profile: Profile) -> Iterator[Reason]:
        now_c, then_c = self._temperature_c, profile.temperature_c
        if now_c is None or then_c is None or abs(now_c - then_c) <= self._limits.temperature_k:
            return
        yield Reason(
            "temperature",
            f"the sensor is at {now_c:.0f} °C and was calibrated at {then_c:.0f} °C: offsets "
            "differ; calibrate at the temperature of use",
        )

    def _gyroscope(self) -> Iterator[Reason]:
        worst_dps = float(np.abs(self._bias_dps).max())
        if self.rest_seen and worst_dps > self._limits.gyr_dps:
            yield Reason(
                "gyroscope",
                f"the gyroscope's offset has moved by {worst_dps:.1f} deg/s since; the board finds "
                "it again whenever it lies still for a second",
            )

    def _accelerometer(self) -> Iterator[Reason]:
        if not self._gravity or len(self._gravity_g) < self._limits.fewest:
            return
        size_g = float(np.mean(self._gravity_g))
        if abs(size_g - 1) > self._limits.acc_g:
            text = f"gravity reads {size_g:.3f} g at rest; calibrate again"
            yield Reason("accelerometer", text)

    def _magnetometer(self, profile: Profile) -> Iterator[Reason]:
        known_ut = profile.mag.quality.get("field_ut") if profile.mag else None
        if not known_ut or len(self._field_ut) < self._limits.fewest:
            return
        now_ut = float(np.median(self._field_ut))
        if abs(now_ut / known_ut - 1) > self._limits.field_share:
            yield Reason(
                "magnetometer",
                f"the field reads {now_ut:.0f} µT and was {known_ut:.0f} µT: iron is near, or the "
                "board's own has changed; move away from metal, or calibrate again",
            )


def drift(
    recording: Recording, profile: Profile, today: date, params: MonitorParams | None = None
) -> tuple[Reason, ...]:
    """Reasons to calibrate again that a recording shows at its end."""
    has_gravity = recording.info.gravity == "included"
    monitor = DriftMonitor(profile, today, has_gravity, params)
    for event in recording.events:
        monitor.hear(event)
    monitor.hear(SamplesReceived(recording.samples))
    return monitor.reasons()
