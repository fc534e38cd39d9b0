"""One file that is being recorded, whoever hands over what the board sends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from imu_gesture.device import DeviceInfo
from imu_gesture.errors import RecordingError
from imu_gesture.labels import Label
from imu_gesture.link.link import (
    BoardWarned,
    LinkEvent,
    LinkInterrupted,
    LinkStatus,
    SamplesLost,
    SamplesReceived,
    in_words,
)
from imu_gesture.recording.capture.interrupts import uninterrupted
from imu_gesture.recording.capture.meter import LinkMeter, LinkView
from imu_gesture.recording.capture.plan import CapturePlan, CaptureReport
from imu_gesture.recording.capture.source import Source
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import RecordingWriter
from imu_gesture.recording.problem import Problem
from imu_gesture.samples import Samples

Judge = Callable[[Samples], list[Problem]]  # what is wrong with the newest samples
NewJudge = Callable[[RecordingInfo], Judge]

_WAITED_FOR_PROBE_US = 500_000
_NEVER_US = 2**62


def no_judge(_: RecordingInfo) -> Judge:
    """Finds nothing."""
    return lambda _samples: []


class Recorder:
    """Writes the events of one board into one new file.

    The file is there as soon as the board's clock is known well, or half a second of samples
    came; until then events are held back.

    Args:
        source: whose events they are.
        tell: gets what goes wrong, as it happens.
        new_judge: makes what looks at the samples as they come.
    """

    def __init__(
        self,
        source: Source,
        path: Path,
        plan: CapturePlan,
        tell: Callable[[str], None],
        new_judge: NewJudge = no_judge,
    ) -> None:
        self.path = path
        self._source, self._plan = source, plan
        self._tell, self._new_judge = tell, new_judge
        self._judge: Judge | None = None
        self._lock = threading.Lock()
        self._held: list[LinkEvent] = []
        self._held_since_us: int | None = None
        self._writer: RecordingWriter | None = None
        self._closed = False
        self._meter = LinkMeter(source.link.info)
        self._damaged_before = source.link.status.damaged
        self.origin_us = 0  # device time of the first sample
        self.newest_us = 0
        self.samples = 0
        self.lost = 0
        self.gaps: list[tuple[int, int]] = []  # device times between which the board was away
        self._away_since_us: int | None = None
        self.warnings: list[str] = []

    @property
    def device(self) -> DeviceInfo:
        """The board."""
        return self._source.link.info

    @property
    def opened(self) -> bool:
        """Whether the file is there."""
        return self._writer is not None

    @property
    def absences(self) -> list[tuple[int, int]]:
        """As `gaps`, and the present one, which has no end yet."""
        away_since_us = self._away_since_us
        return [*self.gaps, *([] if away_since_us is None else [(away_since_us, _NEVER_US)])]

    @property
    def damaged(self) -> int:
        """Packets or lines that could not be read since this recording began."""
        return self._source.link.status.damaged - self._damaged_before

    @property
    def view(self) -> LinkView:
        """How the link is doing; losses and damage since this recording began."""
        status = LinkStatus(self.lost, self.damaged, self._source.link.status.rssi_dbm)
        return self._meter.view(status)

    def handle(self, event: LinkEvent) -> None:
        """Record an event.

        Raises:
            RecordingError: the file cannot be written.
        """
        with uninterrupted(), self._lock:
            if self._closed:
                return
            self._held.append(event)
            try:
                if self._writer is None and self._known_when():
                    self._open()
                if self._writer is not None:
                    self._hand_over(self._writer)
            except RecordingError:
                self._closed = True
                raise

    def close(self) -> None:
        """End the file; what comes later is not recorded."""
        with uninterrupted(), self._lock:
            if not self._closed and self._writer is None and self._held_since_us is not None:
                self._hand_over(self._open())
            self._closed = True
            if self._writer is not None:
                self._writer.close()

    def label(self, start_us: int, end_us: int, name: str) -> Label:
        """A label for device times, in seconds since the first sample."""
        return Label((start_us - self.origin_us) * 1e-6, (end_us - self.origin_us) * 1e-6, name)

    def warn(self, text: str) -> None:
        """Tell it, once."""
        if text not in self.warnings:
            self.warnings.append(text)
            self._tell(text)

    def report(self, labels: tuple[Label, ...], ended_early: bool = False) -> CaptureReport:
        """What was recorded."""
        return CaptureReport(
            self.path,
            self.samples,
            labels,
            self.lost,
            self.damaged,
            tuple(self.warnings),
            ended_early,
        )

    def _known_when(self) -> bool:
        """Whether it is known, or will never be, when the board's clock was zero."""
        event = self._held[-1]
        if isinstance(event, SamplesReceived) and len(event.samples):
            newest_us = int(event.samples.device_time_us[-1])
            if self._held_since_us is None:
                self._held_since_us = int(event.samples.device_time_us[0])
            if newest_us - self._held_since_us >= _WAITED_FOR_PROBE_US:
                return True
        return self._source.clock.known

    def _open(self) -> RecordingWriter:
        plan, device = self._plan, DeviceInfo.model_dump(self._source.link.info)
        started_ns = max(0, round(self._source.clock.host_s(0) * 1e9))
        info = RecordingInfo(
            **device,
            participant=plan.participant,
            session=plan.session,
            started_unix_ns=started_ns,
        )
        self._writer, self._judge = RecordingWriter(self.path, info), self._new_judge(info)
        return self._writer

    def _hand_over(self, writer: RecordingWriter) -> None:
        held, self._held = self._held, []
        for event in held:
            self._meter.update(event)
            if isinstance(event, SamplesReceived):
                self._write_samples(writer, event.samples)
            else:
                self._write_event(writer, event)

    def _write_samples(self, writer: RecordingWriter, samples: Samples) -> None:
        writer.append(samples)
        if len(samples):
            if self.samples == 0:
                self.origin_us = int(samples.device_time_us[0])
            if self._away_since_us is not None:
                self.gaps.append((self._away_since_us, int(samples.device_time_us[0])))
                self._away_since_us = None
            self.samples += len(samples)
            self.newest_us = int(samples.device_time_us[-1])
        for problem in self._judge(samples) if self._judge else ():
            self.warn(problem.message)

    def _write_event(self, writer: RecordingWriter, event: LinkEvent) -> None:
        writer.note(event)
        if isinstance(event, SamplesLost):
            self.lost += event.count or 0
            if event.count is None:
                self.warn("an unknown number of samples were lost")
        elif isinstance(event, LinkInterrupted):
            self._away_since_us = self.newest_us
            self._tell(in_words(event))
        elif isinstance(event, BoardWarned):
            self.warn(in_words(event))
        elif text := in_words(event):
            self._tell(text)
