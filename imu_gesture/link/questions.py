"""Commands to a board: asked one after the other, again until they are answered."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from imu_gesture import _core
from imu_gesture.errors import LinkError

_REPEAT_S = 0.5
_MOST_TRIES = 6
_DOUBTFUL_TRIES = 2


@dataclass(eq=False)
class Question:
    """One command; `packet` is what is sent, `answered_s` is when the answer came."""

    command: Any
    sequence: int
    on_answer: Callable[[_core.Ack, Question], None]
    packet: bytes = b""
    tries: int = 0
    doubted: bool = False
    sent_s: float = 0.0
    answered_s: float = 0.0


class Questions:
    """What was asked and is not yet answered.

    Args:
        on_doubt: called once for a question that stays unanswered: the board may have been reset.
            What it asks comes first.
        wrapped: what a command becomes in the moment when it is first sent.
    """

    def __init__(
        self, on_doubt: Callable[[], None], wrapped: Callable[[Any], Any] = lambda command: command
    ) -> None:
        self._wrapped = wrapped
        self._open: deque[Question] = deque()
        self._sequence = 0
        self._on_doubt = on_doubt

    @property
    def idle(self) -> bool:
        """Whether everything asked was answered."""
        return not self._open

    def clear(self) -> None:
        """Forget what was asked."""
        self._open.clear()

    def ask(
        self, command: Any, on_answer: Callable[[_core.Ack, Question], None], first: bool = False
    ) -> None:
        """Ask behind everything else, or before it."""
        question = Question(command, self._sequence, on_answer)
        self._sequence = (self._sequence + 1) % 2**16
        (self._open.appendleft if first else self._open.append)(question)

    def due(self, now_s: float) -> bytes | None:
        """The packet to be sent now, if any.

        Raises:
            LinkError: the board does not answer.
        """
        if not self._open:
            return None
        question = self._open[0]
        if question.tries and now_s - question.sent_s < _REPEAT_S:
            return None
        if question.tries == _MOST_TRIES:
            raise LinkError(
                f"no answer to {_MOST_TRIES} questions in {_MOST_TRIES * _REPEAT_S:g} s; is the "
                "sketch of imu-gesture on the board? (`imu-gesture deploy`; for other sketches "
                "that print numbers: --text)"
            )
        if question.tries == _DOUBTFUL_TRIES and not question.doubted:
            question.doubted = True
            self._on_doubt()
            question = self._open[0]
        question.packet = question.packet or _core.encode(
            self._wrapped(question.command), question.sequence
        )
        question.tries += 1
        question.sent_s = now_s
        return question.packet

    def answer(self, ack: _core.Ack, now_s: float) -> None:
        """Take an answer to whichever question it belongs to; late ones to none are left alone."""
        for question in self._open:
            if question.tries and question.sequence == ack.command_sequence:
                self._open.remove(question)
                question.answered_s = now_s
                question.on_answer(ack, question)
                return
