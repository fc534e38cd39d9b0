"""A board that speaks our protocol, over any transport; found again when it was lost."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Self, TypeVar

import numpy as np

from imu_gesture import _core
from imu_gesture.device import DeviceInfo
from imu_gesture.errors import BoardError, LinkError
from imu_gesture.link.conversation import Conversation
from imu_gesture.link.keys import key_of
from imu_gesture.link.link import (
    BoardWarned,
    LinkEvent,
    LinkInterrupted,
    LinkResumed,
    LinkStatus,
    SamplesLost,
)
from imu_gesture.link.stranger import stranger
from imu_gesture.link.transport import Transport

Event = TypeVar("Event", bound=LinkEvent)

_READ_S = 0.05
_LAST_WORDS_S = 3.0  # on a bad link, a question and its answer may be lost a few times
_RETRY_S = 0.2
_HEARD_BYTES = 1000


def unix_clock() -> Callable[[], float]:
    """Unix time as of now, going on evenly even when the system's clock is set."""
    offset_s = time.time() - time.monotonic()
    return lambda: offset_s + time.monotonic()


class BoardLink:
    """Yields what the board sends; after an interruption goes on with the same book of samples.

    Args:
        transport: what carries the bytes.
        patience_s: how long a lost board is waited for.
        clock: Unix time in seconds, never going back.
        on_cue: tells whoever holds the board what to perform, where the screen does not.
    """

    def __init__(
        self,
        transport: Transport,
        patience_s: float = 30.0,
        clock: Callable[[], float] | None = None,
        on_cue: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._transport = transport
        self._patience_s = patience_s
        self._clock = clock or unix_clock()
        self._on_cue = on_cue
        self._arrived: deque[LinkEvent] = deque()
        self.conversation = Conversation(transport.stream)
        self.info = DeviceInfo(source=transport.name)
        self._asked_s = 0.0
        self.heard = b""  # the newest bytes of a board that has not introduced itself

    def __enter__(self) -> Self:
        self._transport.open()
        try:
            introduction = list(self._introduction())
        except LinkError:
            self._transport.close()
            raise
        self._arrived.extend(event for event in introduction if isinstance(event, BoardWarned))
        return self

    def __exit__(self, *error: object) -> None:
        if self.conversation.streaming:
            with suppress(LinkError):  # it may well be gone, which is why the link ends
                for _ in self.finish():
                    pass
        self._transport.close()

    @property
    def status(self) -> LinkStatus:
        """How it is doing."""
        talk = self.conversation
        return LinkStatus(talk.lost, talk.damaged, self._transport.rssi_dbm)

    def cue(self, label: str) -> None:
        """Have whoever holds the board perform `label`."""
        self._on_cue(label)

    def calibrate_with(self, calibration_id: bytes, params: _core.CalibrationParams) -> None:
        """Have the board's recogniser correct its readings so, from the next start on.

        A board that was reset in between is told again. calibration_id: (8,) bytes.
        """
        calibration = _core.Calibration()
        calibration.calibration_id = calibration_id
        columns = [params.acc.matrix, params.acc.offset, params.gyr.matrix, params.gyr.offset]
        calibration.values = np.concatenate([np.ravel(column) for column in columns])
        calibration.known = params.known
        self.conversation.calibration = calibration

    def ask_for_scores(self) -> None:
        """Have the board send the scores of each window too, from the next start on."""
        self.conversation.streams |= _core.STREAM_SCORES

    @property
    def trusted(self) -> bool:
        """Whether only somebody who holds the board can be at this end: USB."""
        return self._transport.trusted

    @property
    def max_packet(self) -> int:
        """The longest packet that reaches the board."""
        return self._transport.max_packet

    @property
    def model_id(self) -> str:
        """Of the model that runs now; empty without one."""
        return self.conversation.info.model_id if self.conversation.info else ""

    @property
    def may_change(self) -> bool:
        """Whether the board lets this computer change it."""
        return self.trusted or self.conversation.proved

    def identify(self, seconds: int) -> None:
        """Have the board blink. Raises LinkError: it does not obey."""
        self.conversation.identify(seconds)
        self._settle()

    def order(self, command: object) -> _core.Ack:
        """Have a command answered, whatever the answer is. Raises LinkError: there is none."""
        answers: list[_core.Ack] = []
        self.conversation.ask(command, lambda ack, _: answers.append(ack))
        self._settle()
        return answers[0]

    def _settle(self) -> None:
        """Until everything asked is answered; what arrives meanwhile waits for who asks for it."""
        kept: list[LinkEvent] = []
        while not self.conversation.idle:
            kept += self._step()
        self._arrived.extend(kept)

    def events(self) -> Iterator[LinkEvent]:
        """What the board sends.

        Raises:
            LinkError: the board was lost and did not come back.
        """
        while True:
            try:
                if not self.conversation.streaming:
                    self.conversation.start()
                while True:
                    yield from self._step()
            except BoardError:
                raise
            except LinkError as error:
                yield LinkInterrupted(str(error))
                yield from self._find_again(error)

    def await_event(self, kind: type[Event], timeout_s: float) -> Event | None:
        """The next one of a kind, with the board streaming; None where none comes in time.

        Raises:
            LinkError: the board was lost.
        """
        if not self.conversation.streaming:
            self.conversation.start()
        end_s = self._clock() + timeout_s
        while self._clock() < end_s:
            for event in self._step():
                if isinstance(event, kind):
                    return event
        return None

    def finish(self) -> Iterator[LinkEvent]:
        """Stop the stream, and hand out what was still on its way."""
        yield from self._hand_out()
        self.conversation.stop()
        end_s = self._clock() + _LAST_WORDS_S
        while not self.conversation.idle and self._clock() < end_s:
            yield from self._step()
        if not self.conversation.idle:
            yield SamplesLost(None)  # nobody knows what came after the last one that arrived

    def _introduction(self) -> Iterator[LinkEvent]:
        self.conversation.max_packet = self._transport.max_packet
        self.conversation.connect()
        self._asked_s = self._clock()
        while not self.conversation.idle:
            yield from self._step()
        if self.conversation.info is not None:
            source = {"source": self._transport.name}
            self.info = self.conversation.info.model_copy(update=source)
        yield from self._proof()

    def _proof(self) -> Iterator[LinkEvent]:
        """Over the air, have the board know this computer, where they were paired."""
        key = None if self.trusted else key_of(self.info.device_id)
        if key is not None:
            self.conversation.prove_with(key)
        while not self.conversation.idle:
            yield from self._step()

    def _step(self) -> Iterator[LinkEvent]:
        """Write what is due, read what has come."""
        try:
            message = self.conversation.due(self._clock())
        except LinkError as error:
            raise self._unanswered(error) from error
        if message is not None:
            self._transport.write(message)
        data = self._transport.read(_READ_S)
        if data:
            if self.conversation.info is None:
                self.heard = (self.heard + data)[-_HEARD_BYTES:]
            with self._named():
                self._arrived.extend(self.conversation.receive(data, self._clock()))
        yield from self._hand_out()

    def _hand_out(self) -> Iterator[LinkEvent]:
        """What a caller who stops asking has not taken stays for who asks next."""
        while self._arrived:
            yield self._arrived.popleft()

    def _unanswered(self, error: LinkError) -> LinkError:
        """The board does not answer; one that never did is described."""
        if self.conversation.info is not None:
            return LinkError(f"{self._transport.name}: {error}")
        said = stranger(self.heard, round(self._clock() - self._asked_s))
        return LinkError(f"{self._transport.name}: {said}")

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Say of which board it is that something goes wrong."""
        try:
            yield
        except LinkError as error:
            raise type(error)(f"{self._transport.name}: {error}") from error

    def _find_again(self, lost: LinkError) -> Iterator[LinkEvent]:
        end_s, now = self._clock() + self._patience_s, ""
        while self._clock() < end_s:
            self._transport.close()
            time.sleep(_RETRY_S)
            try:
                self._transport.open()
                yield from self._introduction()
            except BoardError:
                raise
            except LinkError as error:
                now = f"; now: {error}"
                continue
            yield LinkResumed()
            return
        self._transport.close()
        raise LinkError(f"{lost} (waited {self._patience_s:g} s){now}") from lost
