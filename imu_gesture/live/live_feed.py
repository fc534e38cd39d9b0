"""What a thread that reads a board hands to the live window."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from imu_gesture.calibration.profile import Profile
from imu_gesture.device import DeviceInfo
from imu_gesture.link.link import (
    GestureReported,
    LinkEvent,
    LinkInterrupted,
    LinkResumed,
    LinkStatus,
    SamplesReceived,
    ScoresReported,
)
from imu_gesture.live.attitude import AttitudeTracker
from imu_gesture.live.drift_facts import DriftFacts, DriftWatch
from imu_gesture.live.gesture_list import GestureList, ShownGesture
from imu_gesture.live.own_decision import OwnDecision
from imu_gesture.live.recogniser import HostRecogniser, Recognition
from imu_gesture.live.score_book import ScoreBook, ShownScores
from imu_gesture.live.trace_buffer import TraceBuffer
from imu_gesture.recording.capture.clock import BoardClock
from imu_gesture.recording.capture.meter import LinkMeter, LinkView
from imu_gesture.samples import Float32Array

TRACE_S = 5.0
SENSORS = ("acc", "gyr", "mag")
_FACTS_US = 1_000_000  # figures change no more often than a person reads them

Trace = tuple[NDArray[np.float64], Float32Array]


@dataclass(frozen=True)
class Subject:
    """What is looked at.

    Attributes:
        names: of the classes, in the order of the scores.
        hop_us: from one window to the next.
        profile: of the board, where it has one.
    """

    info: DeviceInfo
    names: tuple[str, ...]
    hop_us: int
    profile: Profile | None
    today: date


@dataclass(frozen=True)
class Facts:
    """Figures of drift and link, and how it stands with the board.

    Attributes:
        away: why the board is not there; empty while it is.
        over: why nothing more will come; empty while something may.
    """

    drift: DriftFacts = field(default_factory=DriftFacts)
    link: LinkView | None = None
    away: str = ""
    over: str = ""


class LiveFeed:
    """Written by one thread and read by another; each call is complete in itself.

    Args:
        host: recognises beside the board.
        clock: of the board, where it goes as the true time does; and that time.
        own: decides by thresholds of the window's own.

    Attributes:
        on_report: gets each gesture that board or host report, from the thread that calls `hear`.
    """

    def __init__(
        self,
        subject: Subject,
        host: HostRecogniser | None = None,
        clock: tuple[BoardClock, Callable[[], float]] | None = None,
        own: OwnDecision | None = None,
    ) -> None:
        self._lock = threading.Lock()
        self._host, self._clock, self._own = host, clock, own
        self._scores, self._gestures = ScoreBook(subject.names, subject.hop_us), GestureList()
        self._traces = {name: TraceBuffer(TRACE_S) for name in SENSORS}
        self._attitude = AttitudeTracker(subject.profile)
        self._drift = DriftWatch(subject.profile, subject.today)
        self._meter = LinkMeter(subject.info)
        self._facts = Facts()
        self._facts_us: int | None = None
        self.on_report: Callable[[Recognition], None] | None = None
        self._reports: list[Recognition] = []  # not handed on yet
        self.newest_us = 0  # device time of the newest sample

    def hear(self, event: LinkEvent, status: LinkStatus) -> None:
        """An event of the link, and how the link is doing."""
        with self._lock:
            self._meter.update(event)
            self._drift.hear(event)
            match event:
                case SamplesReceived():
                    self._take(event)
                case GestureReported():
                    self._add(Recognition(event.device_time_us, event.label, event.score, "board"))
                case ScoresReported():
                    self._scores.hear_board(event)
                    self._decide(event)
                case LinkInterrupted():
                    self._facts = replace(self._facts, away=event.reason)
                case LinkResumed():
                    self._facts = replace(self._facts, away="")
            self._refresh(status)
            reports, self._reports = self._reports, []
        if self.on_report is not None:
            for report in reports:
                self.on_report(report)

    def end(self, reason: str) -> None:
        """Nothing more will come."""
        with self._lock:
            self._facts = replace(self._facts, over=reason, away="")

    @property
    def facts(self) -> Facts:
        """The newest; the very same object as long as nothing has changed."""
        with self._lock:
            return self._facts

    @property
    def scores(self) -> ShownScores:
        """The newest; the very same object as long as nothing has changed."""
        with self._lock:
            return self._scores.shown

    @property
    def gestures(self) -> tuple[ShownGesture, ...]:
        """The last ones, the newest last."""
        with self._lock:
            return self._gestures.shown

    @property
    def attitude(self) -> tuple[NDArray[np.float64], bool]:
        """(3, 3) from the board's frame to one with z up; and whether it is known."""
        with self._lock:
            return self._attitude.rotation, self._attitude.known

    def traces(self) -> dict[str, Trace]:
        """Of each sensor: seconds before now (n,), and readings (n, 3) in g, deg/s, µT."""
        with self._lock:
            return {name: buffer.read() for name, buffer in self._traces.items()}

    def _take(self, event: SamplesReceived) -> None:
        samples = event.samples
        if len(samples):
            self.newest_us = int(samples.device_time_us[-1])
        self._traces["acc"].append(samples.device_time_us, samples.acc_g)
        if samples.gyr_dps is not None:
            self._traces["gyr"].append(samples.device_time_us, samples.gyr_dps)
        self._traces["mag"].append(samples.mag_time_us, samples.mag_ut)
        self._attitude.push(samples)
        if self._host is not None:
            found, scores = self._host.push_and_score(samples)
            for each in scores:
                self._scores.hear_host(each)
                if not self._scores.shown.board:
                    self._decide(each)
            for recognition in found:
                self._add(recognition)

    def _decide(self, event: ScoresReported) -> None:
        found = self._own.hear(event) if self._own else None
        if found is not None:
            self._gestures.add_own(replace(found, latency_s=self._latency_s(found.device_time_us)))

    def _add(self, found: Recognition) -> None:
        self._gestures.add(found, self._latency_s(found.device_time_us))
        self._reports.append(found)

    def _latency_s(self, device_time_us: int) -> float | None:
        """From a time of the board's until now."""
        if self._clock is None or not self._clock[0].known:
            return None
        clock, now_s = self._clock
        return now_s() - clock.host_s(device_time_us)

    def _refresh(self, status: LinkStatus) -> None:
        since_us = self._facts_us
        if since_us is None or abs(self.newest_us - since_us) >= _FACTS_US:
            self._facts_us = self.newest_us
            drift, link = self._drift.facts, self._meter.view(status)
            self._facts = replace(self._facts, drift=drift, link=link)
