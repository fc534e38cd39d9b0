"""Samples of a board by its own time, every one of which is recorded as it comes."""

from __future__ import annotations

from contextlib import suppress

from imu_gesture.link.link import SamplesReceived
from imu_gesture.recording.capture.desk import Desk, KeyPressed, Progress
from imu_gesture.recording.capture.recorder import Recorder
from imu_gesture.recording.capture.source import Source
from imu_gesture.samples import Samples, concatenate

_SHOW_US = 100_000


class SourceEnded(Exception):  # noqa: N818 - it is no error
    """There will be no more samples: what was played back is over."""


class Stream:
    """Hands out samples by device time, and shows the person how it goes.

    Attributes:
        doing, left_s: what is shown of the plan; `left_s` comes after the present `take`.
        companions: recorders of other boards, shown beside this one.
    """

    def __init__(self, source: Source, recorder: Recorder, desk: Desk) -> None:
        self._source, self.recorder, self._desk = source, recorder, desk
        self._ahead: list[Samples] = []
        self._end_us: int | None = None
        self._shown_us = -_SHOW_US
        self.newest_us = 0  # device time of the newest sample handed out
        self.doing = ""
        self.left_s: float | None = 0.0
        self.companions: list[Recorder] = []

    def open(self) -> None:
        """Wait until the file is there, with the first of its samples."""
        while not self._ahead or not self.recorder.opened:
            with suppress(KeyPressed):  # there is nothing yet to take again
                self._ahead.insert(0, self._receive())

    @property
    def next_us(self) -> int:
        """Device time of the sample that the next `take` begins with, after another `take`."""
        return int(self._ahead[-1].device_time_us[0])

    def next(self) -> Samples:
        """The next samples, as many as there are at once.

        Raises:
            KeyPressed, SourceEnded: the person wants something else; nothing comes any more.
            LinkError, RecordingError: the board is lost, or the file cannot be written.
        """
        self._end_us = None
        samples = self._ahead.pop() if self._ahead else self._receive()
        self.newest_us = int(samples.device_time_us[-1])
        return samples

    def take(self, seconds: float) -> Samples:
        """The next samples, up to `seconds` of device time behind the first of them.

        Raises:
            KeyPressed, SourceEnded: the person wants something else; nothing comes any more.
            LinkError, RecordingError: the board is lost, or the file cannot be written.
        """
        taken: list[Samples] = []
        self._end_us = None
        while True:
            samples = self._ahead.pop() if self._ahead else self._receive()
            if self._end_us is None:
                self._end_us = int(samples.device_time_us[0]) + round(seconds * 1e6)
            fits = samples.device_time_us < self._end_us
            if fits.any():
                taken.append(samples.rows(fits))
                self.newest_us = int(samples.device_time_us[fits][-1])
            if not fits.all():
                self._ahead.append(samples.rows(~fits))
                return concatenate(taken)

    def _receive(self) -> Samples:
        while True:
            key = self._desk.pressed()
            if key is not None:
                raise KeyPressed(key)
            event = next(self._source, None)
            if event is None:
                raise SourceEnded
            self.recorder.handle(event)
            self._show()
            if isinstance(event, SamplesReceived) and len(event.samples):
                return event.samples

    def _show(self) -> None:
        """How it goes, no more often than eyes can follow."""
        newest_us = self.recorder.newest_us
        if abs(newest_us - self._shown_us) >= _SHOW_US:
            self._shown_us = newest_us
            self._desk.show(self._progress())

    def _progress(self) -> Progress:
        recorder, remaining_s = self.recorder, self.left_s
        if remaining_s is not None and self._end_us is not None:
            remaining_s += max(0.0, (self._end_us - recorder.newest_us) * 1e-6)
        return Progress(
            self.doing,
            (recorder.newest_us - recorder.origin_us) * 1e-6,
            remaining_s,
            tuple(each.view for each in (recorder, *self.companions)),
        )
