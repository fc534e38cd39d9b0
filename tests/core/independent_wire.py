"""The wire format read by other means than the core: PyPI `cobs`, zlib's CRC, `struct`.

The layouts are written down from `docs/protocol.md`, not from the core's sources.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from cobs import cobs

# type, layout of the fixed fields, their names; a last name after `*` takes the rest as bytes
LAYOUTS: dict[str, tuple[int, str, tuple[str, ...]]] = {
    "Hello": (
        0x01,
        "<BB3s8sIIBBfffff8s8sBB",
        (
            *("protocol", "board_revision", "firmware", "device_id", "boot_count"),
            *("previous_samples", "reset_cause", "sensors", "acc_g_per_lsb", "gyr_dps_per_lsb"),
            *("mag_ut_per_lsb", "imu_rate_hz", "mag_rate_hz", "calibration_id", "model_id"),
            *("classes", "max_packet"),
        ),
    ),
    "Temperature": (0x04, "<Ih", ("device_time_us", "centi_c")),
    "Gesture": (0x05, "<HIBB", ("number", "device_time_us", "label", "score")),
    "Scores": (0x06, "<I", ("device_time_us", "*levels")),
    "Mark": (0x07, "<HIB", ("number", "device_time_us", "kind")),
    "Health": (
        0x08,
        "<15I",
        (
            *("device_time_us", "uptime_s", "imu_numbered", "imu_fifo_lost", "imu_dropped"),
            *("mag_numbered", "mag_dropped", "packets_dropped", "commands_damaged", "windows"),
            *("classifier_failures", "events_lost", "arena_used_bytes", "stack_free_bytes"),
            "loop_max_us",
        ),
    ),
    "Ack": (0x09, "<HBB", ("command_sequence", "command", "status", "*data")),
    "Log": (0x0A, "<B", ("level", "*text")),
    "Drift": (
        0x0B,
        "<IffffffffHB",
        (
            *("device_time_us", "bias_dps[3]", "bias_sigma_dps", "acc_offset_g[3]", "acc_sigma_g"),
            *("rest_age_s", "flags"),
        ),
    ),
    "AskHello": (0x81, "<BBB", ("oldest", "newest", "max_packet")),
    "Start": (0x82, "<BB", ("streams", "recognise")),
    "Stop": (0x83, "<", ()),
    "Heartbeat": (0x84, "<", ()),
    "Identify": (0x85, "<B", ("seconds",)),
    "TimeProbe": (0x86, "<I", ("nonce",)),
    "GetCalibration": (0x87, "<", ()),
    "GetLabel": (0x89, "<B", ("index",)),
    "WriteVector": (0x8A, "<H", ("offset", "*bytes")),
    "RunVector": (0x8B, "<", ()),
    "Reset": (0x8C, "<", ()),
    "Feed": (0x8D, "<BI", ("flags", "device_time_us", "*samples")),
    "ReadInput": (0x8E, "<H", ("offset",)),
    "AskSelfTest": (0x8F, "<", ()),
    "Sealed": (0x90, "<IB8s", ("counter", "command", "tag", "*bytes")),
    "SetKey": (0x91, "<32sB", ("key", "flags")),
    "Challenge": (0x92, "<16s", ("number",)),
    "BeginUpdate": (0x93, "<I32s", ("size", "sha256")),
    "WriteUpdate": (0x94, "<I", ("offset", "*bytes")),
    "EndUpdate": (0x95, "<", ()),
    "UpdateStatus": (0x96, "<", ()),
    "RollBack": (0x97, "<", ()),
}
NAMES = {kind: name for name, (kind, _, _) in LAYOUTS.items()}
BLOCKS = {0x02: 6, 0x03: 3}  # readings of one sample

Fields = dict[str, int | float | str | list[float]]


@dataclass(frozen=True)
class Packet:
    """What one packet says; bytes are written in hex."""

    name: str
    sequence: int
    fields: Fields


def decode_packet(packet: bytes) -> Packet:
    """One whole packet; AssertionError where it is not what the document says."""
    kind, size, sequence = struct.unpack_from("<BBH", packet)
    assert len(packet) == size + 8
    (crc,) = struct.unpack_from("<I", packet, size + 4)
    assert crc == zlib.crc32(packet[:-4])
    payload = packet[4:-4]
    _, layout, names = LAYOUTS[NAMES[kind]]
    values = iter(struct.unpack_from(layout, payload))
    fields: Fields = {}
    for name in names:
        if name.endswith("[3]"):
            fields[name[:-3]] = [next(values) for _ in range(3)]
        elif not name.startswith("*"):
            value = next(values)
            fields[name] = value.hex() if isinstance(value, bytes) else value
    rest = payload[struct.calcsize(layout) :]
    if names and names[-1].startswith("*"):
        fields[names[-1][1:]] = rest.hex()
    else:
        assert rest == b""
    return Packet(NAMES[kind], sequence, fields)


def decode_block(packet: bytes) -> tuple[list[int], list[int], list[tuple[int, ...]]]:
    """Numbers, device times and counts of a block of samples."""
    kind, size = packet[0], packet[1]
    values = BLOCKS[kind]
    number, time_us = struct.unpack_from("<II", packet, 4)
    numbers: list[int] = []
    times_us: list[int] = []
    counts: list[tuple[int, ...]] = []
    for offset in range(12, 4 + size, 2 + 2 * values):
        step_us, *sample = struct.unpack_from(f"<H{values}h", packet, offset)
        time_us = (time_us + step_us) % 2**32
        numbers.append((number + len(numbers)) % 2**32)
        times_us.append(time_us)
        counts.append(tuple(sample))
    return numbers, times_us, counts


def deframe(stream: bytes) -> list[bytes]:
    """The packets of a byte stream, one in each frame."""
    return [cobs.decode(frame) for frame in stream.split(b"\0") if frame]
