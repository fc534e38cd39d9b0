"""A virtual board in a virtual person's hand, as fast as the computer goes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Self

from imu_gesture import _core
from imu_gesture.link.link import GestureReported, LinkEvent, SamplesReceived
from imu_gesture.simulation.board import VirtualBoard
from imu_gesture.simulation.performer import REST, Action, Performer

_REACTION_S = 0.25
_IDLE_S = 0.5


class VirtualLink:
    """Performs what it is cued to, and rests otherwise.

    `label_names` are those of the board's model, if it has one.
    """

    def __init__(
        self, board: VirtualBoard, performer: Performer, label_names: Sequence[str] = ()
    ) -> None:
        self._board = board
        self._performer = performer
        self._label_names = label_names
        self._cues: deque[str] = deque()
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
            actions = [Action(REST, _IDLE_S)]
            if self._cues:
                label = self._cues.popleft()
                actions = [Action(REST, _REACTION_S), Action(label, 2.0), Action(REST, _REACTION_S)]
            samples, gestures = self._board.move(self._performer.perform(actions))
            yield SamplesReceived(samples)
            yield from (self._reported(gesture) for gesture in gestures)

    def _reported(self, event: _core.GestureEvent) -> GestureReported:
        return GestureReported(
            device_time_us=event.device_time_us,
            label=self._label_names[event.label],
            score=event.score / _core.SCORE_LEVELS,
        )
