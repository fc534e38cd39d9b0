"""What happens to a served virtual board from time to time: for tests, and to try a program."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import count, takewhile
from typing import Protocol


@dataclass(frozen=True)
class IncidentParams:
    """How often each incident happens, in seconds; never where that is zero."""

    stall_every_s: float = 0.0
    reset_every_s: float = 0.0
    unplug_every_s: float = 0.0
    lasting_s: float = 2.0  # of a stall, and until the cable is back


class Served(Protocol):
    """A virtual board that hosts can connect to."""

    def plug(self) -> None:
        """Connect the cable, or let the board be found again."""
        ...

    def unplug(self) -> None:
        """Pull the cable, or carry the board out of reach."""
        ...

    def reset(self) -> None:
        """Press the reset button."""
        ...

    def stall(self, seconds: float) -> None:
        """Carry nothing to the host for so long; the board goes on."""
        ...


def schedule(params: IncidentParams) -> Iterator[tuple[float, str]]:
    """When what is done to the board, in order and without end."""

    def again(every_s: float, after_s: float, name: str) -> Iterator[tuple[float, str]]:
        return ((n * every_s + after_s, name) for n in count(1))

    rows = (
        (params.stall_every_s, 0.0, "stall"),
        (params.reset_every_s, 0.0, "reset"),
        (params.unplug_every_s, 0.0, "unplug"),
        (params.unplug_every_s, params.lasting_s, "plug"),
    )
    return merge(*(again(*row) for row in rows if row[0] > 0))


def play(
    boards: Sequence[Served],
    params: IncidentParams,
    seconds: float = float("inf"),
    sleep: Callable[[float], object] = time.sleep,
) -> None:
    """Let incidents happen to all boards alike, in real time, for so long."""
    deeds: dict[str, Callable[[Served], None]] = {
        "stall": lambda board: board.stall(params.lasting_s),
        "reset": lambda board: board.reset(),
        "unplug": lambda board: board.unplug(),
        "plug": lambda board: board.plug(),
    }
    passed_s = 0.0
    for at_s, name in takewhile(lambda incident: incident[0] < seconds, schedule(params)):
        sleep(at_s - passed_s)
        passed_s = at_s
        for board in boards:
            deeds[name](board)
    while passed_s < seconds:
        sleep(min(1.0, seconds - passed_s))
        passed_s += 1.0
