"""The labels of a recording that is being made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from imu_gesture.errors import RecordingError
from imu_gesture.labels import Label, format_labels
from imu_gesture.recording.capture.interrupts import uninterrupted
from imu_gesture.recording.durable import write_whole


def save_labels(path: Path, labels: Sequence[Label]) -> None:
    """Put a whole label track in the place of the one before; a crash leaves one of the two."""
    try:
        with uninterrupted():
            write_whole(path, format_labels(list(labels)).encode())
    except OSError as error:
        raise RecordingError(f"{path}: cannot be written ({error.strerror})") from error


class Track:
    """The labels so far, on the disk after each change: a crash costs none of them.

    Args:
        save: writes all of them.
    """

    def __init__(self, save: Callable[[Sequence[Label]], None]) -> None:
        self._save = save
        self.labels: list[Label] = []
        self._save(self.labels)

    def add(self, label: Label) -> None:
        """One more."""
        self.labels.append(label)
        self._save(self.labels)

    def lengthen(self, label: Label) -> None:
        """The newest label, longer than before."""
        self.labels[-1:] = [label]
        self._save(self.labels)

    def remove_last(self) -> Label:
        """Take the newest label back."""
        label = self.labels.pop()
        self._save(self.labels)
        return label
