"""An open link that is read once, over any number of recordings."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from imu_gesture.link.board_link import unix_clock
from imu_gesture.link.link import Link, LinkEvent
from imu_gesture.recording.capture.clock import BoardClock


class Source:
    """The events of one link, from first to last, and what they tell of the board's clock."""

    def __init__(self, link: Link, now_s: Callable[[], float] | None = None) -> None:
        self.link = link
        self.clock = BoardClock(now_s or unix_clock())
        self._events = link.events()

    def __iter__(self) -> Iterator[LinkEvent]:
        return self

    def __next__(self) -> LinkEvent:
        event = next(self._events)
        self.clock.update(event)
        return event
