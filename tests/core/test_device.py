"""The board's side of the protocol: what is lost is counted, and commands are obeyed once."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from imu_gesture import _core
from tests.core import independent_wire as independent

Int16Array = NDArray[np.int16]
LABELS = ["circle", "größe", "background"]


def identity() -> _core.Hello:
    hello = _core.Hello()
    hello.device_id = b"\1\2\3\4\5\6\7\x08"
    hello.acc_g_per_lsb, hello.gyr_dps_per_lsb = 0.000122, 0.07
    return hello


class Host:
    """The other end of a board's link, which reads with the independent decoder."""

    def __init__(self, max_packet: int = 182, firmware: _core.Firmware | None = None) -> None:
        self.device = _core.Device(identity(), LABELS, firmware)
        self.now_us = 0
        self.taken = 0
        self._commands = 0
        self.device.link_up(max_packet, 100_000, self.now_us)
        self.greeting = self.packets()

    def ask(self, command: object, sequence: int | None = None) -> list[independent.Packet]:
        self._commands += sequence is None
        number = self._commands if sequence is None else sequence
        packet = _core.encode(command, number)  # type: ignore[call-overload]
        self.device.receive_datagram(packet, self.now_us)
        return [p for p in map(_decoded, self.packets()) if p is not None]

    def start(
        self, streams: int = _core.STREAM_IMU, recognise: int = 1
    ) -> list[independent.Packet]:
        command = _core.Start()
        command.streams, command.recognise = streams, recognise
        return self.ask(command)

    def packets(self) -> list[bytes]:
        found = []
        while (packet := self.device.transmit()) is not None:
            found.append(packet)
        return found

    def move(self, n: int, step_us: int = 8403) -> Int16Array:
        """So many samples; returns their counts."""
        times_us = self.now_us + step_us * np.arange(1, n + 1)
        counts = np.random.default_rng(self.taken).integers(-32768, 32768, (n, 6), np.int16)
        self.device.take(times_us % 2**32, counts)
        self.now_us = int(times_us[-1])
        self.taken += n
        self.device.poll(self.now_us % 2**32)
        return counts


def _decoded(packet: bytes) -> independent.Packet | None:
    return None if packet[0] in independent.BLOCKS else independent.decode_packet(packet)


Columns = tuple[list[int], list[int], list[tuple[int, ...]]]


def samples_in(packets: list[bytes]) -> Columns:
    """Numbers, times and counts of all samples, in the order they came."""
    found: Columns = ([], [], [])
    for packet in packets:
        if packet[0] in independent.BLOCKS:
            numbers, times_us, counts = independent.decode_block(packet)
            found[0].extend(numbers)
            found[1].extend(times_us)
            found[2].extend(counts)
    return found


@pytest.mark.parametrize("max_packet", [100, 182, 244])
def test_every_sample_arrives_with_its_number_and_time(max_packet: int) -> None:
    host = Host(max_packet)
    host.start()
    sent = host.move(40)
    host.now_us += 200_000
    host.device.poll(host.now_us)
    packets = host.packets()
    numbers, times_us, counts = samples_in(packets)
    assert numbers == list(range(40))
    assert times_us == [8403 * (i + 1) for i in range(40)]
    assert counts == [tuple(row) for row in sent.tolist()]
    assert max(map(len, packets)) <= max_packet


def test_before_a_start_nothing_is_sent_but_numbers_go_on() -> None:
    host = Host()
    host.move(10)
    assert host.packets() == []
    (ack,) = host.start()
    assert struct.unpack("<IIHH", bytes.fromhex(str(ack.fields["data"]))) == (10, 0, 0, 0)
    host.move(12)
    assert samples_in(host.packets())[0][0] == 10


def test_stop_sends_what_is_left_and_says_how_many_there_were() -> None:
    host = Host()
    host.start()
    host.move(3)
    assert host.packets() == []
    host.device.receive_datagram(_core.encode(_core.Stop(), 9), host.now_us)
    *blocks, ack = host.packets()
    assert samples_in(blocks)[0] == [0, 1, 2]
    data = independent.decode_packet(ack).fields["data"]
    assert struct.unpack("<IIHH", bytes.fromhex(str(data))) == (3, 0, 0, 0)
    host.move(50)
    assert host.packets() == []


def test_a_board_introduces_itself_asked_and_unasked() -> None:
    host = Host(182)
    (greeting,) = map(independent.decode_packet, host.greeting)
    hello, ack = host.ask(_core.AskHello())
    assert (ack.name, ack.fields["status"]) == ("Ack", 0)
    wanted = {"protocol": 1, "device_id": "0102030405060708", "classes": 3, "max_packet": 182}
    assert {name: hello.fields[name] for name in wanted} == wanted
    assert greeting.fields == hello.fields


@pytest.mark.parametrize(("oldest", "newest"), [(2, 9), (0, 0)])
def test_a_host_of_another_protocol_is_told_what_the_board_speaks(oldest: int, newest: int) -> None:
    ask = _core.AskHello()
    ask.oldest, ask.newest = oldest, newest
    (ack,) = Host().ask(ask)
    assert ack.fields["status"] == int(_core.AckStatus.UNSUPPORTED_PROTOCOL)
    assert ack.fields["data"] == "0101"


@pytest.mark.parametrize("command", ["AskHello", "Start"])
def test_a_link_that_is_too_narrow_is_refused(command: str) -> None:
    (ack,) = Host(max_packet=20).ask(getattr(_core, command)())
    assert ack.fields["status"] == int(_core.AckStatus.LINK_TOO_NARROW)


def test_a_command_asked_twice_is_answered_twice_and_obeyed_once() -> None:
    host = Host()
    (first,) = host.ask(_core.Start(), sequence=5)
    host.move(30)
    host.packets()
    (again,) = host.ask(_core.Start(), sequence=5)
    assert again.fields == first.fields
    host.move(1)
    assert host.device.streaming


def test_labels_are_told() -> None:
    ask = _core.GetLabel()
    ask.index = 1
    (ack,) = Host().ask(ask)
    assert bytes.fromhex(str(ack.fields["data"])).decode() == "größe"
    ask.index = 3
    (ack,) = Host().ask(ask)
    assert ack.fields["status"] == int(_core.AckStatus.BAD_ARGUMENT)


def test_a_probe_is_answered_with_the_time() -> None:
    host = Host()
    host.now_us = 123_456
    probe = _core.TimeProbe()
    probe.nonce = 0xCAFEBABE
    (ack,) = host.ask(probe)
    assert struct.unpack("<II", bytes.fromhex(str(ack.fields["data"]))) == (0xCAFEBABE, 123_456)


def test_a_silent_host_ends_the_stream_and_a_heartbeat_keeps_it() -> None:
    host = Host()
    host.start()
    for _ in range(8):
        host.move(100)
        host.ask(_core.Heartbeat())
    assert host.device.streaming
    host.move(400)
    assert not host.device.streaming


def test_what_the_link_does_not_take_is_counted() -> None:
    host = Host()
    host.start()
    host.move(300)
    host.device.receive_datagram(_core.encode(_core.Stop(), 9), host.now_us)
    numbers, _, _ = samples_in(host.packets())
    dropped = host.device.health.imu_dropped
    assert dropped > 0
    assert len(numbers) + dropped == host.taken


def test_a_full_outbox_still_has_room_for_answers() -> None:
    host = Host()
    host.start()
    host.move(300)
    assert host.ask(_core.Heartbeat())[-1].name == "Ack"


def test_numbers_have_a_hole_where_the_sensor_lost_samples() -> None:
    host = Host()
    host.start()
    host.move(5)
    host.device.lose(7)
    host.move(5)
    host.device.receive_datagram(_core.encode(_core.Stop(), 9), host.now_us)
    assert samples_in(host.packets())[0] == [*range(5), *range(12, 17)]
    assert host.device.health.imu_fifo_lost == 7


def test_the_clock_wraps_without_a_gap() -> None:
    host = Host()
    host.now_us = 2**32 - 50_000
    host.device.link_up(182, 100_000, host.now_us)
    host.packets()
    host.start()
    host.move(30)
    host.now_us += 200_000
    host.device.poll(host.now_us % 2**32)
    numbers, times_us, _ = samples_in(host.packets())
    assert numbers == list(range(30))
    assert np.all(np.diff(np.array(times_us, np.uint32)) == 8403)


def test_a_reset_forgets_everything_but_how_many_there_were() -> None:
    host = Host()
    host.start()
    host.move(123)
    host.device.reset()
    host.device.link_up(182, 100_000, host.now_us)
    (hello,) = map(independent.decode_packet, host.packets())
    assert (hello.fields["boot_count"], hello.fields["previous_samples"]) == (1, 123)
    assert not host.device.streaming


def test_unknown_commands_are_refused_and_damaged_ones_counted() -> None:
    host = Host()
    (ack,) = host.ask(_core.Mark())
    assert ack.fields["status"] == int(_core.AckStatus.UNKNOWN_COMMAND)
    host.device.receive_datagram(b"\x82\x02nonsense", 0)
    host.device.receive_stream(b"nonsense\0", 0)
    assert host.packets() == []
    assert host.device.health.commands_damaged == 2


ACTIONS = st.lists(
    st.sampled_from(["move", "lose", "heartbeat", "drain", "narrow", "wait"]), max_size=60
)


@settings(deadline=None)
@given(ACTIONS)
def test_received_and_reported_lost_are_all_there_were(actions: list[str]) -> None:
    host = Host()
    host.start()
    received: list[bytes] = []
    lost = 0
    for action in actions:
        if action == "move":
            host.move(37)
        elif action == "lose":
            host.device.lose(3)
            lost += 3
        elif action == "heartbeat":
            host.device.receive_datagram(_core.encode(_core.Heartbeat(), 77), host.now_us)
        elif action == "wait":
            host.now_us += 40_000
            host.device.poll(host.now_us)
        elif action == "drain":
            received += host.packets()
        elif (packet := host.device.transmit()) is not None:
            received.append(packet)
    still_streaming = host.device.streaming
    host.device.receive_datagram(_core.encode(_core.Stop(), 78), host.now_us)
    received += host.packets()
    numbers, _, _ = samples_in(received)
    health = host.device.health
    assert health.imu_numbered == host.taken + lost
    if still_streaming:
        assert len(numbers) + health.imu_dropped + health.imu_fifo_lost == health.imu_numbered
    assert numbers == sorted(set(numbers))
