"""The seam between a board, wherever it is, and everything that listens to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol, Self

from imu_gesture import _core
from imu_gesture.device import DeviceInfo
from imu_gesture.samples import Samples


@dataclass(frozen=True, eq=False)
class SamplesReceived:
    """Consecutive samples of the board."""

    samples: Samples


@dataclass(frozen=True)
class GestureReported:
    """The board recognised a gesture; `score` is a probability."""

    device_time_us: int
    label: str
    score: float


@dataclass(frozen=True)
class ScoresReported:
    """The board's smoothed score of each class: probabilities in the order of its labels."""

    device_time_us: int
    scores: tuple[float, ...]


@dataclass(frozen=True)
class MarkReported:
    """Somebody pressed the button on the board."""

    device_time_us: int
    kind: int


@dataclass(frozen=True)
class TemperatureMeasured:
    """Of the sensor's die."""

    device_time_us: int
    celsius: float


@dataclass(frozen=True)
class HealthReported:
    """The board's own counters since it started."""

    device_time_us: int
    health: _core.Health


@dataclass(frozen=True)
class DriftReported:
    """How far the board's sensors have drifted, as it knows itself."""

    device_time_us: int
    drift: _core.Drift


@dataclass(frozen=True)
class ClockProbed:
    """The board's clock read `device_time_us` between two moments of the host's (Unix seconds)."""

    device_time_us: int
    sent_s: float
    received_s: float


@dataclass(frozen=True)
class LineDamaged:
    """Something arrived that could not be read."""

    text: str


@dataclass(frozen=True)
class SamplesLost:
    """So many inertial samples were taken and did not arrive; None where nobody knows how many."""

    count: int | None


@dataclass(frozen=True)
class EventsLost:
    """So many of the board's gestures or marks did not arrive."""

    what: Literal["gestures", "marks"]
    count: int


@dataclass(frozen=True)
class BoardWarned:
    """What the board itself finds wrong with it; it goes on working."""

    text: str


@dataclass(frozen=True)
class LinkInterrupted:
    """The board is gone for now; it is being looked for."""

    reason: str


@dataclass(frozen=True)
class LinkResumed:
    """The board is back."""


LinkEvent = (
    SamplesReceived
    | SamplesLost
    | EventsLost
    | GestureReported
    | ScoresReported
    | MarkReported
    | TemperatureMeasured
    | HealthReported
    | DriftReported
    | ClockProbed
    | LineDamaged
    | BoardWarned
    | LinkInterrupted
    | LinkResumed
)


def in_words(event: LinkEvent) -> str:
    """What a person is told of an event; empty where it is none of their business."""
    match event:
        case BoardWarned():
            return f"the board warns: {event.text}"
        case LinkInterrupted():
            return f"{event.reason}; waiting for it"
        case LinkResumed():
            return "the board is back"
        case _:
            return ""


@dataclass(frozen=True)
class LinkStatus:
    """What a link has seen since it was opened.

    Attributes:
        lost: inertial samples that are known to be missing.
        damaged: packets or lines that could not be read.
        rssi_dbm: strength of the radio's signal, where there is a radio that tells.
    """

    lost: int = 0
    damaged: int = 0
    rssi_dbm: int | None = None


class Link(Protocol):
    """An open connection to one board. Opened and closed as a context manager."""

    info: DeviceInfo

    @property
    def status(self) -> LinkStatus:
        """How it is doing."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...

    def cue(self, label: str) -> None:
        """Tell whoever holds the board to perform `label` now."""
        ...

    def events(self) -> Iterator[LinkEvent]:
        """What the board sends, until the caller stops asking.

        Raises:
            LinkError: the board is gone.
        """
        ...
