"""Small trainings on three gestures."""

from __future__ import annotations

from dataclasses import replace

from imu_gesture.dataset.dataset import build_dataset
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.windows import choose_window
from imu_gesture.learning.config import Architecture, TrainingConfig
from imu_gesture.learning.fitting import FitJob
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import Recording
from tests import make

NAMES = ("circle", "push", "wave")
CONFIG = TrainingConfig(Architecture(filters=(8, 12, 16)), epochs=4)


def job(**changes: object) -> FitJob:
    """Judged by the windows that it learns from."""
    samples, labels = make.gestures([*NAMES] * 4)
    recording = LabelledRecording("a", Recording(samples, RecordingInfo()), tuple(labels))
    dataset = build_dataset([recording], choose_window([recording]))
    return FitJob(dataset, dataset.windows, replace(CONFIG, **changes))  # type: ignore[arg-type]
