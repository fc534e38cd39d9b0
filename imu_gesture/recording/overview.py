"""What is in a recording, in a few figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from imu_gesture import _core
from imu_gesture.labels import read_labels
from imu_gesture.recording.mcap_file import labels_path, read_recording


@dataclass(frozen=True)
class Overview:
    """One recording; `gaps` are silences that the core does not bridge."""

    path: str
    source: str
    participant: str
    session: str
    samples: int
    duration_s: float
    rate_hz: float
    gaps: int
    lost_samples: int
    labels: dict[str, int]


def overview(path: Path) -> Overview:
    """Read a recording and the labels beside it."""
    recording = read_recording(path)
    samples, info = recording.samples, recording.info
    steps_us = np.diff(samples.device_time_us)
    track = labels_path(path)
    labels = read_labels(track) if track.exists() else []
    return Overview(
        path=str(path),
        source=info.source,
        participant=info.participant,
        session=info.session,
        samples=len(samples),
        duration_s=samples.duration_s,
        rate_hz=float(1e6 / np.median(steps_us)) if len(steps_us) else 0.0,
        gaps=int(np.sum(steps_us > _core.DEFAULT_MAX_GAP_US)),
        lost_samples=int(np.sum(np.maximum(np.diff(samples.sequence) - 1, 0))),
        labels=dict(Counter(label.name for label in labels)),
    )
