"""A board whose sketch is not ours and prints its samples as text, over any transport."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Self

from imu_gesture.device import DeviceInfo
from imu_gesture.errors import BoardError, LinkError
from imu_gesture.link.board_link import unix_clock
from imu_gesture.link.link import (
    LineDamaged,
    LinkEvent,
    LinkInterrupted,
    LinkResumed,
    LinkStatus,
    SamplesLost,
)
from imu_gesture.link.text.columns import Columns
from imu_gesture.link.text.complaint import complaint
from imu_gesture.link.text.decoder import TextDecoder
from imu_gesture.link.transport import Transport

_READ_S = 0.1
_GATHER_S = 0.02  # lines are read in heaps: each read costs more than a line
_RETRY_S = 0.2
_FRAME_END = b"\0"  # of our own protocol; no text holds it


class TextLink:
    """Yields samples, one a line; after an interruption the same stream goes on behind a gap.

    Args:
        transport: what carries the bytes.
        columns: what a line holds; None to believe the sketch's own header.
        silence_s: a board that prints nothing for so long is lost.
        patience_s: how long a lost board is waited for.
        clock: Unix time in seconds, never going back.
    """

    def __init__(
        self,
        transport: Transport,
        columns: Columns | None = None,
        silence_s: float = 5.0,
        patience_s: float = 30.0,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._transport = transport
        self._silence_s = silence_s
        self._patience_s = patience_s
        self._clock = clock or unix_clock()
        self._decoder = TextDecoder(columns)
        self._waiting: deque[LinkEvent] = deque()  # not handed out yet
        self._heard = False
        self._heard_s = 0.0
        self._binary = False
        self.info = DeviceInfo(source=transport.name)
        self.status = LinkStatus()

    def __enter__(self) -> Self:
        self._transport.open()
        self._heard_s = self._clock()
        try:
            while self._decoder.columns is None:
                self._waiting.extend(self._step())
        except LinkError:
            self._transport.close()
            raise
        self.info = DeviceInfo(
            source=self._transport.name,
            time_source="device" if self._decoder.columns.has_time else "rate",
        )
        return self

    def __exit__(self, *error: object) -> None:
        self._transport.close()

    @property
    def rate_hz(self) -> float | None:
        """Lines a second, where the board prints no times and it was measured."""
        return self._decoder.rate_hz

    def cue(self, label: str) -> None:
        """Nothing to do: the person at the board reads the screen."""

    def events(self) -> Iterator[LinkEvent]:
        """What the board prints.

        Raises:
            LinkError: the board was lost and did not come back, or nothing it prints can be read.
        """
        while True:
            try:
                while True:
                    while self._waiting:
                        event = self._waiting.popleft()
                        self._count(event)
                        yield event
                    self._waiting.extend(self._step())
            except BoardError:
                raise
            except LinkError as error:
                yield LinkInterrupted(str(error))
                self._find_again(error)
                yield LinkResumed()

    def _count(self, event: LinkEvent) -> None:
        lost = event.count or 0 if isinstance(event, SamplesLost) else 0
        before, is_damaged = self.status, isinstance(event, LineDamaged)
        self.status = LinkStatus(before.lost + lost, before.damaged + is_damaged)

    def _step(self) -> Iterator[LinkEvent]:
        data = self._transport.read(_READ_S)
        now_s = self._clock()
        if data:
            self._heard, self._heard_s = True, now_s
            self._binary |= _FRAME_END in data
            yield from self._decoder.feed(data, now_s)
            self._check_sense()
            time.sleep(_GATHER_S)
        elif now_s - self._heard_s > self._silence_s:
            raise self._silent()

    def _check_sense(self) -> None:
        """Raises BoardError: what is printed makes no sense, and will not."""
        problem = complaint(self._decoder, self._binary)
        if problem:
            raise BoardError(f"{self._transport.name}: {problem}")

    def _silent(self) -> LinkError:
        said = f"{self._transport.name}: nothing for {self._silence_s:g} s"
        if self._heard:
            return LinkError(f"{said}; does the sketch still print? Press the board's reset button")
        return BoardError(
            f"{said}; does the sketch on the board print its samples all the time, as in Arduino's "
            "serial monitor? The sketch of imu-gesture is read without --text"
        )

    def _find_again(self, lost: LinkError) -> None:
        """Wait until the board prints again. Raises LinkError: it does not."""
        end_s = self._clock() + self._patience_s
        while self._clock() < end_s:
            self._transport.close()
            time.sleep(_RETRY_S)
            try:
                self._transport.open()
                while self._clock() < end_s:
                    data = self._transport.read(_READ_S)
                    if data:
                        self._resume(data)
                        return
            except BoardError:
                raise
            except LinkError:
                continue
        self._transport.close()
        raise LinkError(f"{lost} (waited {self._patience_s:g} s)") from lost

    def _resume(self, data: bytes) -> None:
        self._heard_s = self._clock()
        self._decoder.restart()
        self._waiting.extend(self._decoder.feed(data, self._heard_s))
