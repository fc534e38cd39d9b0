"""One step of the proof: what was compared, and the first thing that differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from imu_gesture.inference.classifier import Int8Array

State = Literal["passed", "failed", "skipped"]


@dataclass(frozen=True)
class Rung:
    """`detail` says what was compared, what differs first, or what is missing and how to get it."""

    name: str
    state: State
    detail: str


def passed(name: str, detail: str) -> Rung:
    """Everything is the same."""
    return Rung(name, "passed", detail)


def failed(name: str, detail: str) -> Rung:
    """Something differs."""
    return Rung(name, "failed", detail)


def skipped(name: str, detail: str) -> Rung:
    """It could not be compared here."""
    return Rung(name, "skipped", detail)


def first_difference(expected: Int8Array, found: Int8Array, what: str) -> str | None:
    """Where two arrays of windows (n, ...) differ first, in words; None where they do not."""
    if len(expected) != len(found):
        return f"{len(expected)} {what}s expected, {len(found)} found"
    places = np.argwhere(expected != found)
    if not len(places):
        return None
    at = tuple(places[0].tolist())
    inside = ", ".join(map(str, at[1:]))
    return (
        f"{what} {at[0]}, value [{inside}]: expected {expected[at]}, found {found[at]}; "
        f"{len(places)} of {expected.size} values differ"
    )
