"""Recordings as MCAP files with the ROS 2 profile.

`/imu` holds `sensor_msgs/msg/Imu`, `/mag` holds `sensor_msgs/msg/MagneticField`, in SI units and
uncalibrated. A message's `sequence` is the board's sample number, its header stamp the board's
clock, its log time that clock mapped to Unix time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedWriter
from pathlib import Path
from typing import Self

import numpy as np
from mcap.writer import CompressionType, Writer
from numpy.typing import NDArray

from imu_gesture.errors import RecordingError
from imu_gesture.recording import ros_messages as ros
from imu_gesture.recording.durable import lock, sync, sync_folder
from imu_gesture.recording.info import RecordingInfo, info_from_metadata
from imu_gesture.recording.mcap_end import end_in_place
from imu_gesture.recording.mcap_scan import Contents, scan
from imu_gesture.samples import Int64Array, Samples

IMU_TOPIC = "/imu"
MAG_TOPIC = "/mag"
METADATA_NAME = "imu_gesture"
LIBRARY = "imu-gesture"
CHUNK_US = 500_000  # device time after which samples are put on the disk
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


@dataclass(frozen=True, eq=False)
class Recording:
    """Samples and what is known about them."""

    samples: Samples
    info: RecordingInfo


class RecordingWriter:
    """Appends samples to a new MCAP file.

    As soon as the newest sample is `CHUNK_US` of device time from the oldest that is not on the
    disk, all of them are put there as one whole chunk; so a crash costs less than that and what
    is being appended. On a full disk, the file is ended behind its last whole chunk.
    """

    def __init__(self, path: Path, info: RecordingInfo) -> None:
        self._path = path
        self._info = info
        self._waiting_since_us: int | None = None  # device time of the oldest not on the disk
        try:
            self._stream: BufferedWriter = path.open("xb")
        except FileExistsError as error:
            raise RecordingError(f"{path}: exists already; choose another name") from error
        except OSError as error:
            raise RecordingError(f"{path}: cannot be written ({error.strerror})") from error
        lock(self._stream)
        self._writer = Writer(self._stream, compression=CompressionType.ZSTD, enable_data_crcs=True)
        try:
            self._writer.start(profile="ros2", library=LIBRARY)
            self._writer.add_metadata(METADATA_NAME, info.to_metadata())
            sync(self._stream)
            sync_folder(path.parent)
        except OSError as error:
            self._stream.raw.close()
            path.unlink(missing_ok=True)
            raise RecordingError(f"{path}: cannot be written ({error.strerror})") from error
        self._imu = self._channel(IMU_TOPIC, "sensor_msgs/msg/Imu", ros.IMU_DEFINITION)
        self._mag = self._channel(
            MAG_TOPIC, "sensor_msgs/msg/MagneticField", ros.MAGNETIC_FIELD_DEFINITION
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def append(self, samples: Samples) -> None:
        """Write samples behind those already written.

        Raises:
            RecordingError: values do not fit the stated scales, or the disk is full or failing.
        """
        imu, mag = ros.imu_messages(samples, self._info), ros.mag_messages(samples, self._info)
        with self._complete_or_ended():
            self._write(self._imu, imu, samples.sequence)
            self._write(self._mag, mag, np.zeros(len(mag), np.int64))
        times_us = np.concatenate([samples.device_time_us, samples.mag_time_us])
        if len(times_us):
            if self._waiting_since_us is None:
                self._waiting_since_us = int(times_us.min())
            if abs(int(times_us.max()) - self._waiting_since_us) >= CHUNK_US:
                self.flush()

    def flush(self) -> None:
        """Put everything appended so far on the disk, as a whole chunk."""
        with self._complete_or_ended():
            self._writer.flush()  # type: ignore[no-untyped-call]
            sync(self._stream)
        self._waiting_since_us = None

    def close(self) -> None:
        """Write the index and close the file; does nothing after an error while writing."""
        if self._stream.closed:
            return
        with self._complete_or_ended():
            self._writer.finish()  # type: ignore[no-untyped-call]
            sync(self._stream)
        self._stream.close()

    def _channel(self, topic: str, schema: str, definition: str) -> int:
        schema_id = self._writer.register_schema(schema, "ros2msg", definition.encode())
        return self._writer.register_channel(topic, "cdr", schema_id)

    def _write(self, channel: int, messages: NDArray[np.void], sequence: Int64Array) -> None:
        unix_ns = self._info.started_unix_ns + ros.device_times(messages) * 1000
        size = messages.dtype.itemsize
        data = messages.tobytes()
        for i, (log_time, number) in enumerate(
            zip(unix_ns.tolist(), sequence.tolist(), strict=True)
        ):
            payload = data[i * size : (i + 1) * size]
            self._writer.add_message(channel, log_time, payload, log_time, number % 2**32)

    @contextmanager
    def _complete_or_ended(self) -> Iterator[None]:
        """On an error of the disk: end the file behind its last whole chunk, and say so."""
        if self._stream.closed:
            raise RecordingError(f"{self._path}: is closed; nothing more can be recorded in it")
        try:
            yield
        except OSError as error:
            self._stream.raw.close()  # without what is still buffered: it fits nowhere
            ended = end_in_place(self._path)
            raise RecordingError(
                f"{self._path}: cannot be written any further ({error.strerror}); "
                + (
                    f"the first {ended.count(IMU_TOPIC)} samples are kept"
                    if ended
                    else f"`imu-gesture inspect {self._path}` saves what was written before"
                )
            ) from error


def write_recording(path: Path, recording: Recording) -> None:
    """Write a whole recording to a new file."""
    with RecordingWriter(path, recording.info) as writer:
        writer.append(recording.samples)


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
    info = info_from_metadata(found.metadata[METADATA_NAME], str(path))
    try:
        imu = _messages(found, IMU_TOPIC, ros.IMU_RECORD)
        mag = _messages(found, MAG_TOPIC, ros.MAGNETIC_FIELD_RECORD)
        sequence = imu["sequence"].astype(np.int64)
        return Recording(ros.samples_of(imu["message"], mag["message"], sequence, info), info)
    except RecordingError as error:
        raise RecordingError(f"{path}: {error}") from error


def _messages(found: Contents, topic: str, layout: np.dtype[np.void]) -> NDArray[np.void]:
    """The messages of a topic, with what the file says of each."""
    record = np.dtype([*_MESSAGE_HEAD, ("message", layout)])
    channels = [channel for channel, name in found.topics.items() if name == topic]
    if any(found.lengths[channel].keys() - {record.itemsize} for channel in channels):
        raise RecordingError("a message has another layout than imu-gesture writes")
    return np.frombuffer(b"".join(found.messages[channel] for channel in channels), record)
