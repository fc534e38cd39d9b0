"""Recordings as MCAP files with the ROS 2 profile.

`/imu` holds `sensor_msgs/msg/Imu`, `/mag` holds `sensor_msgs/msg/MagneticField`, in SI units and
uncalibrated; other channels hold what else was heard (`side_channels.py`). A message's `sequence`
is the board's sample number, its header stamp the board's clock, its log time that clock mapped to
Unix time by `started_unix_ns`. Messages stand in the order of their arrival.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imu_gesture.errors import RecordingError
from imu_gesture.recording import ros_messages as ros
from imu_gesture.recording.info import info_from_metadata
from imu_gesture.recording.mcap_scan import Contents, scan
from imu_gesture.recording.mcap_writer import (
    CHUNK_US,
    IMU_TOPIC,
    MAG_TOPIC,
    METADATA_NAME,
    RecordingWriter,
)
from imu_gesture.recording.quality import QUALITY_NAME, stored_quality
from imu_gesture.recording.recording import Recording
from imu_gesture.recording.side_channels import logged

__all__ = [
    "CHUNK_US",
    "IMU_TOPIC",
    "METADATA_NAME",
    "Recording",
    "RecordingWriter",
    "labels_path",
    "read_recording",
    "recording_of",
    "write_recording",
]

_MESSAGE_HEAD = [
    ("prefix", "S9"),
    ("channel", "<u2"),
    ("sequence", "<u4"),
    ("log_time", "<u8"),
    ("publish_time", "<u8"),
]


def labels_path(recording: Path) -> Path:
    """Where the labels of a recording live."""
    return recording.with_suffix(".txt")


def write_recording(path: Path, recording: Recording) -> None:
    """Write a whole recording to a new file."""
    with RecordingWriter(path, recording.info) as writer:
        for event in recording.in_order():
            writer.note(event)


def read_recording(path: Path) -> Recording:
    """Read a recording written by this package; every checksum in it is compared."""
    try:
        found = scan(path.read_bytes())
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read ({error.strerror})") from error
    if found.repairable:
        raise RecordingError(
            f"{path}: {found.fault}, as after a crash or while it is being recorded; "
            f"run `imu-gesture inspect {path}` to make it whole"
        )
    if METADATA_NAME not in found.metadata:
        raise RecordingError(
            f"{path}: no {METADATA_NAME!r} metadata, so not a recording of imu-gesture "
            f"{f'({found.fault})' * bool(found.fault)}; "
            "use `imu-gesture import` for files from elsewhere"
        )
    if found.fault:
        raise RecordingError(f"{path}: damaged, or not a whole MCAP file ({found.fault})")
    return recording_of(found, str(path))


def recording_of(found: Contents, where: str) -> Recording:
    """What was found in a file; `where` names it in errors."""
    info = info_from_metadata(found.metadata[METADATA_NAME], where)
    try:
        imu = _messages(found, IMU_TOPIC, ros.IMU_RECORD)
        mag = _messages(found, MAG_TOPIC, ros.MAGNETIC_FIELD_RECORD)
        sequence = imu["sequence"].astype(np.int64)
        samples = ros.samples_of(imu["message"], mag["message"], sequence, info)
        log = logged(found, IMU_TOPIC, MAG_TOPIC)
    except RecordingError as error:
        raise RecordingError(f"{where}: {error}") from error
    return Recording(samples, info, log, stored_quality(found.metadata.get(QUALITY_NAME)))


def _messages(found: Contents, topic: str, layout: np.dtype[np.void]) -> NDArray[np.void]:
    """The messages of a topic, with what the file says of each."""
    record = np.dtype([*_MESSAGE_HEAD, ("message", layout)])
    channels = [channel for channel, name in found.topics.items() if name == topic]
    if any(found.lengths[channel].keys() - {record.itemsize} for channel in channels):
        raise RecordingError("a message has another layout than imu-gesture writes")
    return np.frombuffer(b"".join(found.messages[channel] for channel in channels), record)
