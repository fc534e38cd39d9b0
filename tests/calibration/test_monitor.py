"""Whether a profile still holds, case by case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from imu_gesture.calibration.monitor import drift
from imu_gesture.calibration.profile import Profile, SensorEntry
from imu_gesture.link.link import TemperatureMeasured
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import Recording
from imu_gesture.recording.recording import Logged
from imu_gesture.samples import Samples
from tests import make

TODAY = date(2026, 11, 25)
OFFSET_DPS = (12.0, -7.0, 3.0)
FIELD_UT = 49.0
IRON_UT = np.array([30, 0, 0], np.float32)


def profile(**changes: object) -> Profile:
    entries: dict[str, object] = {
        "device_id": "board",
        "date": "2026-11-20",
        "method": "test",
        "temperature_c": 26.0,
        "gyr": SensorEntry(offset=OFFSET_DPS),
        "mag": SensorEntry(quality={"field_ut": FIELD_UT}),
    }
    return Profile.model_validate(entries | changes)


def at_rest(seconds: float = 20.0) -> Samples:
    rng = np.random.default_rng(0)
    n, m = round(seconds * 119), round(seconds * 20)
    return Samples(
        device_time_us=make.times(n),
        acc_g=rng.normal([0.6, 0, 0.8], 0.002, (n, 3)).astype(np.float32),
        gyr_dps=rng.normal(OFFSET_DPS, 0.1, (n, 3)).astype(np.float32),
        sequence=np.arange(n, dtype=np.int64),
        mag_time_us=make.times(m, 20.0),
        mag_ut=rng.normal([0, 20, -44.7], 0.3, (m, 3)).astype(np.float32),
    )


def recorded(samples: Samples, celsius: float = 27.0) -> Recording:
    log = tuple(Logged(TemperatureMeasured(second, celsius), 0, 0) for second in range(5))
    return Recording(samples, RecordingInfo(device_id="board"), log)


CASES: dict[str, tuple[Recording, Profile, str]] = {
    "nothing has changed": (recorded(at_rest()), profile(), ""),
    "old": (recorded(at_rest()), profile(date="2026-01-01"), "328 days old"),
    "cold": (recorded(at_rest(), 5.0), profile(), "at 5 °C and was calibrated at 26 °C"),
    "nobody knows the temperature": (recorded(at_rest(), 5.0), profile(temperature_c=None), ""),
    "gyroscope": (
        recorded(replace(at_rest(), gyr_dps=at_rest().gyr_or_zero_dps + np.float32(4))),
        profile(),
        "offset has moved by 4.0 deg/s",
    ),
    "accelerometer": (
        recorded(replace(at_rest(), acc_g=at_rest().acc_g * np.float32(1.05))),
        profile(),
        "gravity reads 1.050 g",
    ),
    "iron": (
        recorded(replace(at_rest(), mag_ut=at_rest().mag_ut + IRON_UT)),
        profile(),
        "and was 49 µT: iron is near",
    ),
    "no magnetometer in the profile": (
        recorded(replace(at_rest(), mag_ut=at_rest().mag_ut + IRON_UT)),
        profile(mag=None),
        "",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_has_drifted_is_named_and_nothing_else(case: str) -> None:
    recording, known, words = CASES[case]
    found = drift(recording, known, TODAY)
    assert len(found) == bool(words)
    assert all(words in reason.text for reason in found)


def test_a_moving_hand_says_nothing_about_offsets() -> None:
    moving = recorded(make.noise(119 * 10))
    assert drift(moving, profile(), TODAY) == ()
