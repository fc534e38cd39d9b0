"""A link to a board whose plug is pulled and put back, as the link itself would tell it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Self

from imu_gesture.errors import LinkError
from imu_gesture.link.link import Link, LinkEvent, LinkInterrupted, LinkResumed, LinkStatus


class PulledPlug:
    """Passes on what another, open link says, while the plug is in."""

    REASON = "the board is gone (pulled out)"

    def __init__(self, link: Link) -> None:
        self._link = link
        self.info = link.info
        self._in = threading.Event()
        self._in.set()
        self._for_good = False

    @property
    def status(self) -> LinkStatus:
        return self._link.status

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def cue(self, label: str) -> None:
        self._link.cue(label)

    def pull(self, for_good: bool = False) -> None:
        self._for_good = for_good
        self._in.clear()

    def put_back(self) -> None:
        self._in.set()

    def events(self) -> Iterator[LinkEvent]:
        for event in self._link.events():
            if not self._in.is_set():
                yield LinkInterrupted(self.REASON)
                if self._for_good:
                    raise LinkError(self.REASON)
                self._in.wait()
                yield LinkResumed()
            yield event
