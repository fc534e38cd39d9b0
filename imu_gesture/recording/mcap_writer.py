"""Writing a recording while it happens: whole chunks on the disk, whatever comes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedWriter
from pathlib import Path
from typing import Self

import numpy as np
from mcap.writer import CompressionType, Writer
from numpy.typing import NDArray

from imu_gesture.errors import RecordingError
from imu_gesture.link.link import (
    ClockProbed,
    LinkEvent,
    LinkInterrupted,
    LinkResumed,
    SamplesLost,
    SamplesReceived,
)
from imu_gesture.recording import ros_messages as ros
from imu_gesture.recording.durable import lock, sync, sync_folder
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_end import end_in_place
from imu_gesture.recording.quality import QUALITY_NAME, quality, to_metadata
from imu_gesture.recording.recording import Logged, Recording, device_times_of
from imu_gesture.recording.side_channels import side_messages
from imu_gesture.samples import Int64Array, Samples, concatenate

IMU_TOPIC = "/imu"
MAG_TOPIC = "/mag"
METADATA_NAME = "imu_gesture"
LIBRARY = "imu-gesture"
CHUNK_US = 500_000  # device time after which samples are put on the disk
_LAST_FOR_LONG = LinkInterrupted | LinkResumed  # nothing may come behind it
_TOLD_BY_QUALITY = ClockProbed | SamplesLost
_MOST_WAITING = 1000  # of what has no time
_NO_SAMPLES = Samples(
    np.zeros(0, np.int64), np.zeros((0, 3), np.float32), None, np.zeros(0, np.int64)
)


class RecordingWriter:
    """Appends what a board says to a new MCAP file.

    As soon as the newest of it is `CHUNK_US` of device time from the oldest that is not on the
    disk, all of it is put there as one whole chunk; so a crash costs less than that and what is
    being appended. On a full disk, the file is ended behind its last whole chunk.

    The samples stay in memory for the verdict at the end: 20 MB for an hour of nine axes.
    """

    def __init__(self, path: Path, info: RecordingInfo) -> None:
        self._path = path
        self._info = info
        self._waiting: list[tuple[LinkEvent, int]] = []  # and the newest device time before each
        self._waiting_since_us: int | None = None  # device time of the oldest not on the disk
        self._newest_us = 0
        self._written: list[Samples] = []
        self._log: list[Logged] = []
        self._side: dict[str, int] = {}  # channels by topic, made when they are needed
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
            RecordingError: these or other values since the last chunk do not fit the stated
                scales, or the disk is full or failing, or the file is closed.
        """
        self.note(SamplesReceived(samples))

    def note(self, event: LinkEvent) -> None:
        """Write whatever comes from a link, behind what is already written.

        Raises:
            RecordingError: as in `append`.
        """
        self._require_open()
        self._waiting.append((event, self._newest_us))
        times_us = device_times_of(event)
        if times_us:
            self._newest_us = max(times_us)
            if self._waiting_since_us is None:
                self._waiting_since_us = min(times_us)
        since_us = self._waiting_since_us
        is_due = since_us is not None and abs(self._newest_us - since_us) >= CHUNK_US
        is_due |= len(self._waiting) >= _MOST_WAITING
        if is_due or isinstance(event, _LAST_FOR_LONG):
            self.flush()

    def flush(self) -> None:
        """Put everything appended so far on the disk, as a whole chunk."""
        with self._complete_or_ended():
            self._write_waiting()
            sync(self._stream)

    def close(self) -> None:
        """Write the verdict and the index, and close the file; nothing after an error of the disk.

        The verdict on an hour of nine axes takes about a second.
        """
        if self._stream.closed:
            return
        try:
            with self._complete_or_ended():
                self._write_waiting()
                self._writer.add_metadata(QUALITY_NAME, to_metadata(quality(self._recording())))
        finally:
            if not self._stream.closed:
                with self._complete_or_ended():
                    self._writer.finish()  # type: ignore[no-untyped-call]
                    sync(self._stream)
                self._stream.close()

    def _recording(self) -> Recording:
        samples = concatenate(self._written) if self._written else _NO_SAMPLES
        return Recording(samples, self._info, tuple(self._log))

    def _write_waiting(self) -> None:
        """Write what waits, samples in a row at once, as a whole chunk."""
        waiting, self._waiting, self._waiting_since_us = self._waiting, [], None
        row: list[Samples] = []
        written: list[Samples] = []
        for event, newest_us in waiting:
            if isinstance(event, SamplesReceived):
                row.append(event.samples)
                continue
            written += self._write_row(row)
            row = []
            self._write_event(event, newest_us)
        written += self._write_row(row)
        if written:
            self._written.append(concatenate(written))
        self._writer.flush()  # type: ignore[no-untyped-call]

    def _write_row(self, parts: list[Samples]) -> list[Samples]:
        """Write samples without anything between them; returns them in one piece, if any."""
        if not parts:
            return []
        samples = concatenate(parts)
        imu, mag = ros.imu_messages(samples, self._info), ros.mag_messages(samples, self._info)
        self._write(self._imu, imu, samples.sequence)
        self._write(self._mag, mag, np.zeros(len(mag), np.int64))
        return [samples]

    def _write_event(self, event: LinkEvent, newest_us: int) -> None:
        if isinstance(event, _TOLD_BY_QUALITY):
            self._log.append(Logged(event, 0, 0))
        for message in side_messages(event, newest_us):
            kind = message.kind
            if kind.topic not in self._side:
                self._side[kind.topic] = self._channel(kind.topic, kind.name, kind.definition)
            time_ns = max(0, self._info.started_unix_ns + message.device_time_us * 1000)
            payload = kind.encode(message.device_time_us, *message.values)
            self._writer.add_message(self._side[kind.topic], time_ns, payload, time_ns)

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

    def _require_open(self) -> None:
        if self._stream.closed:
            raise RecordingError(f"{self._path}: is closed; nothing more can be recorded in it")

    @contextmanager
    def _complete_or_ended(self) -> Iterator[None]:
        """On an error of the disk: end the file behind its last whole chunk, and say so."""
        self._require_open()
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
