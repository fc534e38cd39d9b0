"""Reads a board for the live window, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Self

from imu_gesture.link.link import LinkEvent
from imu_gesture.live.live_feed import LiveFeed
from imu_gesture.live.recogniser import until
from imu_gesture.recording.capture.source import Source

_ENDS_WITHIN_S = 2.0


class LiveSession:
    """Hands what a source says to a feed, and to somebody else, from `__enter__` to `__exit__`.

    Args:
        seconds: of the board's time, after which it is over; None where it is not.

    Attributes:
        over: whether those seconds are.
    """

    def __init__(
        self,
        source: Source,
        feed: LiveFeed,
        also: Callable[[LinkEvent], None],
        seconds: float | None = None,
    ) -> None:
        self._source, self._feed, self._also, self._seconds = source, feed, also, seconds
        self._ending = threading.Event()
        self._error: Exception | None = None
        self.over = False
        self._thread = threading.Thread(target=self._read, daemon=True, name="live")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ending.set()
        self._thread.join(_ENDS_WITHIN_S)  # one that waits for its board is left to itself

    def check(self) -> None:
        """Raise what has ended the reading before its time, where something has."""
        if self._error is not None:
            raise self._error

    def _read(self) -> None:
        try:
            for event in until(self._source, self._seconds):
                if self._ending.is_set():
                    return
                self._also(event)
                self._feed.hear(event, self._source.link.status)
            self.over = self._seconds is not None
            self._feed.end("that was all: the recording ends here")
        except Exception as error:  # the main thread raises it, once the window is closed
            self._error = error
            self._feed.end(str(error) or type(error).__name__)
