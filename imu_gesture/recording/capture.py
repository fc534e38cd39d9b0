"""From a link to a recording: guided repeats of a gesture, or a stretch of background."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from imu_gesture.errors import RecordingError
from imu_gesture.labels import BACKGROUND, Label, format_labels
from imu_gesture.link.link import LineDamaged, Link, LinkEvent, SamplesReceived
from imu_gesture.recording.activity import active_part
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import RecordingWriter, labels_path
from imu_gesture.samples import Samples, concatenate

Tell = Callable[[str], None]

_COUNTDOWN = ("3", "2", "1")
_COUNT_S = 0.7
_SETTLE_S = 1.0


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


def capture(link: Link, path: Path, plan: CapturePlan, tell: Tell) -> CaptureReport:
    """Record by a plan into a new file; `tell` gets each prompt for the person with the board.

    Interrupting it keeps what was recorded so far.
    """
    device = link.info.model_dump()
    info = RecordingInfo(**device, participant=plan.participant, session=plan.session)
    labels: list[Label] = []
    with RecordingWriter(path, info) as writer:
        stream = _Stream(link.events(), writer)
        try:
            for label in _guide(link, stream, plan, tell):
                labels.append(label)  # noqa: PERF402 - one by one: Ctrl-C keeps what there is
        except KeyboardInterrupt:
            tell("stopped")
        finally:
            labels_path(path).write_text(format_labels(labels), encoding="utf-8")
    return CaptureReport(path, stream.samples, tuple(labels), stream.damaged_lines)


def _guide(link: Link, stream: _Stream, plan: CapturePlan, tell: Tell) -> Iterator[Label]:
    stream.take(_SETTLE_S)
    repeats = 1 if plan.label == BACKGROUND else plan.repeats
    for repeat in range(1, repeats + 1):
        for count in _COUNTDOWN:
            tell(count)
            stream.take(_COUNT_S)
        tell(f"go: {plan.label} ({repeat} of {repeats})")
        link.cue(plan.label)
        taken = stream.take(plan.seconds)
        start_us, end_us = (
            (int(taken.device_time_us[0]), int(taken.device_time_us[-1]))
            if plan.label == BACKGROUND
            else active_part(taken)
        )
        origin_us = stream.origin_us
        yield Label((start_us - origin_us) * 1e-6, (end_us - origin_us) * 1e-6, plan.label)


class _Stream:
    """Hands out samples by device time, and writes all of them."""

    def __init__(self, events: Iterator[LinkEvent], writer: RecordingWriter) -> None:
        self._events = events
        self._writer = writer
        self._ahead: list[Samples] = []
        self._origin_us: int | None = None
        self.samples = 0
        self.damaged_lines = 0

    @property
    def origin_us(self) -> int:
        """Device time of the first sample."""
        if self._origin_us is None:
            raise RecordingError("the board has sent no samples")
        return self._origin_us

    def take(self, seconds: float) -> Samples:
        """The next samples, up to `seconds` of device time behind the first of them."""
        taken: list[Samples] = []
        end_us: int | None = None
        while True:
            samples = self._ahead.pop() if self._ahead else self._receive()
            end_us = end_us or int(samples.device_time_us[0]) + round(seconds * 1e6)
            fits = samples.device_time_us < end_us
            taken.append(samples.rows(fits))
            if not fits.all():
                self._ahead.append(samples.rows(~fits))
                return concatenate(taken)

    def _receive(self) -> Samples:
        for event in self._events:
            if isinstance(event, LineDamaged):
                self.damaged_lines += 1
            elif isinstance(event, SamplesReceived) and len(event.samples):
                self._writer.append(event.samples)
                self.samples += len(event.samples)
                if self._origin_us is None:
                    self._origin_us = int(event.samples.device_time_us[0])
                return event.samples
        raise RecordingError("the board has stopped sending; what was recorded so far is kept")
