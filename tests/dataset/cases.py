"""Labelled recordings and datasets with known content."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from imu_gesture.dataset.dataset import Dataset
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.windows import WindowSpec
from imu_gesture.labels import Label
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import Recording
from imu_gesture.samples import Samples
from tests import make

SPEC = WindowSpec(period_us=20_000, samples=16, hop_samples=5, channels=6)
WINDOW_US = SPEC.samples * SPEC.period_us
CONTEXT_US = SPEC.margin * SPEC.period_us


def labelled(
    samples: Samples, labels: list[Label], name: str = "a", **info: object
) -> LabelledRecording:
    recording = Recording(samples, RecordingInfo.model_validate(info))
    return LabelledRecording(name, recording, tuple(labels))


def ramp(seconds: float, rate_hz: float = 119.0, start_us: int = 0) -> Samples:
    """Every accelerometer axis reads the device time in seconds, every gyroscope axis its half."""
    samples = make.noise(int(seconds * rate_hz) + 1, rate_hz=rate_hz)
    device_time_us = samples.device_time_us + start_us
    time_s = np.repeat((device_time_us * 1e-6).astype(np.float32)[:, None], 3, axis=1)
    return replace(
        samples, device_time_us=device_time_us, acc_g=time_s, gyr_dps=time_s * np.float32(0.5)
    )


def silent(samples: Samples, after_s: float, silence_s: float) -> Samples:
    """The samples with a silence put in."""
    times_us = samples.device_time_us.copy()
    times_us[times_us - times_us[0] > after_s * 1e6] += round(silence_s * 1e6)
    return replace(samples, device_time_us=times_us)


def windows(n: int, spacing_us: int = 2_000_000, **columns: Any) -> Dataset:
    """n different windows of two labels in turn, from one run of one recording unless told."""
    rng = np.random.default_rng(5)
    start_us = np.asarray(columns.get("start_us", np.arange(n) * spacing_us), np.int64)
    given: dict[str, Any] = {name: np.asarray(values) for name, values in columns.items()}
    base = Dataset(
        spec=SPEC,
        label_names=("down", "up"),
        context=rng.normal(size=(n, SPEC.samples + 2 * SPEC.margin, 6)).astype(np.float32),
        label=np.arange(n) % 2,
        participant=np.full(n, "zoe"),
        session=np.full(n, "1"),
        recording=np.full(n, "a"),
        segment=np.arange(n),
        near=np.zeros(n, np.bool_),
        run=np.zeros(n, np.int64),
        start_row=start_us // SPEC.period_us,
        start_us=start_us,
        end_us=start_us + WINDOW_US,
    )
    return replace(base, **given)
