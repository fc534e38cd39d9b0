"""The newest scores of the board and of the host, and where they differ."""

from __future__ import annotations

from dataclasses import dataclass, replace

from imu_gesture.link.link import ScoresReported

_MOST_WAITING = 64  # of one side, for the other's of the same time

Shares = tuple[float, ...]
_Waiting = dict[int, Shares]


@dataclass(frozen=True)
class ShownScores:
    """Probabilities in the order of `names`; empty where that side tells none.

    Attributes:
        compared: windows that both have scored.
        differing: of those, windows in which any score differs.
        differs: classes whose scores differ in the newest window that both have scored.
    """

    names: tuple[str, ...]
    board: Shares = ()
    host: Shares = ()
    compared: int = 0
    differing: int = 0
    differs: frozenset[int] = frozenset()


class ScoreBook:
    """Takes scores of both sides in any order; those of the same time are compared."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._board, self._host = _Waiting(), _Waiting()
        self.shown = ShownScores(names)

    def hear_board(self, event: ScoresReported) -> None:
        """The board's of a window; those of another model than ours are left aside."""
        if len(event.scores) == len(self._names):
            self._take(event, self._board, self._host)
            self.shown = replace(self.shown, board=event.scores)

    def hear_host(self, event: ScoresReported) -> None:
        """The host's of a window."""
        self._take(event, self._host, self._board)
        self.shown = replace(self.shown, host=event.scores)

    def _take(self, event: ScoresReported, own: _Waiting, other: _Waiting) -> None:
        before, differs, compared = self.shown, self.shown.differs, False
        if (theirs := other.pop(event.device_time_us, None)) is not None:
            pairs = enumerate(zip(event.scores, theirs, strict=True))
            differs = frozenset(place for place, (mine, yours) in pairs if mine != yours)
            compared = True
        else:
            own[event.device_time_us] = event.scores
            if len(own) > _MOST_WAITING:
                del own[next(iter(own))]
        self.shown = replace(
            before,
            compared=before.compared + compared,
            differing=before.differing + (compared and bool(differs)),
            differs=differs,
        )
