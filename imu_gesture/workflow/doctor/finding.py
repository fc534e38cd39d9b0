"""What was found of one part of the computer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from imu_gesture.errors import ImuGestureError

State = Literal["works", "limits", "broken"]


@dataclass(frozen=True)
class Finding:
    """One part: `limits` leaves something impossible, `broken` everything.

    Attributes:
        part: what was looked at.
        said: what was seen; where it does not work, the cure too.
    """

    part: str
    state: State
    said: str


def tried(part: str, look: Callable[[], str], otherwise: State = "limits") -> Finding:
    """What `look` says, or the error that it raises, which names the cure."""
    try:
        return Finding(part, "works", look())
    except ImuGestureError as error:
        return Finding(part, otherwise, str(error))
