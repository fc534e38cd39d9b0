"""The seam between a recording and the person at the computer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from imu_gesture.recording.capture.meter import LinkView

Key = Literal["retake", "pause"]


class KeyPressed(Exception):  # noqa: N818 - it is no error
    """The person wants something else than what is going on."""

    def __init__(self, key: Key) -> None:
        super().__init__(key)
        self.key: Key = key


@dataclass(frozen=True)
class Progress:
    """How a recording is going, for one line on the screen.

    Attributes:
        doing: such as `circle 3 of 10`.
        elapsed_s: since the first sample, by the board's clock.
        remaining_s: if nothing is taken again; None where nobody knows.
    """

    doing: str
    elapsed_s: float
    remaining_s: float | None
    boards: tuple[LinkView, ...]


class Desk:
    """What a person sees and presses; this one is empty."""

    def prompt(self, text: str) -> None:
        """What to do now, until the next prompt."""

    def count(self, text: str) -> None:
        """A repeat was found by itself, perhaps while nobody looked at the screen."""

    def done(self, text: str) -> None:
        """A repeat is recorded, and labelled."""

    def tell(self, text: str) -> None:
        """Something worth knowing."""

    def show(self, progress: Progress) -> None:
        """Called after each event of the link."""

    def pressed(self) -> Key | None:
        """The oldest key that was not yet asked for."""
        return None
