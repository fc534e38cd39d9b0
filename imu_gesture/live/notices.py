"""What the keys of the live window have done, and what they ask."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Notice:
    """As of now.

    Attributes:
        message: what was done last, or why it was not.
        bad: whether it was not.
        recording: the name of the file that is being recorded; empty while none is.
        question: what is to be chosen; empty while nothing is.
        choices: a key and what it stands for, each.
    """

    message: str = ""
    bad: bool = False
    recording: str = ""
    question: str = ""
    choices: tuple[tuple[str, str], ...] = ()


class Notices:
    """Written by keys and by the thread that reads; `now` is one object until something changes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.now = Notice()

    def say(self, message: str, bad: bool = False) -> None:
        """Something was done, or not."""
        with self._lock:
            self.now = replace(self.now, message=message, bad=bad)

    def record(self, name: str) -> None:
        """This file is being recorded, or with an empty name none."""
        with self._lock:
            self.now = replace(self.now, recording=name)

    def ask(self, question: str, choices: Sequence[tuple[str, str]] = ()) -> None:
        """Something is to be chosen, or with an empty question nothing any more."""
        with self._lock:
            self.now = replace(self.now, question=question, choices=tuple(choices))
