"""ROS 2 messages of any length in their CDR form (OMG DDSI-RTPS 10, little endian).

Each begins with a `std_msgs/Header` whose stamp is the board's clock.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from imu_gesture.errors import RecordingError

Value = int | float | str | tuple[float, ...]

HEADER_DEFINITION = f"""\
{"=" * 80}
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
{"=" * 80}
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"""
TIME = "builtin_interfaces/Time"  # a value of it is in whole nanoseconds
STRING = "string"
FLOATS = "float64[]"

_ENCAPSULATION = b"\x00\x01\x00\x00"
_HEADER = struct.Struct("<iII4s")  # stamp, length of the frame id, frame id
_FRAME_ID = b"imu\0"
_PLAIN = {
    name: struct.Struct(f"<{code}")
    for name, code in (
        ("uint8", "B"),
        ("uint32", "I"),
        ("int64", "q"),
        ("float64", "d"),
    )
}
_TIME = struct.Struct("<iI")
_LENGTH = struct.Struct("<I")


@dataclass(frozen=True)
class MessageType:
    """One kind of message, and where it goes.

    Attributes:
        fields: type and name of each, behind the header.
    """

    name: str
    topic: str
    fields: tuple[tuple[str, str], ...]

    @property
    def definition(self) -> str:
        """For readers that do not know the message."""
        fields = "".join(f"{kind} {name}\n" for kind, name in self.fields)
        return f"std_msgs/Header header\n{fields}{HEADER_DEFINITION}"

    def encode(self, device_time_us: int, *values: Value) -> bytes:
        """The bytes of a message whose fields have these values."""
        seconds, us = divmod(device_time_us, 1_000_000)
        body = bytearray(_HEADER.pack(seconds, us * 1000, len(_FRAME_ID), _FRAME_ID))
        for (kind, _), value in zip(self.fields, values, strict=True):
            _put(body, kind, value)
        return _ENCAPSULATION + bytes(body)

    def decode(self, payload: bytes) -> tuple[int, tuple[Value, ...]]:
        """Device time and values of the fields.

        Raises:
            RecordingError: these are not the bytes of such a message.
        """
        body = payload[len(_ENCAPSULATION) :]
        try:
            seconds, nanoseconds, _, _ = _HEADER.unpack_from(body)
            values, position = [], _HEADER.size
            for kind, _ in self.fields:
                value, position = _get(body, position, kind)
                values.append(value)
        except (struct.error, ValueError) as error:
            raise RecordingError(f"{self.topic}: not a message of imu-gesture ({error})") from error
        return seconds * 1_000_000 + nanoseconds // 1000, tuple(values)


def _put(body: bytearray, kind: str, value: Value) -> None:
    if kind == STRING:
        text = str(value).replace("\0", "\ufffd").encode("utf-8", "replace") + b"\0"
        _pack(body, _LENGTH, len(text))
        body += text
    elif kind == FLOATS and isinstance(value, tuple):
        _pack(body, _LENGTH, len(value))
        for element in value:
            _pack(body, _PLAIN["float64"], element)
    elif kind == TIME and isinstance(value, int):
        body += bytes(-len(body) % 4) + _TIME.pack(*divmod(value, 1_000_000_000))
    else:
        _pack(body, _PLAIN[kind], value)


def _pack(body: bytearray, layout: struct.Struct, value: Value) -> None:
    body += bytes(-len(body) % layout.size) + layout.pack(value)


def _get(body: bytes, position: int, kind: str) -> tuple[Value, int]:
    if kind == STRING:
        length, start = _unpack(body, position, _LENGTH)
        end = start + int(length)
        if body[end - 1 : end] != b"\0":
            raise ValueError("a text without an end")
        return body[start : end - 1].decode(), end
    if kind == FLOATS:
        count, position = _unpack(body, position, _LENGTH)
        elements = []
        for _ in range(int(count)):
            element, position = _unpack(body, position, _PLAIN["float64"])
            elements.append(element)
        return tuple(elements), position
    if kind == TIME:
        position += -position % 4
        seconds, nanoseconds = _TIME.unpack_from(body, position)
        return seconds * 1_000_000_000 + nanoseconds, position + _TIME.size
    return _unpack(body, position, _PLAIN[kind])


def _unpack(body: bytes, position: int, layout: struct.Struct) -> tuple[float, int]:
    position += -position % layout.size
    (value,) = layout.unpack_from(body, position)
    return value, position + layout.size
