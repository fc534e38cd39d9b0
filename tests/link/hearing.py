"""Listening to a link for a while, and what was heard."""

from __future__ import annotations

import time

from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.link import LinkEvent, SamplesLost, SamplesReceived
from imu_gesture.samples import Samples, concatenate


def events_for(link: BoardLink, seconds: float) -> list[LinkEvent]:
    """What comes in so much time, and behind it until the board has stopped."""
    end_s = time.monotonic() + seconds
    found: list[LinkEvent] = []
    for event in link.events():
        found.append(event)
        if time.monotonic() > end_s:
            break
    return found + list(link.finish())


def samples_of(events: list[LinkEvent]) -> Samples:
    return concatenate([event.samples for event in events if isinstance(event, SamplesReceived)])


def inertial(events: list[LinkEvent]) -> int:
    return sum(len(event.samples) for event in events if isinstance(event, SamplesReceived))


def lost_in(events: list[LinkEvent]) -> int:
    return sum(event.count or 0 for event in events if isinstance(event, SamplesLost))
