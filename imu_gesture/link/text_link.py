"""A board on a serial port that prints its samples as text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Self

import serial

from imu_gesture.device import DeviceInfo
from imu_gesture.errors import LinkError
from imu_gesture.link.link import BoardFailed, LineDamaged, LinkEvent, LinkStatus, SamplesLost
from imu_gesture.link.text_lines import TextDecoder

BAUD_RATE = 115_200  # USB ignores it, but 1200 would start the bootloader
_READ_TIMEOUT_S = 0.1
_START, _STOP = b"s", b"x"
_HOPELESS_LINES = 100  # so many damaged ones in a row are no accident
_WRONG_SKETCH = (
    "does the sketch on the board print time_us,aX,aY,aZ,gX,gY,gZ? The sketch of "
    "`imu-gesture deploy` is read without --text"
)


class TextLink:
    """An Arduino whose sketch prints samples, one a line."""

    def __init__(self, port: str, silence_s: float = 5.0) -> None:
        self._port = port
        self._silence_s = silence_s
        self._serial: serial.Serial | None = None
        self.info = DeviceInfo(source=f"serial port {port}")
        self.status = LinkStatus()

    def __enter__(self) -> Self:
        try:
            self._serial = serial.Serial(
                self._port, BAUD_RATE, timeout=_READ_TIMEOUT_S, exclusive=True
            )
            self._serial.write(_START)
        except (OSError, ValueError) as error:
            self._close()
            raise LinkError(
                f"{self._port}: cannot be opened ({error}); is the board plugged in, and does no "
                "other program, such as the Arduino IDE's monitor, hold the port?"
            ) from error
        return self

    def __exit__(self, *error: object) -> None:
        if self._serial is not None:
            with suppress(OSError):  # the board is gone, which may well be why the link ends
                self._serial.write(_STOP)
        self._close()

    def _close(self) -> None:
        if self._serial is not None:
            self._serial.close()
            self._serial = None

    def cue(self, label: str) -> None:
        """Nothing to do: the person at the board reads the screen."""

    def events(self) -> Iterator[LinkEvent]:
        """What the board prints."""
        decoder, damaged = TextDecoder(), 0
        for chunk in self._chunks():
            for event in decoder.feed(chunk):
                damaged = damaged + 1 if isinstance(event, LineDamaged) else 0
                self._count(event)
                if isinstance(event, LineDamaged) and damaged == _HOPELESS_LINES:
                    raise LinkError(
                        f"{self._port}: cannot be read, such as {event.text!r}; {_WRONG_SKETCH}"
                    )
                if isinstance(event, BoardFailed):
                    raise LinkError(f"{self._port}: the board reports: {event.problem}")
                yield event

    def _count(self, event: LinkEvent) -> None:
        lost = event.count or 0 if isinstance(event, SamplesLost) else 0
        before, is_damaged = self.status, isinstance(event, LineDamaged)
        self.status = LinkStatus(before.lost + lost, before.damaged + is_damaged)

    def _chunks(self) -> Iterator[bytes]:
        if self._serial is None:
            raise LinkError(f"{self._port}: not open")
        silent_reads = 0
        while True:
            try:
                chunk = self._serial.read(self._serial.in_waiting or 1)
            except OSError as error:
                raise LinkError(
                    f"{self._port}: the board is gone ({error}); plug it in again"
                ) from error
            silent_reads = 0 if chunk else silent_reads + 1
            if silent_reads * _READ_TIMEOUT_S > self._silence_s:
                raise LinkError(f"{self._port}: nothing for {self._silence_s:g} s; {_WRONG_SKETCH}")
            yield chunk
