"""When printed samples were taken: the seam between a time column and a measured rate.

A clock is offered rows in order and settles as many as it can from the front; the others are
offered again, with those that have come meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from imu_gesture.samples import Int64Array


@dataclass(frozen=True, eq=False)
class Placed:
    """Rows `start` to `start + len(time_us)` were taken at these times."""

    start: int
    time_us: Int64Array


@dataclass(frozen=True)
class Doubted:
    """The time in this row cannot be."""

    row: int


@dataclass(frozen=True)
class Missing:
    """An unknown number of samples is missing before the next."""


Step = Placed | Doubted | Missing


class TextClock(Protocol):
    """The seam between both ways to tell the time."""

    def place(self, marks: Int64Array, now_s: float) -> tuple[list[Step], int]:
        """Settle rows by their (n,) marks; returns what becomes of them, and how many are settled.

        A mark is the time as printed in µs, or the number of the line.
        """
        ...
