"""Tells, while a board is used, when its sensors have drifted too far."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from imu_gesture.calibration.monitor import DriftMonitor
from imu_gesture.link.link import Link, LinkEvent, SamplesReceived, in_words
from imu_gesture.workflow.calibrating import profile_of
from imu_gesture.workspace import Workspace

_RESTLESS_US = 15_000_000
_LOOK_US = 1_000_000


def watched(
    link: Link, workspace: Workspace, today: date, tell: Callable[[str], None]
) -> Iterator[LinkEvent]:
    """The events of an open link; tells what happens to it, drift once, and a missing rest.

    A board without a profile is compared with none: then only the rest is looked for.
    """
    profile = profile_of(workspace, link.info.device_id)
    monitor, told = DriftMonitor(profile, today), set[str]()
    start_us = look_us = None
    for event in link.events():
        yield event
        monitor.hear(event)
        if text := in_words(event):
            tell(text)
        if not isinstance(event, SamplesReceived) or not len(event.samples):
            continue
        now_us = int(event.samples.device_time_us[-1])
        start_us = now_us if start_us is None else start_us
        if look_us is not None and now_us - look_us < _LOOK_US:
            continue
        look_us = now_us
        for reason in monitor.reasons():
            if reason.kind not in told:
                told.add(reason.kind)
                tell(f"calibration: {reason.text}")
        if not monitor.rest_seen and now_us - start_us > _RESTLESS_US and "rest" not in told:
            told.add("rest")
            tell(
                "the board has not lain still since the start, so its gyroscope's offset is not "
                "known; put it down for a second"
            )
