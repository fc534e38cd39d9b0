"""What an exporter is given, and what it hands back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from imu_gesture.labels import Label
from imu_gesture.recording.importers.edge_impulse_format import LabelledFile
from imu_gesture.recording.importers.imported import Finding
from imu_gesture.recording.mcap_file import Recording
from imu_gesture.samples import Int64Array

GAP_STEPS = 1.5  # a longer silence than so many steps is a gap: a sample is missing
_LONGEST_NAME = 40


@dataclass(frozen=True, eq=False)
class Piece:
    """A whole recording, or one labelled stretch of it.

    Attributes:
        name: of the recording, and of the stretch; file names begin with it.
        labels: in seconds since the piece's first inertial sample.
        label: of the stretch; None for a whole recording.
        step_us: mean time between two samples of the whole recording, without its gaps; 0 where
            there are no two samples.
    """

    name: str
    recording: Recording
    labels: tuple[Label, ...]
    label: str | None
    step_us: float

    @property
    def start_us(self) -> int:
        """Device time that the labels count from."""
        times_us = self.recording.samples.device_time_us
        return int(times_us[0]) if len(times_us) else 0


@dataclass(frozen=True)
class ExportOptions:
    """What holds for every file of one export; a key signs Edge Impulse's files."""

    hmac_key: bytes | None = None


@dataclass(frozen=True)
class NewFile:
    """A file to write; `entry` is its line in Edge Impulse's `info.labels`."""

    name: str
    content: bytes
    entry: LabelledFile | None = None


@dataclass(frozen=True)
class Exported:
    """The files of one piece, and what they cannot hold."""

    files: tuple[NewFile, ...]
    findings: tuple[Finding, ...] = ()


def whole(name: str, recording: Recording, labels: list[Label]) -> Piece:
    """The recording as one piece."""
    step_us = mean_step_us(recording.samples.device_time_us)
    return Piece(name, recording, tuple(labels), None, step_us)


def stretches(name: str, recording: Recording, labels: list[Label]) -> Iterator[Piece]:
    """A piece for each label, perhaps without samples; `circle.anna.3` is the third of `anna`."""
    step_us = mean_step_us(recording.samples.device_time_us)
    for number, label in enumerate(labels, start=1):
        part, stretch = _cut(recording, label)
        yield Piece(f"{_safe(label.name)}.{name}.{number}", part, (stretch,), label.name, step_us)


def inside(time_us: Int64Array, start_us: int, label: Label) -> NDArray[np.bool_]:
    """(n,) True for the times in the label, which counts from `start_us`."""
    since_us = time_us - start_us
    in_label: NDArray[np.bool_] = (since_us >= round(label.start_s * 1e6)) & (
        since_us < round(label.end_s * 1e6)
    )
    return in_label


def mean_step_us(time_us: Int64Array) -> float:
    """Mean of the steps that are no gap; unlike their median, it is not rounded to whole µs."""
    steps = np.diff(time_us)
    if not len(steps):
        return 0.0
    return float(steps[steps <= GAP_STEPS * np.median(steps)].mean())


def _cut(recording: Recording, label: Label) -> tuple[Recording, Label]:
    samples = recording.samples
    time_us = samples.device_time_us
    start_us = int(time_us[0]) if len(time_us) else 0
    rows = inside(time_us, start_us, label)
    mag = inside(samples.mag_time_us, start_us, label)
    part = replace(
        samples.rows(rows), mag_time_us=samples.mag_time_us[mag], mag_ut=samples.mag_ut[mag]
    )
    first_s = float(time_us[rows][0] - start_us) * 1e-6 if rows.any() else label.start_s
    stretch = Label(0.0, round(label.end_s - first_s, 6), label.name)
    return Recording(part, recording.info), stretch


def _safe(label: str) -> str:
    """As the first part of a file name, which ends at the first dot."""
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in label)[:_LONGEST_NAME]
