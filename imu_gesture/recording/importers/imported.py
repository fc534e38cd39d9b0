"""What an importer hands over: samples, labels, and every oddity found on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from imu_gesture.labels import Label
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.samples import Samples


@dataclass(frozen=True)
class Source:
    """One file to import; `name` is its path below the folder that the user named."""

    path: Path
    name: str

    def at(self, line: int) -> str:
        """File and line, as error messages want it."""
        return f"{self.path}:{line}"


@dataclass(frozen=True)
class Finding:
    """Something in a source file that its user should know of."""

    kind: str
    where: str
    message: str


@dataclass(frozen=True)
class SourceSegment:
    """Rows [start, stop) of the imported samples that belong together."""

    start: int
    stop: int
    first_line: int
    label: str | None


@dataclass(frozen=True, eq=False)
class ImportedFile:
    """One source file, converted.

    `isolated` segments were cut out of something longer: nothing is known between them.
    `found_rate_hz` is None where the source has no times. `track` holds the labels of a source that
    states them in seconds; elsewhere they are the labelled segments.
    """

    source: Source
    samples: Samples
    info: RecordingInfo
    segments: tuple[SourceSegment, ...]
    isolated: bool
    found_rate_hz: float | None
    findings: tuple[Finding, ...] = field(default=())
    track: tuple[Label, ...] | None = None

    @property
    def sample_period_us(self) -> int:
        """Typical time between two samples."""
        rate_hz = self.found_rate_hz or self.info.stated_rate_hz or 1.0
        return round(1e6 / rate_hz)

    def labels(self) -> list[Label]:
        """In seconds since the first sample."""
        return list(self._labels() if self.track is None else self.track)

    def _labels(self) -> Iterator[Label]:
        times = self.samples.device_time_us
        for segment in self.segments:
            if segment.label is not None:
                start_us = times[segment.start] - times[0]
                end_us = times[segment.stop - 1] - times[0] + self.sample_period_us
                if segment.stop < len(times):  # the next may come sooner than usual
                    end_us = min(end_us, times[segment.stop] - times[0])
                yield Label(start_us * 1e-6, end_us * 1e-6, segment.label)
