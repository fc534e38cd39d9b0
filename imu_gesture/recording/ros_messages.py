"""The two ROS 2 messages of a recording as numpy record types: whole columns at once.

With frame ids of three letters every field of `sensor_msgs/msg/Imu` and
`sensor_msgs/msg/MagneticField` stands at a fixed place of its CDR form (OMG DDSI-RTPS 10,
little endian), so that a column of messages is an array of records.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

STANDARD_GRAVITY = 9.80665  # m/s^2 per g, exact by definition
RADIANS_PER_DEGREE = np.pi / 180.0
TESLA_PER_MICROTESLA = 1e-6

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
_HEADER_DEFINITION = f"""\
{_SEPARATOR}
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
{_SEPARATOR}
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
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
{_HEADER_DEFINITION}\
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
{_HEADER_DEFINITION}"""


def stamped(
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
    """(n,) int64 device times in µs of records made by `stamped`."""
    seconds: NDArray[np.int64] = messages["sec"].astype(np.int64)
    return seconds * 1_000_000 + messages["nanosec"].astype(np.int64) // 1000
