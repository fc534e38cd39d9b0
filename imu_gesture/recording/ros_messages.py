"""The two ROS 2 messages of a recording as numpy record types: whole columns at once.

With frame ids of three letters every field of `sensor_msgs/msg/Imu` and
`sensor_msgs/msg/MagneticField` stands at a fixed place of its CDR form (OMG DDSI-RTPS 10,
little endian), so that a column of messages is an array of records.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imu_gesture import _core
from imu_gesture.errors import RecordingError
from imu_gesture.recording.cdr import HEADER_DEFINITION
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.samples import Float32Array, Int64Array, Samples

STANDARD_GRAVITY = 9.80665  # m/s^2 per g, exact by definition
RADIANS_PER_DEGREE = np.pi / 180.0
TESLA_PER_MICROTESLA = 1e-6

_UNKNOWN = -1.0  # first covariance of a reading the sensor does not have (sensor_msgs/msg/Imu)
_CDR_LITTLE_ENDIAN = b"\x00\x01\x00\x00"
_HEADER = [
    ("encapsulation", "S4"),
    ("sec", "<i4"),
    ("nanosec", "<u4"),
    ("frame_id_length", "<u4"),
    ("frame_id", "S4"),
]
IMU_RECORD = np.dtype(
    [
        *_HEADER,
        ("orientation", "<f8", 4),
        ("orientation_covariance", "<f8", 9),
        ("angular_velocity", "<f8", 3),
        ("angular_velocity_covariance", "<f8", 9),
        ("linear_acceleration", "<f8", 3),
        ("linear_acceleration_covariance", "<f8", 9),
    ]
)
MAGNETIC_FIELD_RECORD = np.dtype(
    [*_HEADER, ("magnetic_field", "<f8", 3), ("magnetic_field_covariance", "<f8", 9)]
)

_SEPARATOR = "=" * 80
_PARTS_DEFINITION = f"""\
{HEADER_DEFINITION}\
{_SEPARATOR}
MSG: geometry_msgs/Vector3
float64 x
float64 y
float64 z
"""
IMU_DEFINITION = f"""\
std_msgs/Header header
geometry_msgs/Quaternion orientation
float64[9] orientation_covariance
geometry_msgs/Vector3 angular_velocity
float64[9] angular_velocity_covariance
geometry_msgs/Vector3 linear_acceleration
float64[9] linear_acceleration_covariance
{_PARTS_DEFINITION}\
{_SEPARATOR}
MSG: geometry_msgs/Quaternion
float64 x
float64 y
float64 z
float64 w
"""
MAGNETIC_FIELD_DEFINITION = f"""\
std_msgs/Header header
geometry_msgs/Vector3 magnetic_field
float64[9] magnetic_field_covariance
{_PARTS_DEFINITION}"""


def imu_messages(samples: Samples, info: RecordingInfo) -> NDArray[np.void]:
    """Records (n,) of `IMU_RECORD`."""
    messages = _stamped(IMU_RECORD, "imu", samples.device_time_us)
    messages["orientation_covariance"][:, 0] = _UNKNOWN
    messages["linear_acceleration"] = _to_si(
        samples.acc_g, STANDARD_GRAVITY, info.acc_g_per_lsb, "accelerometer"
    )
    if samples.gyr_dps is None:
        messages["angular_velocity_covariance"][:, 0] = _UNKNOWN
    else:
        messages["angular_velocity"] = _to_si(
            samples.gyr_dps, RADIANS_PER_DEGREE, info.gyr_dps_per_lsb, "gyroscope"
        )
    return messages


def mag_messages(samples: Samples, info: RecordingInfo) -> NDArray[np.void]:
    """Records (m,) of `MAGNETIC_FIELD_RECORD`."""
    messages = _stamped(MAGNETIC_FIELD_RECORD, "mag", samples.mag_time_us)
    messages["magnetic_field"] = _to_si(
        samples.mag_ut, TESLA_PER_MICROTESLA, info.mag_ut_per_lsb, "magnetometer"
    )
    return messages


def samples_of(
    imu: NDArray[np.void], mag: NDArray[np.void], sequence: Int64Array, info: RecordingInfo
) -> Samples:
    """What `imu_messages` and `mag_messages` were made from."""
    has_gyr = not np.any(imu["angular_velocity_covariance"][:, 0] == _UNKNOWN)
    acc = _from_si(
        imu["linear_acceleration"], STANDARD_GRAVITY, info.acc_g_per_lsb, "accelerometer"
    )
    gyr = _from_si(imu["angular_velocity"], RADIANS_PER_DEGREE, info.gyr_dps_per_lsb, "gyroscope")
    field = _from_si(
        mag["magnetic_field"], TESLA_PER_MICROTESLA, info.mag_ut_per_lsb, "magnetometer"
    )
    return Samples(
        device_time_us=device_times(imu),
        acc_g=acc,
        gyr_dps=gyr if has_gyr else None,
        sequence=sequence,
        mag_time_us=device_times(mag),
        mag_ut=field,
    )


def _stamped(
    record: np.dtype[np.void], frame_id: str, device_time_us: NDArray[np.int64]
) -> NDArray[np.void]:
    """Records (n,) of `record` whose header carries the device time; all else is zero."""
    messages = np.zeros(len(device_time_us), record)
    messages["encapsulation"] = _CDR_LITTLE_ENDIAN
    messages["sec"] = device_time_us // 1_000_000
    messages["nanosec"] = device_time_us % 1_000_000 * 1000
    messages["frame_id_length"] = len(frame_id) + 1
    messages["frame_id"] = frame_id.encode()
    return messages


def device_times(messages: NDArray[np.void]) -> NDArray[np.int64]:
    """(n,) int64 device times in µs of either kind of record."""
    seconds: NDArray[np.int64] = messages["sec"].astype(np.int64)
    return seconds * 1_000_000 + messages["nanosec"].astype(np.int64) // 1000


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
