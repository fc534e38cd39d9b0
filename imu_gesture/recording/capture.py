"""From a link to a recording: guided repeats of a gesture, or a stretch of background."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from imu_gesture.errors import InputError, RecordingError
from imu_gesture.labels import BACKGROUND, Label, format_labels
from imu_gesture.link.link import (
    LineDamaged,
    Link,
    LinkEvent,
    LinkInterrupted,
    LinkResumed,
    SamplesLost,
    SamplesReceived,
)
from imu_gesture.recording.activity import active_part
from imu_gesture.recording.durable import sync
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import RecordingWriter, labels_path
from imu_gesture.samples import Samples, concatenate

Tell = Callable[[str], None]

_COUNTDOWN = ("3", "2", "1")
_COUNT_S = 0.7
_SETTLE_S = 1.0
_BACKGROUND_PIECE_S = 5.0


@dataclass(frozen=True)
class CapturePlan:
    """What to record: repeats of `seconds` each, or for background one stretch of `seconds`."""

    label: str
    repeats: int = 10
    seconds: float = 2.0
    participant: str = "unknown"
    session: str = "1"


@dataclass(frozen=True)
class CaptureReport:
    """What was recorded."""

    path: Path
    samples: int
    labels: tuple[Label, ...]
    damaged_lines: int
    lost_samples: int


def capture(link: Link, path: Path, plan: CapturePlan, tell: Tell) -> CaptureReport:
    """Record by a plan into a new file; `tell` gets each prompt for the person with the board.

    Interrupting it, or losing the link, keeps what was recorded so far.

    Raises:
        InputError: the gesture's name cannot be one in a label track.
        LinkError, RecordingError: the link is lost, or the file cannot be written.
    """
    if plan.label != plan.label.strip() or not plan.label.isprintable() or not plan.label:
        raise InputError(f"{plan.label!r}: the name of a gesture is one line of visible text")
    device = link.info.model_dump()
    info = RecordingInfo(**device, participant=plan.participant, session=plan.session)
    writer = RecordingWriter(path, info)
    track = _Track(labels_path(path))
    stream = _Stream(link.events(), writer, tell)
    try:
        _guide(link, stream, plan, tell, track)
    except KeyboardInterrupt:
        tell("stopped")
    finally:
        with _uninterrupted():
            writer.close()
    return CaptureReport(
        path, stream.samples, tuple(track.labels), stream.damaged_lines, stream.lost_samples
    )


def _guide(link: Link, stream: _Stream, plan: CapturePlan, tell: Tell, track: _Track) -> None:
    """Follow the plan; each label is there as soon as its stretch is recorded."""
    stream.take(_SETTLE_S)
    repeats = 1 if plan.label == BACKGROUND else plan.repeats
    for repeat in range(1, repeats + 1):
        for count in _COUNTDOWN:
            tell(count)
            stream.take(_COUNT_S)
        tell(f"go: {plan.label} ({repeat} of {repeats})")
        link.cue(plan.label)
        if plan.label == BACKGROUND:
            _take_background(stream, plan.seconds, track)
        else:
            start_us, end_us = active_part(stream.take(plan.seconds))
            track.add(stream.label(start_us, end_us, plan.label))


def _take_background(stream: _Stream, seconds: float, track: _Track) -> None:
    """Part of a gesture is none, but part of the background is background."""
    start_us = stream.next_us
    while seconds > 0:
        try:
            stream.take(min(seconds, _BACKGROUND_PIECE_S))
        finally:
            if stream.newest_us > start_us:
                track.extend(stream.label(start_us, stream.newest_us, BACKGROUND))
        seconds -= _BACKGROUND_PIECE_S


class _Track:
    """The labels so far, on the disk after each change: a crash costs none of them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.labels: list[Label] = []
        self._save()

    def add(self, label: Label) -> None:
        """One more."""
        self.labels.append(label)
        self._save()

    def extend(self, label: Label) -> None:
        """The newest label, longer than before."""
        self.labels[-1:] = [label]
        self._save()

    def _save(self) -> None:
        new = self._path.with_name(f"{self._path.name}.new")
        try:
            with _uninterrupted(), new.open("wb") as stream:
                stream.write(format_labels(self.labels).encode())
                sync(stream)
                new.replace(self._path)
        except OSError as error:
            raise RecordingError(f"{self._path}: cannot be written ({error.strerror})") from error


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back until the end: a chunk written by half would spoil the whole file."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals only ever interrupt the main thread
        return
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if pressed:
            signal.raise_signal(signal.SIGINT)


class _Stream:
    """Hands out samples by device time, and writes all of them."""

    def __init__(self, events: Iterator[LinkEvent], writer: RecordingWriter, tell: Tell) -> None:
        self._events = events
        self._writer = writer
        self._ahead: list[Samples] = []
        self._origin_us = 0
        self.newest_us = 0  # device time of the newest sample handed out
        self.samples = 0
        self.damaged_lines = 0
        self.lost_samples = 0
        self._tell = tell

    @property
    def next_us(self) -> int:
        """Device time of the sample that the next `take` begins with, after another `take`."""
        return int(self._ahead[-1].device_time_us[0])

    def label(self, start_us: int, end_us: int, name: str) -> Label:
        """A label for device times, in seconds since the first sample."""
        return Label((start_us - self._origin_us) * 1e-6, (end_us - self._origin_us) * 1e-6, name)

    def take(self, seconds: float) -> Samples:
        """The next samples, up to `seconds` of device time behind the first of them."""
        taken: list[Samples] = []
        end_us: int | None = None
        while True:
            samples = self._ahead.pop() if self._ahead else self._receive()
            end_us = end_us or int(samples.device_time_us[0]) + round(seconds * 1e6)
            fits = samples.device_time_us < end_us
            if fits.any():
                taken.append(samples.rows(fits))
                self.newest_us = int(samples.device_time_us[fits][-1])
            if not fits.all():
                self._ahead.append(samples.rows(~fits))
                return concatenate(taken)

    def _receive(self) -> Samples:
        for event in self._events:
            if isinstance(event, SamplesReceived):
                self._write(event.samples)
                if len(event.samples):
                    return event.samples
            else:
                self._note(event)
        raise RecordingError("the board has stopped sending; what was recorded so far is kept")

    def _write(self, samples: Samples) -> None:
        if self.samples == 0 and len(samples):
            self._origin_us = int(samples.device_time_us[0])
        with _uninterrupted():
            self._writer.append(samples)
            self.samples += len(samples)

    def _note(self, event: LinkEvent) -> None:
        if isinstance(event, LineDamaged):
            self.damaged_lines += 1
        elif isinstance(event, SamplesLost):
            self.lost_samples += event.count or 0
            self._tell(f"{event.count or 'an unknown number of'} samples were lost")
        elif isinstance(event, LinkInterrupted):
            self._writer.flush()
            self._tell(f"{event.reason}; waiting for it")
        elif isinstance(event, LinkResumed):
            self._tell("the board is back")
