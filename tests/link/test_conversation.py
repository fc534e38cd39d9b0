"""The host's side of the protocol, against the board's own: nothing is missing without a word."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imu_gesture import _core
from imu_gesture.errors import BoardError, LinkError
from imu_gesture.link.conversation import Conversation
from imu_gesture.link.link import SamplesReceived
from imu_gesture.link.virtual.faults import FaultParams
from imu_gesture.samples import concatenate
from tests.link.wire import PERIOD_US, Wire

FAULTS = {
    "none": FaultParams(),
    "drop": FaultParams(drop=0.1),
    "duplicate": FaultParams(duplicate=0.2),
    "reorder": FaultParams(reorder=0.1),
    "corrupt": FaultParams(corrupt=0.1),
    "all": FaultParams(0.05, 0.05, 0.05, 0.05),
}


def streaming(wire: Wire) -> int:
    """Introduce, start; returns how many samples the board had numbered when it obeyed."""
    wire.introduce()
    wire.conversation.start()
    while not wire.conversation.streaming:
        wire.step()
    assert wire.started_at is not None
    return wire.started_at


def stop(wire: Wire) -> None:
    wire.conversation.stop()
    wire.introduce()


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "datagrams"])
def test_what_the_board_is_and_calls_its_gestures(stream: bool) -> None:
    wire = Wire(stream)
    wire.introduce()
    info = wire.conversation.info
    assert info is not None
    assert (info.device_id, info.board) == (b"board-01".hex(), "nano33ble-rev1")
    assert info.acc_range_g == pytest.approx(4.0, abs=0.01)
    assert wire.conversation.labels == ["circle", "größe"]


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "datagrams"])
def test_every_sample_arrives_exactly(stream: bool) -> None:
    wire = Wire(stream)
    before = streaming(wire)
    wire.run(3.0)
    stop(wire)
    parts = [e.samples for e in wire.events if isinstance(e, SamplesReceived)]
    samples = concatenate(parts)
    assert samples.sequence.tolist() == list(range(len(samples)))
    assert np.all(np.diff(samples.device_time_us) == PERIOD_US)
    counts = np.array(wire.counts[before : before + len(samples)], np.int16)
    acc = _core.counts_to_units(np.ascontiguousarray(counts[:, :3]), float(np.float32(0.000122)))
    assert np.array_equal(samples.acc_g, acc)
    assert wire.lost == 0
    assert len(samples) == wire.stopped_at - before


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "datagrams"])
@pytest.mark.parametrize("incident", ["nothing", "unplug", "reset"])
@pytest.mark.parametrize("faults", FAULTS)
def test_received_and_reported_lost_are_all_that_were_sent(
    faults: str, incident: str, stream: bool
) -> None:
    wire = Wire(stream, FAULTS[faults], seed=3)
    before = streaming(wire)
    wire.run(4.0)
    earlier = 0
    if incident == "unplug":
        wire.unplug()
        wire.run(2.0)
        wire.connect()
    if incident == "reset":
        earlier = wire.device.health.imu_numbered
        wire.reset()
        wire.run(1.0)
    wire.introduce()
    if not wire.conversation.streaming:
        wire.conversation.start()
    wire.run(4.0)
    stop(wire)
    sent = earlier + wire.stopped_at - before
    assert wire.conversation.received + wire.conversation.lost == sent
    assert (wire.received, wire.lost) == (wire.conversation.received, wire.conversation.lost)
    assert wire.received > 100
    numbers = np.concatenate(
        [e.samples.sequence for e in wire.events if isinstance(e, SamplesReceived)]
    )
    assert np.all(np.diff(numbers) > 0)
    if faults == "none" and incident == "nothing":
        assert wire.lost == 0


@settings(max_examples=30, deadline=None)
@given(
    st.integers(0, 2**16),
    st.lists(st.sampled_from(["run", "unplug", "reset", "plug"]), max_size=8),
    st.sampled_from(list(FAULTS)),
)
def test_time_and_numbers_only_ever_advance(seed: int, script: list[str], faults: str) -> None:
    wire = Wire(True, FAULTS[faults], seed)
    streaming(wire)
    for action in script:
        if action == "unplug" and wire.plugged:
            wire.unplug()
        elif action == "reset" and wire.plugged:
            wire.reset()
        elif action == "plug" and not wire.plugged:
            wire.connect()
            wire.introduce()
            wire.conversation.start()
        wire.run(0.7)
    parts = [e.samples for e in wire.events if isinstance(e, SamplesReceived)]
    if parts:
        samples = concatenate(parts)
        assert np.all(np.diff(samples.sequence) > 0)
        assert np.all(np.diff(samples.device_time_us) > 0)
        assert len(samples) + wire.lost >= samples.sequence[-1] + 1  # more: lost before a reset
    assert (wire.received, wire.lost) == (wire.conversation.received, wire.conversation.lost)


def test_a_clock_that_wraps_goes_on() -> None:
    wire = Wire(True)
    wire.now_s = 2**32 * 1e-6 - 1.0
    wire._next_us = wire.device_us
    wire.connect()
    streaming(wire)
    wire.run(3.0)
    times = [e.samples.device_time_us for e in wire.events if isinstance(e, SamplesReceived)]
    assert np.all(np.diff(np.concatenate(times)) == PERIOD_US)
    assert np.concatenate(times)[-1] > 2**32


def test_another_board_in_the_same_place_is_refused() -> None:
    wire = Wire(True)
    streaming(wire)
    other = _core.Hello()
    other.device_id = b"board-02"
    frame = _core.frame(_core.encode(other, 0))
    with pytest.raises(LinkError, match="another board"):
        list(wire.conversation.receive(frame, wire.now_s))


def test_silence_is_told_with_advice() -> None:
    conversation = Conversation(stream=True)
    conversation.connect()
    with pytest.raises(LinkError, match=r"no answer.*deploy.*--text"):
        for tick in range(100):
            conversation.due(tick * 0.1)


@pytest.mark.parametrize(
    ("status", "data", "message"),
    [
        (_core.AckStatus.UNSUPPORTED_PROTOCOL, b"\2\4", "speaks protocol 2 to 4, this program 1"),
        (_core.AckStatus.LINK_TOO_NARROW, b"\x14\x64", "carries 20 bytes at once, 100 are needed"),
    ],
)
def test_what_the_board_refuses_is_explained(
    status: _core.AckStatus, data: bytes, message: str
) -> None:
    conversation = Conversation(stream=False)
    conversation.connect()
    assert conversation.due(0.0) is not None
    ack = _core.Ack()
    ack.command, ack.status, ack.data = 0x81, int(status), data
    with pytest.raises(LinkError, match=message):
        list(conversation.receive(_core.encode(ack, 0), 0.0))


def test_a_board_that_talks_over_its_other_link_says_so() -> None:
    conversation = Conversation(stream=False)
    conversation.connect()
    asked = conversation.due(0.0)
    assert asked is not None
    ack = _core.Ack()
    ack.command_sequence = int.from_bytes(asked[2:4], "little")
    ack.command, ack.status = asked[0], int(_core.AckStatus.BUSY)
    with pytest.raises(BoardError, match="talking over USB"):
        list(conversation.receive(_core.encode(ack, 0), 0.1))
