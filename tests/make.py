"""Small recordings for tests: seeded, with known content."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imu_gesture import _core
from imu_gesture.labels import Label, format_labels, parse_labels
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import Recording, labels_path, write_recording
from imu_gesture.samples import Samples

ACC_G_PER_LSB = 0.000122
GYR_DPS_PER_LSB = 0.07


def times(n: int, rate_hz: float = 119.0, start_us: int = 0) -> NDArray[np.int64]:
    at: NDArray[np.int64] = np.rint(start_us + np.arange(n) * 1e6 / rate_hz).astype(np.int64)
    return at


def counts(n: int, seed: int = 0) -> NDArray[np.int16]:
    """(n, 6) over the whole range, extremes included."""
    values = np.random.default_rng(seed).integers(-32768, 32768, (n, 6)).astype(np.int16)
    values[:2] = [[-32768] * 6, [32767] * 6]
    return values


def samples_of_counts(values: NDArray[np.int16]) -> Samples:
    return Samples(
        device_time_us=times(len(values)),
        acc_g=_core.counts_to_units(np.ascontiguousarray(values[:, :3]), ACC_G_PER_LSB),
        gyr_dps=_core.counts_to_units(np.ascontiguousarray(values[:, 3:]), GYR_DPS_PER_LSB),
        sequence=np.arange(len(values), dtype=np.int64),
    )


def samples(acc_g: NDArray[np.float64], gyr_dps: NDArray[np.float64], start_us: int = 0) -> Samples:
    """(n, 3) readings at 119 Hz."""
    n = len(acc_g)
    return Samples(
        device_time_us=times(n, start_us=start_us),
        acc_g=acc_g.astype(np.float32),
        gyr_dps=gyr_dps.astype(np.float32),
        sequence=np.arange(n, dtype=np.int64),
    )


def noise(n: int, seed: int = 0, rate_hz: float = 119.0) -> Samples:
    """Samples of a restless hand, with gravity."""
    rng = np.random.default_rng(seed)
    return Samples(
        device_time_us=times(n, rate_hz),
        acc_g=(rng.normal(0, 0.3, (n, 3)) + np.array([0, 0, 1])).astype(np.float32),
        gyr_dps=rng.normal(0, 50, (n, 3)).astype(np.float32),
        sequence=np.arange(n, dtype=np.int64),
    )


def gestures(
    names: list[str], seed: int = 0, gesture_s: float = 1.0, pause_s: float = 1.0
) -> tuple[Samples, list[Label]]:
    """One recognisable gesture after the other: each name has its own axis and rhythm."""
    rng = np.random.default_rng(seed)
    kinds = sorted(set(names))
    period_s = gesture_s + pause_s
    n = int((len(names) * period_s + pause_s) * 119)
    base = noise(n, seed)
    acc_g, gyr_dps = base.acc_g * 0.1, np.zeros((n, 3), np.float32)
    acc_g[:, 2] += 0.9
    seconds = base.device_time_us * 1e-6
    labels = []
    for i, name in enumerate(names):
        start_s = pause_s + i * period_s
        inside = (seconds >= start_s) & (seconds < start_s + gesture_s)
        phase = (seconds[inside] - start_s) / gesture_s
        kind = kinds.index(name)
        size = rng.normal(1, 0.05)
        wave = np.sin(2 * np.pi * (kind + 1) * phase) * np.sin(np.pi * phase) * size
        acc_g[inside, kind % 3] += wave
        gyr_dps[inside, (kind + 1) % 3] += 200 * wave
        labels.append(Label(start_s, start_s + gesture_s, name))
    gyr_dps += rng.normal(0, 2, gyr_dps.shape)
    return Samples(base.device_time_us, acc_g, gyr_dps.astype(np.float32), base.sequence), labels


def write(folder: Path, name: str, samples: Samples, labels: list[Label], **info: object) -> Path:
    """Write a recording and its labels; returns the recording's path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.mcap"
    write_recording(path, Recording(samples, RecordingInfo.model_validate(info)))
    labels_path(path).write_text(format_labels(labels), encoding="utf-8")
    return path


def labels_of(recording: Path) -> list[Label]:
    """The labels beside a recording."""
    track = labels_path(recording)
    return parse_labels(track.read_text(encoding="utf-8"), str(track))
