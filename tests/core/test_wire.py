"""The wire protocol, against golden packets and a decoder that is not ours."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import numpy as np
import pytest
from cobs import cobs
from hypothesis import given
from hypothesis import strategies as st

from imu_gesture import _core
from tests.core import independent_wire as independent
from tests.core.independent_wire import Fields

Golden = tuple[str, int, Fields, bytes]


def golden() -> list[Golden]:
    lines = Path(__file__).with_name("golden_packets.tsv").read_text(encoding="utf-8").splitlines()
    records = [line.split("\t") for line in lines]
    return [(name, int(n), json.loads(fields), bytes.fromhex(p)) for name, n, fields, p in records]


def names(record: object) -> str | None:
    return record if isinstance(record, str) else None


def filled(name: str, fields: Fields) -> object:
    packet = getattr(_core, name)()
    for field, value in fields.items():
        setattr(packet, field, bytes.fromhex(value) if isinstance(value, str) else value)
    return packet


def fields_of(packet: object, wanted: Fields) -> Fields:
    found = {field: getattr(packet, field) for field in wanted}
    return {k: v.hex() if isinstance(v, bytes) else v for k, v in found.items()}


@pytest.mark.parametrize(("name", "sequence", "fields", "packet"), golden(), ids=names)
def test_golden_packets(name: str, sequence: int, fields: Fields, packet: bytes) -> None:
    assert _core.encode(filled(name, fields), sequence) == packet  # type: ignore[call-overload]
    assert independent.decode_packet(packet) == independent.Packet(name, sequence, fields)
    (found,) = _core.PacketDecoder().feed_datagram(packet)
    assert type(found).__name__ == name
    assert fields_of(found, fields) == fields


def test_every_packet_has_a_golden_one() -> None:
    assert {name for name, *_ in golden()} == set(independent.LAYOUTS)


@pytest.mark.parametrize("size", [0, 1, 3, 4, 7, 244, 1000])
def test_crc_is_zlibs(size: int) -> None:
    data = np.random.default_rng(size).bytes(size)
    assert _core.crc32(data) == zlib.crc32(data)


@given(st.binary(max_size=600))
def test_frames_are_cobs(data: bytes) -> None:
    assert _core.frame(data) == cobs.encode(data) + b"\0"


def test_any_cut_of_a_stream_gives_the_same_packets() -> None:
    stream = b"".join(_core.frame(packet) for *_, packet in golden())
    whole = [type(p).__name__ for p in _core.PacketDecoder().feed_stream(stream)]
    assert whole == [name for name, *_ in in_sequence()]
    for step in (1, 7, 100):
        decoder = _core.PacketDecoder()
        pieces = [stream[i : i + step] for i in range(0, len(stream), step)]
        found = [type(p).__name__ for piece in pieces for p in decoder.feed_stream(piece)]
        assert found == whole


def in_sequence() -> list[Golden]:
    """Those golden packets that a decoder takes one after the other."""
    kept: list[Golden] = []
    for record in golden():
        ahead = (record[1] - kept[-1][1]) % 2**16 if kept else 1
        if 0 < ahead < 2**15:
            kept.append(record)
    return kept


@pytest.mark.parametrize("name", ["Hello", "Ack", "Stop"])
@pytest.mark.parametrize("flip", [1, 0x80, 0xFF])
def test_a_changed_byte_is_never_believed(name: str, flip: int) -> None:
    packet = next(packet for found, _, _, packet in golden() if found == name)
    for position in range(len(packet)):
        changed = bytearray(packet)
        changed[position] ^= flip
        decoder = _core.PacketDecoder()
        assert decoder.feed_datagram(bytes(changed)) == []
        assert decoder.counters.damaged == 1
        assert decoder.feed_stream(_core.frame(bytes(changed))) == []


def test_a_damaged_frame_costs_one_packet() -> None:
    packets = [_core.encode(_core.Heartbeat(), n) for n in range(3)]
    broken = bytearray(_core.frame(packets[1]))
    broken[3] ^= 0x10
    decoder = _core.PacketDecoder()
    found = decoder.feed_stream(_core.frame(packets[0]) + bytes(broken) + _core.frame(packets[2]))
    assert len(found) == 2
    counters = decoder.counters
    assert (counters.packets, counters.damaged, counters.packets_missing) == (2, 1, 1)


def test_several_packets_share_a_datagram() -> None:
    packets = [_core.encode(_core.Identify(), n) for n in range(4)]
    assert len(_core.PacketDecoder().feed_datagram(b"".join(packets))) == 4


def test_repeated_and_overtaken_packets_are_counted_and_dropped() -> None:
    decoder = _core.PacketDecoder()
    taken = [
        len(decoder.feed_datagram(_core.encode(_core.Heartbeat(), n)))
        for n in (65535, 0, 0, 2, 1, 3)
    ]
    assert taken == [1, 1, 0, 1, 0, 1]
    assert (decoder.counters.packets_old, decoder.counters.packets_missing) == (2, 1)


def test_a_packet_of_a_newer_protocol_is_skipped_by_its_length() -> None:
    newer = bytearray(_core.encode(_core.Identify(), 0)[:-4])
    newer[0] = 0x70
    packet = bytes(newer) + zlib.crc32(newer).to_bytes(4, "little")
    known = _core.encode(_core.Heartbeat(), 1)
    unknown, heartbeat = _core.PacketDecoder().feed_datagram(packet + known)
    assert isinstance(unknown, _core.UnknownPacket)
    assert (unknown.type, unknown.size) == (0x70, 1)
    assert isinstance(heartbeat, _core.Heartbeat)


def test_an_endless_frame_is_dropped_in_bounded_memory() -> None:
    decoder = _core.PacketDecoder()
    for _ in range(100):
        assert decoder.feed_stream(b"\x55" * 10_000) == []
    assert decoder.feed_stream(b"\0") == []
    assert len(decoder.feed_stream(_core.frame(_core.encode(_core.Stop(), 0)))) == 1
    assert decoder.counters.damaged == 1


@given(st.binary(max_size=2000))
def test_noise_makes_no_packet(noise: bytes) -> None:
    decoder = _core.PacketDecoder()
    assert decoder.feed_stream(noise) == []
    assert decoder.feed_datagram(noise) == []
