"""Recordings that a crash cut off: a new end behind their last whole chunk."""

from __future__ import annotations

import io
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from imu_gesture.errors import RecordingError
from imu_gesture.recording.durable import lock, replace, sync
from imu_gesture.recording.mcap_end import add_epilogue, indexed_end
from imu_gesture.recording.mcap_file import (
    IMU_TOPIC,
    METADATA_NAME,
    read_recording,
    recording_of,
)
from imu_gesture.recording.mcap_scan import FOOTER, MAGIC, end_fault, scan
from imu_gesture.recording.quality import QUALITY_NAME, quality, to_metadata


@dataclass(frozen=True)
class Repair:
    """What was kept of a recording, and how much stood behind it."""

    path: str
    samples: int
    dropped_bytes: int

    def __str__(self) -> str:
        return (
            f"{self.path}: ended without a whole index, as after a crash; {self.samples} samples "
            f"kept, {self.dropped_bytes} bytes behind them dropped; the file is whole again"
        )


def repair_recording(path: Path) -> Repair | None:
    """Give a recording without a whole index a new one.

    All bytes up to the last whole chunk stay as they are, and there is no whole chunk behind it;
    so once the new file is on the disk and was read, no copy of the old one is kept.

    Returns: None where there is nothing to do, or where more than the end is damaged; reading
    the file then says what.

    Raises:
        RecordingError: it is being recorded, has nothing to save, or cannot be written.
    """
    try:
        with path.open("rb") as stream:
            if _has_index(stream):
                return None
            if not lock(stream):
                raise RecordingError(f"{path}: is being recorded right now; stop that first")
            content = stream.read()
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read ({error.strerror})") from error
    try:
        return _repair(path, content)
    except OSError as error:
        raise RecordingError(f"{path}: cannot be repaired ({error.strerror})") from error


def _has_index(stream: IO[bytes]) -> bool:
    """Look at the end only; the stream stands at its beginning afterwards."""
    footer_at = stream.seek(0, io.SEEK_END) - FOOTER.size - len(MAGIC)
    found = False
    if footer_at > 0:
        stream.seek(footer_at)
        summary_start = FOOTER.unpack(stream.read(FOOTER.size))[2]
        if 0 < summary_start < footer_at:
            stream.seek(summary_start)
            found = not end_fault(stream.read(), summary_start)
    stream.seek(0)
    return found


def _repair(path: Path, content: bytes) -> Repair | None:
    found = scan(content)
    if found.fault and not found.repairable:
        return None
    if METADATA_NAME not in found.metadata:
        raise RecordingError(
            f"{path}: ends before its first sample, so there is nothing to save; delete it"
        )
    if QUALITY_NAME not in found.metadata:
        judged = quality(recording_of(found, str(path)))
        add_epilogue(found, QUALITY_NAME, to_metadata(judged))
    try:
        _replace(path, content[: found.kept] + indexed_end(content, found))
    except OSError:
        if found.fault:
            raise
        return None  # whole, but without an index, and the disk is still full
    return Repair(str(path), found.count(IMU_TOPIC), found.unfinished)


def _replace(path: Path, content: bytes) -> None:
    """Put new content in the place of a file, once it is on the disk and can be read."""
    path = path.resolve()
    descriptor, name = tempfile.mkstemp(".repaired", f"{path.name}.", path.parent)
    new = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            sync(stream)
        read_recording(new)
        replace(new, path)
    except RecordingError as error:
        raise RecordingError(f"{path}: would not be readable with a new end ({error})") from error
    finally:
        new.unlink(missing_ok=True)
