"""One thing that is wrong with a recording."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["warning", "bad"]
Kind = Literal[
    "too short",
    "not a number",
    "time order",
    "duplicate times",
    "lost samples",
    "silence",
    "uneven times",
    "rate",
    "clock",
    "stale",
    "clipped",
    "stuck",
    "acceleration",
    "gyroscope",
    "field",
]


@dataclass(frozen=True)
class Problem:
    """What was seen, where, and what to do next.

    Attributes:
        severity: `bad` spoils what is learned from the recording; a `warning` spoils part of it.
        kind: what `train` groups by.
        message: for people; says where, if it is somewhere.
        at_s: where it is first seen, in seconds since the first sample as labels count them.
    """

    severity: Severity
    kind: Kind
    message: str
    at_s: float | None = None


def found(
    severity: Severity, kind: Kind, seen: str, advice: str, at_s: float | None = None
) -> Problem:
    """A problem whose message is put together from what was seen, where, and what to do."""
    where = "" if at_s is None else f", first at {at_s:.2f} s"
    return Problem(severity, kind, f"{seen}{where}; {advice}", at_s)
