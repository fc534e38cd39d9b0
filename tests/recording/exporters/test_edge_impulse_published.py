"""The example that Edge Impulse publishes: its bytes, its signature, its content."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from imu_gesture.recording.exporters.edge_impulse import signature
from imu_gesture.recording.importers.options import ImportOptions
from tests.recording.exporters import recordings

ZEROS = "0" * 64


def text(words: str) -> bytes:
    """A CBOR text string (RFC 8949, major type 3) of less than 256 bytes."""
    encoded = words.encode()
    head = [0x60 + len(encoded)] if len(encoded) < 24 else [0x78, len(encoded)]
    return bytes(head) + encoded


def published_example(signed: str) -> bytes:
    """The example of the specification, byte for byte: the values in an open-ended array."""
    sensors = b"".join(
        b"\xa2" + text("name") + text(f"acc{axis}") + text("units") + text("m/s2") for axis in "XYZ"
    )
    rows = [[-9.81, 0.03, 1.21], [-9.83, 0.04, 1.28], [-9.12, 0.03, 1.23], [-9.14, 0.01]]
    values = b"".join(
        b"\x83" + b"".join(b"\xfa" + struct.pack(">f", number) for number in row) for row in rows
    )
    return (
        (b"\xa3" + text("protected") + b"\xa3" + text("ver") + text("v1"))
        + (text("alg") + text("HS256") + text("iat") + b"\x1a" + struct.pack(">I", 1564138813))
        + (text("signature") + text(signed) + text("payload") + b"\xa5")
        + (text("device_name") + text("ac:87:a3:0a:2d:1b"))
        + (text("device_type") + text("DISCO-L475VG-IOT01A") + text("interval_ms") + b"\x0a")
        + (text("sensors") + b"\x83" + sensors + text("values") + b"\x9f" + values)
        + (b"\xf9" + struct.pack(">e", 1.25) + b"\xff")
    )


PUBLISHED_SIGNATURE = "b0ee0572a1984b93b6bc56e6576e2cbbd6bccd65d0c356e26b31bbc9a48210c6"


def test_the_published_example_has_the_published_signature() -> None:
    key = b"fed53116f20684c067774ebf9e7bcbdc"
    assert signature(published_example(ZEROS), key) == PUBLISHED_SIGNATURE


def test_the_published_example_imports(tmp_path: Path) -> None:
    path = tmp_path / "idle.01.cbor"
    path.write_bytes(published_example(PUBLISHED_SIGNATURE))
    found = recordings.imported(path, "edge-impulse", ImportOptions())
    rows = np.array([[-9.81, 0.03, 1.21], [-9.83, 0.04, 1.28], [-9.12, 0.03, 1.23]])
    np.testing.assert_allclose(found.samples.acc_g[:3], rows / 9.80665, rtol=1e-6)
    assert found.samples.device_time_us.tolist() == [0, 10_000, 20_000, 30_000]
    assert found.samples.gyr_dps is None
    assert found.info.device_id == "ac:87:a3:0a:2d:1b"
    assert found.info.board == "DISCO-L475VG-IOT01A"
    assert found.info.stated_rate_hz == 100.0
    assert found.info.started_unix_ns == 1564138813 * 10**9
    assert [segment.label for segment in found.segments] == ["idle"]
