"""Recordings as MCAP files with the ROS 2 profile.

`/imu` holds `sensor_msgs/msg/Imu`, `/mag` holds `sensor_msgs/msg/MagneticField`, in SI units and
uncalibrated. A message's `sequence` is the board's sample number, its header stamp the board's
clock, its log time that clock mapped to Unix time.
"""

from __future__ import annotations

import io
import struct
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

import numpy as np
from mcap.exceptions import McapError
from mcap.records import Channel, Message, Metadata
from mcap.stream_reader import StreamReader
from mcap.writer import CompressionType, Writer
from numpy.typing import NDArray
from zstandard import ZstdError

from imu_gesture import _core
from imu_gesture.errors import RecordingError
from imu_gesture.recording import ros_messages as ros
from imu_gesture.recording.info import RecordingInfo, info_from_metadata
from imu_gesture.samples import Float32Array, Int64Array, Samples

IMU_TOPIC = "/imu"
MAG_TOPIC = "/mag"
METADATA_NAME = "imu_gesture"
LIBRARY = "imu-gesture"
_DAMAGE = (  # what a wrong length, offset or name makes the reader raise
    McapError,
    ZstdError,
    struct.error,
    EOFError,
    ValueError,
    OverflowError,
    LookupError,
    MemoryError,
)
_UNKNOWN = -1.0  # first covariance of a reading the sensor does not have (sensor_msgs/msg/Imu)


def labels_path(recording: Path) -> Path:
    """Where the labels of a recording live."""
    return recording.with_suffix(".txt")


@dataclass(frozen=True, eq=False)
class Recording:
    """Samples and what is known about them."""

    samples: Samples
    info: RecordingInfo


class RecordingWriter:
    """Appends samples to a new MCAP file; every `append` ends with a whole chunk on disk."""

    def __init__(self, path: Path, info: RecordingInfo) -> None:
        self._info = info
        try:
            self._stream: IO[bytes] = path.open("xb")
        except FileExistsError as error:
            raise RecordingError(f"{path}: exists already; choose another name") from error
        except OSError as error:
            raise RecordingError(f"{path}: cannot be written ({error.strerror})") from error
        self._writer = Writer(self._stream, compression=CompressionType.ZSTD, enable_data_crcs=True)
        self._writer.start(profile="ros2", library=LIBRARY)
        self._writer.add_metadata(METADATA_NAME, info.to_metadata())
        self._imu = self._channel(IMU_TOPIC, "sensor_msgs/msg/Imu", ros.IMU_DEFINITION)
        self._mag = self._channel(
            MAG_TOPIC, "sensor_msgs/msg/MagneticField", ros.MAGNETIC_FIELD_DEFINITION
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def append(self, samples: Samples) -> None:
        """Write samples behind those already written."""
        self._write(self._imu, _imu_messages(samples, self._info), samples.sequence)
        mag_numbers = np.zeros(len(samples.mag_time_us), np.int64)
        self._write(self._mag, _mag_messages(samples, self._info), mag_numbers)
        self._writer.flush()  # type: ignore[no-untyped-call]
        self._stream.flush()

    def close(self) -> None:
        """Write the index and close the file."""
        self._writer.finish()  # type: ignore[no-untyped-call]
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


def write_recording(path: Path, recording: Recording) -> None:
    """Write a whole recording to a new file."""
    with RecordingWriter(path, recording.info) as writer:
        writer.append(recording.samples)


def read_recording(path: Path) -> Recording:
    """Read a recording written by this package."""
    try:
        with path.open("rb") as stream:
            return _read(stream, str(path))
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read ({error.strerror})") from error
    except _DAMAGE as error:
        raise RecordingError(f"{path}: damaged, or not a whole MCAP file ({error})") from error


def _read(stream: IO[bytes], where: str) -> Recording:
    """From the first record to the last, so that every checksum on the way is compared."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    topics: dict[int, str] = {}
    metadata: dict[str, dict[str, str]] = {}
    payloads: dict[str, list[bytes]] = defaultdict(list)
    numbers: list[int] = []
    for record in StreamReader(stream, validate_crcs=True, record_size_limit=size).records:
        if isinstance(record, Message):
            payloads[topics[record.channel_id]].append(record.data)
            if topics[record.channel_id] == IMU_TOPIC:
                numbers.append(record.sequence)
        elif isinstance(record, Channel):
            topics[record.id] = record.topic
        elif isinstance(record, Metadata):
            metadata[record.name] = record.metadata
    if METADATA_NAME not in metadata:
        raise RecordingError(
            f"{where}: no {METADATA_NAME!r} metadata, so not a recording of imu-gesture; "
            "use `imu-gesture import` for files from elsewhere"
        )
    info = info_from_metadata(metadata[METADATA_NAME], where)
    imu = _records(payloads[IMU_TOPIC], ros.IMU_RECORD, where)
    mag = _records(payloads[MAG_TOPIC], ros.MAGNETIC_FIELD_RECORD, where)
    return Recording(_samples(imu, mag, np.array(numbers, np.int64), info, where), info)


def _records(payloads: list[bytes], record: np.dtype[np.void], where: str) -> NDArray[np.void]:
    if any(len(payload) != record.itemsize for payload in payloads):
        raise RecordingError(f"{where}: a message has another layout than imu-gesture writes")
    return np.frombuffer(b"".join(payloads), record)


def _samples(
    imu: NDArray[np.void],
    mag: NDArray[np.void],
    sequence: Int64Array,
    info: RecordingInfo,
    where: str,
) -> Samples:
    has_gyr = not np.any(imu["angular_velocity_covariance"][:, 0] == _UNKNOWN)
    acc = _from_si(
        imu["linear_acceleration"],
        ros.STANDARD_GRAVITY,
        info.acc_g_per_lsb,
        f"{where}: accelerometer",
    )
    gyr = _from_si(
        imu["angular_velocity"], ros.RADIANS_PER_DEGREE, info.gyr_dps_per_lsb, f"{where}: gyroscope"
    )
    field = _from_si(
        mag["magnetic_field"],
        ros.TESLA_PER_MICROTESLA,
        info.mag_ut_per_lsb,
        f"{where}: magnetometer",
    )
    return Samples(
        device_time_us=ros.device_times(imu),
        acc_g=acc,
        gyr_dps=gyr if has_gyr else None,
        sequence=sequence,
        mag_time_us=ros.device_times(mag),
        mag_ut=field,
    )


def _imu_messages(samples: Samples, info: RecordingInfo) -> NDArray[np.void]:
    messages = ros.stamped(ros.IMU_RECORD, "imu", samples.device_time_us)
    messages["orientation_covariance"][:, 0] = _UNKNOWN
    messages["linear_acceleration"] = _to_si(
        samples.acc_g, ros.STANDARD_GRAVITY, info.acc_g_per_lsb, "accelerometer"
    )
    if samples.gyr_dps is None:
        messages["angular_velocity_covariance"][:, 0] = _UNKNOWN
    else:
        messages["angular_velocity"] = _to_si(
            samples.gyr_dps, ros.RADIANS_PER_DEGREE, info.gyr_dps_per_lsb, "gyroscope"
        )
    return messages


def _mag_messages(samples: Samples, info: RecordingInfo) -> NDArray[np.void]:
    messages = ros.stamped(ros.MAGNETIC_FIELD_RECORD, "mag", samples.mag_time_us)
    messages["magnetic_field"] = _to_si(
        samples.mag_ut, ros.TESLA_PER_MICROTESLA, info.mag_ut_per_lsb, "magnetometer"
    )
    return messages


def _to_si(
    values: Float32Array, si_per_unit: float, per_lsb: float | None, what: str
) -> NDArray[np.float64]:
    """Values in SI; where the scale is known, exactly counts * scale."""
    if per_lsb is None:
        return values.astype(np.float64) * si_per_unit
    counts = np.rint(values.astype(np.float64) / per_lsb)
    if not np.array_equal(_scaled(counts, per_lsb), values):
        raise RecordingError(f"{what}: values are not whole counts of {per_lsb} per LSB")
    return counts * per_lsb * si_per_unit


def _from_si(
    values: NDArray[np.float64], si_per_unit: float, per_lsb: float | None, what: str
) -> Float32Array:
    if per_lsb is None:
        return (values / si_per_unit).astype(np.float32)
    exact = values / (per_lsb * si_per_unit)
    counts = np.rint(exact)
    if not np.all(np.abs(exact - counts) < 1e-3):
        raise RecordingError(f"{what}: values are not whole counts of the stated {per_lsb} per LSB")
    return _scaled(counts, per_lsb)


def _scaled(counts: NDArray[np.float64], per_lsb: float) -> Float32Array:
    if counts.size and np.abs(counts).max() > 32768:
        raise RecordingError(f"{np.abs(counts).max():.0f} counts do not fit the sensors' 16 bits")
    return _core.counts_to_units(counts.clip(-32768, 32767).astype(np.int16), per_lsb)
