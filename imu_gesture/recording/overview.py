"""What is in a recording, and what it is worth."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from imu_gesture.labels import read_labels
from imu_gesture.recording.mcap_file import labels_path, read_recording
from imu_gesture.recording.quality import Quality, quality


@dataclass(frozen=True)
class Overview:
    """One recording, its labels and its quality: by the rules of now, and as it was stored."""

    path: str
    source: str
    participant: str
    session: str
    samples: int
    duration_s: float
    labels: dict[str, int]
    quality: Quality
    stored_quality: dict[str, Any] | None

    def as_json(self) -> dict[str, Any]:
        """Everything, the figures of the quality beside the rest, ready for JSON."""
        own = asdict(self)
        del own["quality"]
        return own | self.quality.as_json()


def overview(path: Path) -> Overview:
    """Read a recording and the labels beside it."""
    recording = read_recording(path)
    samples, info = recording.samples, recording.info
    track = labels_path(path)
    labels = read_labels(track) if track.exists() else []
    return Overview(
        path=str(path),
        source=info.source,
        participant=info.participant,
        session=info.session,
        samples=len(samples),
        duration_s=samples.duration_s,
        labels=dict(Counter(label.name for label in labels)),
        quality=quality(recording),
        stored_quality=recording.stored_quality,
    )
