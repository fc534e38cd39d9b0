"""A recording in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from imu_gesture.link.clock_fit import ClockEstimator, ClockFit
from imu_gesture.link.link import (
    BoardWarned,
    ClockProbed,
    EventsLost,
    LineDamaged,
    LinkEvent,
    LinkInterrupted,
    LinkResumed,
    SamplesLost,
    SamplesReceived,
)
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.samples import Samples

# What the board puts no time to.
LinkState = SamplesLost | EventsLost | LinkInterrupted | LinkResumed | LineDamaged | BoardWarned


@dataclass(frozen=True)
class Logged:
    """What a board or its link said beside samples.

    Attributes:
        imu_rows, mag_rows: so many inertial and magnetometer samples were recorded before it.
    """

    event: LinkEvent
    imu_rows: int
    mag_rows: int


@dataclass(frozen=True, eq=False)
class Recording:
    """Samples and what is known about them.

    Attributes:
        log: what else was heard, in the order of its arrival.
        stored_quality: the verdict when the recording was closed, None where there is none.
    """

    samples: Samples
    info: RecordingInfo
    log: tuple[Logged, ...] = ()
    stored_quality: dict[str, Any] | None = None

    @property
    def events(self) -> tuple[LinkEvent, ...]:
        """What was heard beside samples."""
        return tuple(logged.event for logged in self.log)

    @cached_property
    def clock(self) -> ClockFit | None:
        """From the board's clock to the host's; None without probes of it."""
        estimator = ClockEstimator()
        for logged in self.log:
            if isinstance(logged.event, ClockProbed):
                estimator.add(logged.event)
        return estimator.fit()

    def in_order(self) -> Iterator[LinkEvent]:
        """Samples and everything else in the order of their arrival, samples in large pieces."""
        imu, mag = 0, 0
        for logged in self.log:
            yield from self._piece(slice(imu, logged.imu_rows), slice(mag, logged.mag_rows))
            yield logged.event
            imu, mag = logged.imu_rows, logged.mag_rows
        yield from self._piece(slice(imu, None), slice(mag, None))

    def _piece(self, imu: slice, mag: slice) -> Iterator[SamplesReceived]:
        part = self.samples.rows(imu)
        part = replace(part, mag_time_us=part.mag_time_us[mag], mag_ut=part.mag_ut[mag])
        if len(part) or np.size(part.mag_time_us):
            yield SamplesReceived(part)


def device_times_of(event: LinkEvent) -> tuple[int, ...]:
    """Device times of an event in µs: first and last of samples, none of what has no time."""
    if isinstance(event, SamplesReceived):
        columns = event.samples.device_time_us, event.samples.mag_time_us
        return tuple(int(at) for times in columns if len(times) for at in times[[0, -1]])
    if isinstance(event, LinkState):
        return ()
    return (event.device_time_us,)
