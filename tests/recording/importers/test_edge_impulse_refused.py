"""Edge Impulse files that make no sense are refused, and what is wrong is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cbor2
import pytest

from imu_gesture.errors import InputError
from imu_gesture.recording.importers.edge_impulse import import_edge_impulse
from imu_gesture.recording.importers.imported import Source
from imu_gesture.recording.importers.run import import_sources
from tests.recording.importers import files
from tests.recording.importers.acquisitions import ACC, GYR, OPTIONS, document, imported


@pytest.mark.parametrize(
    ("sensors", "message"),
    [
        (
            [*ACC, ("temp", "Cel")],
            r"sensor 'temp' \(Cel\) is not known; known are accX, gyrX, magX",
        ),
        ([*ACC, ("accW", "g")], "sensor 'accW'"),
        ([("accX", "ft/s2"), *ACC[1:]], r"sensor 'accX' is in 'ft/s2'; known are g, m/s2, mg"),
        ([*ACC, *GYR[:2]], "no sensor gyrZ"),
        ([*ACC, ("aX", "g")], "sensor 'aX' is there twice"),
        (GYR, "no accelerometer"),
    ],
)
def test_what_is_not_known_is_refused_by_name(
    sensors: list[tuple[str, str]], message: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=rf"up\.1\.json: {message}"):
        imported(tmp_path, document(sensors))


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        ({"interval_ms": 0}, r"payload\.interval_ms: .* greater than or equal to 0\.001"),
        ({"interval_ms": 1e300}, r"payload\.interval_ms: .* less than"),
        ({"values": [[1, 1e300, 3]]}, r"payload\.values\.0\.1: .* less than"),
        ({"interval_ms": "fast"}, r"payload\.interval_ms: .*'fast'"),
        ({"device_type": None}, r"payload\.device_type: "),
        ({"sensors": []}, r"payload\.sensors: "),
        ({"values": "all"}, r"payload\.values: "),
        ({"values": [[1, 2, 3], [1, 2]]}, r"row 1 of values has 2 numbers for 3 sensors"),
        ({"values": [[1, 2, 3], [1, "2", 3]]}, r"payload\.values\.1\.1: .*'2'"),
        ({"values": [[1, 2, True]]}, r"payload\.values\.0\.2: "),
        ({"values": [[1, 2, None]]}, r"payload\.values\.0\.2: "),
        ({"values": [[1, float("nan"), 3]]}, r"payload\.values\.0\.1: .*finite"),
        ({"values": ["Ref-Binary-i16"]}, r"payload\.values: .*binary attachment"),
    ],
)
@pytest.mark.parametrize("name", ["up.1.json", "up.1.cbor"])
def test_a_payload_that_makes_no_sense_is_refused(
    payload: dict[str, Any], message: str, name: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=rf"up\.1\.[a-z]+: .*{message}"):
        imported(tmp_path, document(**payload), name)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"protected": {"ver": "v2", "alg": "none"}}, r"protected\.ver: "),
        ({"protected": {"ver": "v1", "alg": "RS256"}}, r"protected\.alg: "),
        ({"signature": "0"}, "signature: "),
        ({"payload": None}, "payload: "),
    ],
)
def test_another_version_or_signature_is_refused(
    change: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=rf"up\.1\.json: {message}"):
        imported(tmp_path, document() | change)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a readable CBOR file"),
        (b"aX,aY,aZ\n1,2,3\n", "up.json: "),
        (b'{"protected": ', "not a readable JSON file"),
        (b'{"a": "\xff"}', "not a readable JSON file"),
        (b"\x9f" * 100_000, "not a readable CBOR file"),
        (b"[" * 3, "up.json: "),
        (b"{" + b'"a":[' * 100_000, "not a readable JSON file"),
        (b"\x5b\xff\xff\xff\xff\xff\xff\xff\xff", "not a readable CBOR file"),
        (b"\x81\x01", "up.json: "),
    ],
)
def test_a_file_of_another_kind_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        import_edge_impulse(files.source(tmp_path, content, "up.json"), OPTIONS)


@pytest.mark.parametrize("content", ["", "[]", '{"version": 2, "files": []}', '{"version": 1}'])
def test_a_damaged_index_is_refused_by_name(content: str, tmp_path: Path) -> None:
    (tmp_path / "info.labels").write_text(content)
    with pytest.raises(InputError, match=r"info\.labels: "):
        imported(tmp_path, document())


@pytest.mark.parametrize("flip", [0x01, 0x41, 0x80])
def test_any_changed_byte_is_harmless_or_refused(flip: int, tmp_path: Path) -> None:
    content = cbor2.dumps(document())
    refused = 0
    for position in range(len(content)):
        changed = bytearray(content)
        changed[position] ^= flip
        source = Source(tmp_path / "up.cbor", "up.cbor")
        source.path.write_bytes(changed)
        try:
            assert import_edge_impulse(source, OPTIONS).samples.acc_g.shape[1] == 3
        except InputError as error:
            assert "up.cbor" in str(error)
            refused += 1
    assert refused > len(content) / 3


def test_a_file_without_readings_is_not_written(tmp_path: Path) -> None:
    source = files.source(tmp_path, json.dumps(document(values=[])), "up.json")
    (report,) = import_sources([source], "edge-impulse", OPTIONS, tmp_path / "out")
    assert (report.recording, report.segments) == (None, {})
