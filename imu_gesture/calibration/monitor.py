"""Does a board's profile still hold? What a recording shows, against what the profile knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from imu_gesture.calibration.profile import Profile, apply
from imu_gesture.link.link import TemperatureMeasured
from imu_gesture.recording.mcap_file import Recording
from imu_gesture.recording.quality import quality


@dataclass(frozen=True)
class MonitorParams:
    """From where on a profile is no longer trusted.

    Attributes:
        age_days: since it was made; consumer sensors drift with mounting and years.
        temperature_k: from the temperature it was made at.
        gyr_dps: left of the offset at rest, on any axis; the core tracks it, at rest.
        acc_g: of the size of gravity at rest; 0.02 g are 1.1 degrees of inclination.
        field_share: of the field's size.
    """

    age_days: int = 180
    temperature_k: float = 15.0
    gyr_dps: float = 2.0
    acc_g: float = 0.02
    field_share: float = 0.15


def drift(
    recording: Recording, profile: Profile, today: date, params: MonitorParams | None = None
) -> tuple[str, ...]:
    """Reasons to calibrate again, one sentence each; none where the profile holds."""
    limits = params or MonitorParams()
    return (
        *_age(profile, today, limits),
        *_temperature(recording, profile, limits),
        *_readings(recording, profile, limits),
    )


def _age(profile: Profile, today: date, limits: MonitorParams) -> Iterator[str]:
    days = (today - date.fromisoformat(profile.date)).days
    if days > limits.age_days:
        yield f"the profile is {days} days old; calibrate after {limits.age_days}"


def _temperature(recording: Recording, profile: Profile, limits: MonitorParams) -> Iterator[str]:
    found = [e.celsius for e in recording.events if isinstance(e, TemperatureMeasured)]
    if not found or profile.temperature_c is None:
        return
    now_c = float(np.median(found))
    if abs(now_c - profile.temperature_c) > limits.temperature_k:
        yield (
            f"the sensor is at {now_c:.0f} °C and was calibrated at "
            f"{profile.temperature_c:.0f} °C: offsets differ; calibrate at the temperature of use"
        )


def _readings(recording: Recording, profile: Profile, limits: MonitorParams) -> Iterator[str]:
    """What is left of errors once the profile is applied, where the board rests or the field is."""
    corrected = apply(profile, recording.samples)
    info = recording.info.model_copy(  # corrected values are no whole counts
        update={"acc_g_per_lsb": None, "gyr_dps_per_lsb": None, "mag_ut_per_lsb": None}
    )
    found = quality(replace(recording, samples=corrected, info=info))
    if found.gyr_rest_dps is not None:
        worst_dps = max(map(abs, found.gyr_rest_dps))
        if worst_dps > limits.gyr_dps:
            yield (
                f"the gyroscope's offset has moved by {worst_dps:.1f} deg/s since; the board finds "
                "it again whenever it lies still for a second"
            )
    if found.acc_rest_g is not None and recording.info.gravity == "included":
        off_g = abs(found.acc_rest_g - 1)
        if off_g > limits.acc_g:
            yield f"gravity reads {found.acc_rest_g:.3f} g at rest; calibrate again"
    known_ut = profile.mag.quality.get("field_ut") if profile.mag else None
    if known_ut and found.field_ut is not None:
        share = abs(found.field_ut / known_ut - 1)
        if share > limits.field_share:
            yield (
                f"the field reads {found.field_ut:.0f} µT and was {known_ut:.0f} µT: iron is near, "
                "or the board's own has changed; move away from metal, or calibrate again"
            )
