"""Labelled recordings, and the labelled stretches in them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from imu_gesture import _core
from imu_gesture.errors import DatasetError
from imu_gesture.labels import Label, read_labels
from imu_gesture.recording.mcap_file import Recording, labels_path, read_recording

_DIGEST_LETTERS = 16
_ROUNDING_S = 1e-6  # of times in a label track


@dataclass(frozen=True, eq=False)
class LabelledRecording:
    """A recording with its labels.

    Attributes:
        name: the file's stem.
        recording: raw, as recordings stay.
        calibration: of its board, to be applied when the samples are used.
    """

    name: str
    recording: Recording
    labels: tuple[Label, ...]
    calibration: _core.CalibrationParams = field(default_factory=_core.CalibrationParams)

    @property
    def start_us(self) -> int:
        """Device time that the labels count from."""
        return int(self.recording.samples.device_time_us[0])

    @property
    def gestures(self) -> tuple[Label, ...]:
        """The labels that are not background."""
        return tuple(label for label in self.labels if not label.is_background)

    def digest(self) -> str:
        """Start of the SHA-256 of the readings: by what they are known under any name."""
        samples = self.recording.samples
        digest = hashlib.sha256(np.ascontiguousarray(samples.acc_g).tobytes())
        digest.update(np.ascontiguousarray(samples.gyr_or_zero_dps).tobytes())
        return digest.hexdigest()[:_DIGEST_LETTERS]


def load_labelled(path: Path) -> LabelledRecording:
    """Read a recording and the labels beside it.

    Raises:
        DatasetError: it has no labels, or a label lies outside it.
    """
    recording = read_recording(path)
    track = labels_path(path)
    if not track.exists():
        raise DatasetError(f"{path}: no labels; expected them in {track.name} beside it")
    labels = read_labels(track)
    if len(recording.samples) < 2:
        raise DatasetError(f"{path}: fewer than two samples")
    for label in labels:
        if label.start_s > recording.samples.duration_s + _ROUNDING_S:
            raise DatasetError(
                f"{track}: label {label.name!r} starts at {label.start_s:.3f} s, the recording "
                f"ends at {recording.samples.duration_s:.3f} s"
            )
    return LabelledRecording(path.stem, recording, tuple(labels))
