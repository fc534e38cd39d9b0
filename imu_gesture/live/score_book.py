"""The newest scores of the board and of the host, and where they differ.

A board has cut its windows out of time since it started, the host since it listens or since samples
were lost. So they see a gesture at moments up to half a hop apart, and scores change quickly then.
A board's score is like the host's if it lies within what the host has found from a hop before to a
hop after, or no further outside than other moments explain. Where both count from the same sample
they are the same bits.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

import numpy as np

from imu_gesture.link.link import ScoresReported

_MOST_WAITING = 64  # of one side, for the other's
_TOLERANCE = 0.2  # other moments alone explain less

Shares = tuple[float, ...]


@dataclass(frozen=True)
class ShownScores:
    """Probabilities in the order of `names`; empty where that side tells none.

    Attributes:
        compared: the board's windows for which the host has windows beside them.
        same: of those, windows that the host has scored with the same bits.
        differing: of those, windows in which any score is unlike the host's.
        differs: classes that were unlike in the newest window compared.
    """

    names: tuple[str, ...]
    board: Shares = ()
    host: Shares = ()
    compared: int = 0
    same: int = 0
    differing: int = 0
    differs: frozenset[int] = frozenset()


class ScoreBook:
    """Takes scores of both sides; windows follow each other by `hop_us`."""

    def __init__(self, names: tuple[str, ...], hop_us: int) -> None:
        self._hop_us = hop_us
        self._board: deque[ScoresReported] = deque(maxlen=_MOST_WAITING)  # not compared yet
        self._host: deque[ScoresReported] = deque(maxlen=_MOST_WAITING)
        self.shown = ShownScores(names)

    def hear_board(self, event: ScoresReported) -> None:
        """The board's of a window; those of another model than ours are left aside."""
        if len(event.scores) == len(self.shown.names):
            self._board.append(event)
            self.shown = replace(self.shown, board=event.scores)
            self._compare()

    def hear_host(self, event: ScoresReported) -> None:
        """The host's of a window."""
        self._host.append(event)
        self.shown = replace(self.shown, host=event.scores)
        self._compare()

    def _compare(self) -> None:
        """Those of the board's windows behind which the host has seen enough."""
        while (
            self._board
            and self._host
            and self._host[-1].device_time_us >= self._board[0].device_time_us + self._hop_us
        ):
            self._judge(self._board.popleft())

    def _judge(self, event: ScoresReported) -> None:
        beside = [
            host.scores
            for host in self._host
            if abs(host.device_time_us - event.device_time_us) <= self._hop_us
        ]
        if not beside:
            return
        same = event in self._host
        shares = np.array(event.scores)
        low, high = np.min(beside, axis=0) - _TOLERANCE, np.max(beside, axis=0) + _TOLERANCE
        unlike = frozenset(np.flatnonzero((shares < low) | (shares > high)).tolist())
        before = self.shown
        self.shown = replace(
            before,
            compared=before.compared + 1,
            same=before.same + same,
            differing=before.differing + bool(unlike),
            differs=unlike,
        )
