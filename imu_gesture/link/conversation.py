"""The host's side of the protocol: bytes and time in, events and bytes out. It waits for nothing.

The protocol is described in `docs/protocol.md`; packets are encoded and decoded by the core.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from imu_gesture import _core
from imu_gesture.device import DeviceInfo
from imu_gesture.errors import BoardError
from imu_gesture.link.answers import check_agreed, device_info, obeyed, status_of, taken_note_of
from imu_gesture.link.ledger import Ledger
from imu_gesture.link.link import (
    BoardWarned,
    ClockProbed,
    EventsLost,
    LinkEvent,
    SamplesLost,
    SamplesReceived,
)
from imu_gesture.link.numbering import Numbering
from imu_gesture.link.questions import Question, Questions
from imu_gesture.link.reports import Report, event_of
from imu_gesture.link.scaling import in_units
from imu_gesture.link.seal import Seal

_PROBE_S = 1.0  # also the heartbeat without which the board stops
_FIRST_PROBES = 5
EVERYTHING = (
    _core.STREAM_IMU
    | _core.STREAM_MAG
    | _core.STREAM_TEMPERATURE
    | _core.STREAM_GESTURES
    | _core.STREAM_DRIFT
)
_WARNING, _ERROR = 1, 2  # levels of a Log


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
        self.streams = streams
        self.max_packet = max_packet
        self._decoder = _core.PacketDecoder()
        self._questions = Questions(self._on_doubt, self._wrapped)
        self._probed_s = 0.0
        self._hello: _core.Hello | None = None
        self._introduced = False  # on this connection
        self._imu, self._mag = Ledger(), Ledger()
        self._gestures, self._marks = Numbering(), Numbering()
        self._pending: list[LinkEvent] = []
        self.info: DeviceInfo | None = None
        self.labels: list[str] = []
        self.warnings: list[str] = []  # since the connection was made
        self.calibration: _core.Calibration | None = None  # that the board is to use
        self.streaming = False
        self._seal: Seal | None = None

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

    @property
    def calibration_id(self) -> bytes:
        """(8,) of what the board corrected its readings by when it introduced itself."""
        return self._hello.calibration_id if self._hello else bytes(8)

    def connect(self) -> None:
        """A connection was made: ask the board who it is."""
        self._decoder.restart()
        self._questions.clear()
        self.warnings.clear()
        self.streaming = False
        self._introduced = False
        self._ask_hello()

    def start(self) -> None:
        """Ask for samples, corrected as `calibration` says where gestures are recognised."""
        wanted, hello = self.calibration, self._hello
        if wanted and hello and hello.calibration_id != wanted.calibration_id:
            self._questions.ask(wanted, taken_note_of)
        command = _core.Start()
        command.streams = self.streams
        self._questions.ask(command, self._on_started)

    def stop(self) -> None:
        """Ask for no more samples; the answer closes the book."""
        self._questions.ask(_core.Stop(), self._on_stopped)

    def identify(self, seconds: int) -> None:
        """Have the board blink."""
        command = _core.Identify()
        command.seconds = seconds
        self._questions.ask(command, obeyed)

    @property
    def idle(self) -> bool:
        """Whether everything asked was answered."""
        return self._questions.idle

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
        packet = self._questions.due(now_s)
        return (b"\0" + _core.frame(packet)) if packet and self._stream else packet

    def ask(self, command: Any, on_answer: Callable[[_core.Ack, Question], None]) -> None:
        """Ask anything else; the answer may be a refusal."""
        self._questions.ask(command, on_answer)

    def prove_with(self, key: bytes) -> None:
        """Have what is asked from now on obeyed as from one who has the board's key."""
        self._seal = Seal(key)
        self._prove()

    @property
    def proved(self) -> bool:
        """Whether the board knows that this computer has its key."""
        return self._seal is not None and self._seal.ready

    def _prove(self) -> None:
        if self._seal is not None:
            self._questions.ask(self._seal.challenge(), self._on_proved)

    def _on_proved(self, ack: _core.Ack, _: Question) -> None:
        if ack.status == _core.AckStatus.DONE.value and self._seal and self._hello:
            self._seal.open(ack.data, self._hello.device_id)

    def _wrapped(self, command: Any) -> Any:
        return self._seal.wrapped(command) if self._seal else command

    def _on_doubt(self) -> None:
        """A board that was reset numbers its packets anew: until its Hello they seem overtaken."""
        if self._introduced:
            self._introduced = False
            self._ask_hello(first=True)

    def _ask_hello(self, first: bool = False) -> None:
        command = _core.AskHello()
        command.max_packet = self.max_packet
        self._questions.ask(command, self._on_hello_acknowledged, first)

    def _probe(self, now_s: float) -> None:
        self._probed_s = now_s
        self._questions.ask(_core.TimeProbe(), self._on_probed)

    def _events(self, packet: object, now_s: float) -> Iterator[LinkEvent]:
        if isinstance(packet, _core.SampleColumns):
            if self.streaming:
                yield from self._samples(packet, now_s)
        elif isinstance(packet, Report):
            yield from self._missing_before(packet)
            yield event_of(packet, self.labels, self._imu.unwrapped)
        elif isinstance(packet, _core.Hello):
            self._on_hello(packet)
        elif isinstance(packet, _core.Ack):
            self._questions.answer(packet, now_s)
        elif isinstance(packet, _core.Log):
            yield from self._told(packet.level, packet.text.decode("utf-8", "replace"))

    def _told(self, level: int, text: str) -> Iterator[LinkEvent]:
        if level == _ERROR:
            raise BoardError(f"the board reports: {text}")
        if level == _WARNING and text not in self.warnings:
            self.warnings.append(text)
            yield BoardWarned(text)

    def _missing_before(self, packet: Report) -> Iterator[LinkEvent]:
        if isinstance(packet, _core.Gesture) and (missing := self._gestures.take(packet.number)):
            yield EventsLost("gestures", missing)
        elif isinstance(packet, _core.Mark) and (missing := self._marks.take(packet.number)):
            yield EventsLost("marks", missing)

    def _samples(self, columns: _core.SampleColumns, now_s: float) -> Iterator[LinkEvent]:
        ledger = self._imu if columns.values == 6 else self._mag
        entry = ledger.take(columns, now_s)
        if entry.lost and ledger is self._imu:
            yield SamplesLost(entry.lost)
        if len(entry.sequence):
            yield SamplesReceived(in_units(columns, entry, self._hello))

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
            self._gestures.restart()
            self._marks.restart()
            if missing != 0:
                self._pending.append(SamplesLost(missing))
            if self.streaming:  # it was reset in the middle of it
                self.streaming = False
                self._questions.clear()
                self._prove()
                self.start()
        self.info = device_info(hello)
        if len(self.labels) != hello.classes:
            self.labels = [""] * hello.classes
        if before is not None and before.model_id != hello.model_id:
            self._ask_labels()

    def _on_hello_acknowledged(self, ack: _core.Ack, _: Question) -> None:
        check_agreed(ack)
        if not self._introduced:  # the Hello before this answer was lost
            self._ask_hello()
            return
        self._ask_labels()

    def _ask_labels(self) -> None:
        for index in range(len(self.labels)):
            command = _core.GetLabel()
            command.index = index
            self._questions.ask(command, partial(self._on_label, index))

    def _on_label(self, index: int, ack: _core.Ack, _: Question) -> None:
        self.labels[index] = ack.data.decode("utf-8", "replace")

    def _on_started(self, ack: _core.Ack, command: Question) -> None:
        if ack.status != _core.AckStatus.DONE.value:
            raise BoardError(f"the board cannot start ({status_of(ack)})")
        imu, mag = self._take_numbers(ack)
        self._imu.open_at(imu)
        self._mag.open_at(mag)
        self.streaming = True
        for _ in range(_FIRST_PROBES):
            self._probe(command.answered_s)

    def _on_probed(self, ack: _core.Ack, command: Question) -> None:
        once = command.tries == 1  # else nobody knows which of the questions was answered
        if once and ack.status == _core.AckStatus.DONE.value and self._imu.times_known:
            time_us = self._imu.unwrapped(struct.unpack("<II", ack.data)[1])
            self._pending.append(ClockProbed(time_us, command.sent_s, command.answered_s))

    def _on_stopped(self, ack: _core.Ack, _: Question) -> None:
        self.streaming = False
        missing = self._imu.close_at(self._take_numbers(ack)[0])
        if missing:
            self._pending.append(SamplesLost(missing))

    def _take_numbers(self, ack: _core.Ack) -> tuple[int, int]:
        """The next numbers of IMU and magnetometer samples; events that went missing are told."""
        imu, mag, gestures, marks = struct.unpack_from("<IIHH", ack.data)
        if missing := self._gestures.open_at(gestures):
            self._pending.append(EventsLost("gestures", missing))
        if missing := self._marks.open_at(marks):
            self._pending.append(EventsLost("marks", missing))
        return imu, mag
