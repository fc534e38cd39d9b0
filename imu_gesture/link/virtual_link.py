"""A virtual board in a virtual person's hand, as fast as the computer goes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Self

from imu_gesture import _core
from imu_gesture.labels import BACKGROUND
from imu_gesture.link.link import GestureReported, LinkEvent, SamplesReceived
from imu_gesture.simulation.board import VirtualBoard
from imu_gesture.simulation.performer import REST, Action, Performer

_REACTION_S = 0.25
_IDLE_S = 0.5
_BETWEEN_S = 2.0


class VirtualLink:
    """Performs what it is cued to; between cues it rests, or shows gestures of its own accord.

    `label_names` are those of the board's model, if it has one; `shows` the gestures shown, in
    turn.
    """

    def __init__(
        self,
        board: VirtualBoard,
        performer: Performer,
        label_names: Sequence[str] = (),
        shows: Sequence[str] = (),
    ) -> None:
        self._board = board
        self._performer = performer
        self._label_names = label_names
        self._cues: deque[str] = deque()
        self._shows = cycle(shows) if shows else None
        self.info = board.sensors.info

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._cues.clear()

    def cue(self, label: str) -> None:
        """Have the person perform `label` after a moment."""
        self._cues.append(label)

    def events(self) -> Iterator[LinkEvent]:
        """Samples and the board's events, without end."""
        while True:
            samples, gestures = self._board.move(self._performer.perform(self._next_actions()))
            yield SamplesReceived(samples)
            yield from (self._reported(gesture) for gesture in gestures)

    def _next_actions(self) -> list[Action]:
        if self._cues:
            label = self._cues.popleft()
            return [Action(REST, _REACTION_S), Action(label, 2.0), Action(REST, _REACTION_S)]
        if self._shows is None:
            return [Action(REST, _IDLE_S)]
        return [Action(next(self._shows)), Action(REST, 1.0), Action(BACKGROUND, _BETWEEN_S)]

    def _reported(self, event: _core.GestureEvent) -> GestureReported:
        return GestureReported(
            device_time_us=event.device_time_us,
            label=self._label_names[event.label],
            score=event.score / _core.SCORE_LEVELS,
        )
