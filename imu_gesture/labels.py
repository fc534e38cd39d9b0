"""Labels of a recording: an Audacity label track, one `start<TAB>end<TAB>name` a line.

Times are seconds since the recording's first inertial sample. The file is made to be edited by
hand, or in Audacity, and is never merged into the recording.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from imu_gesture.errors import RecordingError

_BREAK = re.compile(r"\s")

BACKGROUND = "background"  # the label of motion that is no gesture
_ACTIVITY = f"{BACKGROUND}/"  # what stands before the name of what was done meanwhile


@dataclass(frozen=True)
class Label:
    """One named stretch of a recording: start_s <= time < end_s."""

    start_s: float
    end_s: float
    name: str

    @property
    def is_background(self) -> bool:
        """Whether this is motion that is no gesture: `background`, or `background/ACTIVITY`."""
        return is_background(self.name)

    @property
    def class_name(self) -> str:
        """The class that a model learns from this stretch."""
        return BACKGROUND if self.is_background else self.name

    @property
    def activity(self) -> str | None:
        """What was done meanwhile, where background says so."""
        return self.name.removeprefix(_ACTIVITY) if self.name.startswith(_ACTIVITY) else None


def is_background(name: str) -> bool:
    """Whether a label says that its motion is no gesture."""
    return name == BACKGROUND or name.startswith(_ACTIVITY)


def background_label(activity: str | None) -> str:
    """The name of a stretch of background in which somebody did `activity`."""
    return BACKGROUND if activity is None else _ACTIVITY + activity


def format_labels(labels: list[Label]) -> str:
    """The label track as text, microseconds kept; a tab or line break in a name becomes a blank."""
    return "".join(
        f"{label.start_s:.6f}\t{label.end_s:.6f}\t{_BREAK.sub(' ', label.name)}\n"
        for label in labels
    )


def read_labels(track: Path) -> list[Label]:
    """Read a label track from its file.

    Raises:
        RecordingError: the file cannot be read, or a line in it is no label.
    """
    try:
        return parse_labels(track.read_text(encoding="utf-8-sig"), str(track))
    except UnicodeDecodeError as error:
        raise RecordingError(
            f"{track}: byte {error.start} is not UTF-8; save the file as UTF-8 in your editor"
        ) from error
    except OSError as error:
        raise RecordingError(f"{track}: cannot be read ({error.strerror})") from error


def parse_labels(text: str, where: str) -> list[Label]:
    """Read a label track; `where` names the file in errors."""
    labels = []
    for number, line in enumerate(text.splitlines(), start=1):
        # Audacity writes a second line, starting with a backslash, for spectral selections.
        if line.strip() and not line.startswith("\\"):
            labels.append(_parse_line(line, f"{where}:{number}"))
    return labels


def _parse_line(line: str, where: str) -> Label:
    fields = line.split("\t")
    try:
        start_s, end_s = float(fields[0]), float(fields[1])
        name = fields[2].strip()
    except (IndexError, ValueError) as error:
        raise RecordingError(
            f"{where}: expected start, end and name with a tab between them, found {line!r}"
        ) from error
    if not (0 <= start_s <= end_s) or not name:
        raise RecordingError(f"{where}: a label needs a name and 0 <= start <= end, found {line!r}")
    return Label(start_s, end_s, name)
