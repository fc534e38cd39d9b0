"""The host's side of the protocol: bytes and time in, events and bytes out. It waits for nothing.

The protocol is described in `docs/protocol.md`; packets are encoded and decoded by the core.
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from imu_gesture import _core
from imu_gesture.device import BOARDS, DeviceInfo
from imu_gesture.errors import BoardError, LinkError
from imu_gesture.link.ledger import Ledger
from imu_gesture.link.link import ClockProbed, LinkEvent, SamplesLost, SamplesReceived
from imu_gesture.link.reports import Report, event_of
from imu_gesture.samples import Samples

_REPEAT_S = 0.5
_MOST_TRIES = 6
_DOUBTFUL_TRIES = 2  # after so many, the board may have been reset: it is asked who it is
_PROBE_S = 1.0  # also the heartbeat without which the board stops
_FIRST_PROBES = 5
_COUNTS = 32768  # full scale of 16-bit readings
EVERYTHING = _core.STREAM_IMU | _core.STREAM_MAG | _core.STREAM_TEMPERATURE | _core.STREAM_GESTURES
_ERROR = 2  # level of a Log


@dataclass
class _Command:
    packet: bytes
    sequence: int
    on_answer: Callable[[_core.Ack, _Command], None]
    tries: int = 0
    doubted: bool = False
    sent_s: float = 0.0
    answered_s: float = 0.0


class Conversation:
    """With one board, over any number of connections.

    `info` is None until the board has introduced itself.

    Args:
        stream: whether bytes run together, so that packets stand in frames.
        streams: what to ask the board for.
        max_packet: the longest that can reach this host.
    """

    def __init__(
        self, stream: bool, streams: int = EVERYTHING, max_packet: int = _core.MAX_PACKET
    ) -> None:
        self._stream = stream
        self._streams = streams
        self.max_packet = max_packet
        self._decoder = _core.PacketDecoder()
        self._commands: deque[_Command] = deque()
        self._sequence = 0
        self._probed_s = 0.0
        self._hello: _core.Hello | None = None
        self._introduced = False  # on this connection
        self._imu, self._mag = Ledger(), Ledger()
        self._pending: list[LinkEvent] = []
        self.info: DeviceInfo | None = None
        self.labels: list[str] = []
        self.streaming = False
        self.health: _core.Health | None = None

    @property
    def received(self) -> int:
        """Inertial samples that arrived."""
        return self._imu.received

    @property
    def lost(self) -> int:
        """Inertial samples that are known to be missing."""
        return self._imu.lost

    @property
    def damaged(self) -> int:
        """Frames or datagrams that were not believed."""
        return self._decoder.counters.damaged

    def connect(self) -> None:
        """A connection was made: ask the board who it is."""
        self._decoder.restart()
        self._commands.clear()
        self.streaming = False
        self._introduced = False
        self._ask_hello()

    def start(self) -> None:
        """Ask for samples."""
        command = _core.Start()
        command.streams = self._streams
        self._ask(command, self._on_started)

    def stop(self) -> None:
        """Ask for no more samples; the answer closes the book."""
        self._ask(_core.Stop(), self._on_stopped)

    @property
    def idle(self) -> bool:
        """Whether everything asked was answered."""
        return not self._commands

    def receive(self, data: bytes, now_s: float) -> Iterator[LinkEvent]:
        """What these bytes, or this datagram, complete."""
        feed = self._decoder.feed_stream if self._stream else self._decoder.feed_datagram
        for packet in feed(data):
            yield from self._events(packet, now_s)
            yield from self._pending
            self._pending.clear()

    def due(self, now_s: float) -> bytes | None:
        """What is to be sent now, if anything.

        Raises:
            LinkError: the board does not answer.
        """
        if self.idle and self.streaming and now_s - self._probed_s >= _PROBE_S:
            self._probe(now_s)
        if not self._commands:
            return None
        command = self._commands[0]
        if command.tries and now_s - command.sent_s < _REPEAT_S:
            return None
        if command.tries == _MOST_TRIES:
            raise LinkError(
                f"no answer to {_MOST_TRIES} questions in {_MOST_TRIES * _REPEAT_S:g} s; is the "
                "sketch of imu-gesture on the board? (`imu-gesture deploy`; for other sketches "
                "that print numbers: --text)"
            )
        if command.tries == _DOUBTFUL_TRIES and not command.doubted and self._introduced:
            command.doubted = True
            self._introduced = False
            self._ask_hello(first=True)
            command = self._commands[0]
        command.tries += 1
        command.sent_s = now_s
        return (b"\0" + _core.frame(command.packet)) if self._stream else command.packet

    def _ask_hello(self, first: bool = False) -> None:
        command = _core.AskHello()
        command.max_packet = self.max_packet
        self._ask(command, self._on_hello_acknowledged)
        if first:
            self._commands.rotate(1)

    def _probe(self, now_s: float) -> None:
        self._probed_s = now_s
        self._ask(_core.TimeProbe(), self._on_probed)

    def _ask(self, command: Any, on_answer: Callable[[_core.Ack, _Command], None]) -> None:
        packet = _core.encode(command, self._sequence)
        self._commands.append(_Command(packet, self._sequence, on_answer))
        self._sequence = (self._sequence + 1) % 2**16

    def _events(self, packet: object, now_s: float) -> Iterator[LinkEvent]:
        if isinstance(packet, _core.SampleColumns):
            if self.streaming:
                yield from self._samples(packet, now_s)
        elif isinstance(packet, Report):
            if isinstance(packet, _core.Health):
                self.health = packet
            yield event_of(packet, self.labels, self._imu.unwrapped)
        elif isinstance(packet, _core.Hello):
            self._on_hello(packet)
        elif isinstance(packet, _core.Ack):
            self._on_ack(packet, now_s)
        elif isinstance(packet, _core.Log) and packet.level == _ERROR:
            raise BoardError(f"the board reports: {packet.text.decode('utf-8', 'replace')}")

    def _samples(self, columns: _core.SampleColumns, now_s: float) -> Iterator[LinkEvent]:
        ledger = self._imu if columns.values == 6 else self._mag
        entry = ledger.take(columns, now_s)
        if entry.lost and ledger is self._imu:
            yield SamplesLost(entry.lost)
        if len(entry.sequence):
            yield SamplesReceived(self._as_samples(columns, entry.keep, entry))

    def _as_samples(self, columns: _core.SampleColumns, keep: slice, entry: Any) -> Samples:
        hello = self._hello
        if hello is None:
            raise LinkError("samples came before the board had introduced itself")
        counts = np.ascontiguousarray(columns.counts[keep])
        nothing, no_times = np.zeros((0, 3), np.float32), np.zeros(0, np.int64)
        if columns.values == 3:
            mag_ut = _core.counts_to_units(counts, hello.mag_ut_per_lsb)
            return Samples(no_times, nothing, nothing, no_times, entry.device_time_us, mag_ut)
        acc, gyr = np.ascontiguousarray(counts[:, :3]), np.ascontiguousarray(counts[:, 3:])
        return Samples(
            device_time_us=entry.device_time_us,
            acc_g=_core.counts_to_units(acc, hello.acc_g_per_lsb),
            gyr_dps=_core.counts_to_units(gyr, hello.gyr_dps_per_lsb),
            sequence=entry.sequence,
        )

    def _on_hello(self, hello: _core.Hello) -> None:
        before, self._hello = self._hello, hello
        self._introduced = True
        if before is not None and before.device_id != hello.device_id:
            raise BoardError(
                f"another board ({hello.device_id.hex()}) is there than before "
                f"({before.device_id.hex()}); plug the first one in again"
            )
        if before is not None and before.boot_count != hello.boot_count:
            missing = self._imu.restart(hello.previous_samples)
            self._mag.restart(_core.UNKNOWN_COUNT)
            if missing != 0:
                self._pending.append(SamplesLost(missing))
            if self.streaming:  # it was reset in the middle of it
                self.streaming = False
                self._commands.clear()
                self.start()
        self.info = _device_info(hello)
        if len(self.labels) != hello.classes:
            self.labels = [""] * hello.classes

    def _on_hello_acknowledged(self, ack: _core.Ack, _: _Command) -> None:
        if ack.status == _core.AckStatus.UNSUPPORTED_PROTOCOL.value:
            oldest, newest = ack.data
            raise BoardError(
                f"the board speaks protocol {oldest} to {newest}, this program "
                f"{_core.PROTOCOL_VERSION}; put the sketch of this version on it "
                "(`imu-gesture deploy`)"
            )
        if ack.status == _core.AckStatus.LINK_TOO_NARROW.value:
            raise BoardError(
                f"the link carries {ack.data[0]} bytes at once, {_core.MIN_PACKET} are needed; "
                "the computer's Bluetooth has not agreed on a larger size: connect again"
            )
        if not self._introduced:  # the Hello before this answer was lost
            self._ask_hello()
            return
        for index in range(len(self.labels)):
            command = _core.GetLabel()
            command.index = index
            self._ask(command, partial(self._on_label, index))

    def _on_label(self, index: int, ack: _core.Ack, _: _Command) -> None:
        self.labels[index] = ack.data.decode("utf-8", "replace")

    def _on_started(self, ack: _core.Ack, command: _Command) -> None:
        if ack.status != _core.AckStatus.DONE.value:
            raise BoardError(f"the board cannot start ({_status(ack)})")
        imu, mag = struct.unpack("<II", ack.data)
        self._imu.open_at(imu)
        self._mag.open_at(mag)
        self.streaming = True
        for _ in range(_FIRST_PROBES):
            self._probe(command.answered_s)

    def _on_probed(self, ack: _core.Ack, command: _Command) -> None:
        once = command.tries == 1  # else nobody knows which of the questions was answered
        if once and ack.status == _core.AckStatus.DONE.value and self._imu.times_known:
            time_us = self._imu.unwrapped(struct.unpack("<II", ack.data)[1])
            self._pending.append(ClockProbed(time_us, command.sent_s, command.answered_s))

    def _on_stopped(self, ack: _core.Ack, _: _Command) -> None:
        self.streaming = False
        missing = self._imu.close_at(struct.unpack("<II", ack.data)[0])
        if missing:
            self._pending.append(SamplesLost(missing))

    def _on_ack(self, ack: _core.Ack, now_s: float) -> None:
        for command in self._commands:
            if command.tries and command.sequence == ack.command_sequence:
                self._commands.remove(command)
                command.answered_s = now_s
                command.on_answer(ack, command)
                return


def _status(ack: _core.Ack) -> str:
    names = {status.value: status.name.lower().replace("_", " ") for status in _core.AckStatus}
    return names.get(ack.status, f"status {ack.status}")


def _device_info(hello: _core.Hello) -> DeviceInfo:
    return DeviceInfo(
        device_id=hello.device_id.hex(),
        board=BOARDS.get(hello.board_revision, f"revision {hello.board_revision}"),
        firmware=".".join(str(part) for part in hello.firmware),
        stated_rate_hz=float(np.round(hello.imu_rate_hz, 3)) or None,
        acc_g_per_lsb=hello.acc_g_per_lsb,
        gyr_dps_per_lsb=hello.gyr_dps_per_lsb,
        mag_ut_per_lsb=hello.mag_ut_per_lsb or None,
        acc_range_g=hello.acc_g_per_lsb * _COUNTS,
        gyr_range_dps=hello.gyr_dps_per_lsb * _COUNTS,
    )
