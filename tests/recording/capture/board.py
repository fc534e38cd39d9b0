"""A board that a test plays: its link yields the events of a list, and a desk presses keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Self

import numpy as np

from imu_gesture.device import DeviceInfo
from imu_gesture.link.link import LinkEvent, LinkStatus, SamplesReceived
from imu_gesture.recording.capture import Desk, Key, Progress
from imu_gesture.samples import Samples
from tests import make

PERIOD_US = 8403
PACKET = 10


class PlayedLink:
    """Yields events, and then no more."""

    def __init__(self, events: Sequence[LinkEvent], info: DeviceInfo | None = None) -> None:
        self.info = info or DeviceInfo(source="played", device_id="00ab12cd")
        self.status = LinkStatus()
        self.cues: list[str] = []
        self._events = events

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None: ...

    def cue(self, label: str) -> None:
        self.cues.append(label)

    def events(self) -> Iterator[LinkEvent]:
        yield from self._events


def shaken(n: int, start_us: int = 0) -> Samples:
    """Samples of a hand that never rests."""
    samples = make.noise(n)
    return replace(samples, device_time_us=start_us + np.arange(n) * PERIOD_US)


def packets(samples: Samples) -> list[LinkEvent]:
    """As a board sends them."""
    return [
        SamplesReceived(samples.rows(slice(i, i + PACKET))) for i in range(0, len(samples), PACKET)
    ]


class Person(Desk):
    """Presses keys right after some prompts, in the order given; remembers all that was said.

    Args:
        plan: prompt and key; a prompt that came is not waited for again.

    Attributes:
        after: called with all that is said.
        at_s: more keys, pressed so many seconds after the first sample.
    """

    def __init__(self, *plan: tuple[str, Key]) -> None:
        self.heard: list[str] = []
        self._plan = list(plan)
        self._due: list[Key] = []
        self.after: Callable[[str], None] = lambda _: None
        self.at_s: list[tuple[float, Key]] = []

    def press(self, key: Key) -> None:
        self._due.append(key)

    def prompt(self, text: str) -> None:
        self.heard.append(text)
        if self._plan and self._plan[0][0] == text:
            self._due.append(self._plan.pop(0)[1])
        self.after(text)

    def count(self, text: str) -> None:
        self.prompt(text)

    def tell(self, text: str) -> None:
        self.prompt(text)

    def show(self, progress: Progress) -> None:
        if self.at_s and progress.elapsed_s > self.at_s[0][0]:
            self._due.append(self.at_s.pop(0)[1])

    def pressed(self) -> Key | None:
        return self._due.pop(0) if self._due else None

    @property
    def gone(self) -> list[str]:
        """What was performed, in order."""
        return [text.removeprefix("go: ") for text in self.heard if text.startswith("go: ")]
