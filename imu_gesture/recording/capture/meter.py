"""What the link line shows: figures of one board's link, over the last seconds."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from imu_gesture import _core
from imu_gesture.device import DeviceInfo
from imu_gesture.link.link import (
    HealthReported,
    LinkEvent,
    LinkInterrupted,
    LinkResumed,
    LinkStatus,
    SamplesReceived,
    TemperatureMeasured,
)
from imu_gesture.recording.readings import inertial_sensors
from imu_gesture.samples import Samples

_OVER_US = 3_000_000


@dataclass(frozen=True)
class LinkView:
    """Figures of one board's link at a moment; None where nothing is known.

    Attributes:
        rate_hz: samples that arrived in the last seconds, by the board's clock.
        clipped_share: of those, how many stand at the sensor's range.
        status: of the link since it was opened.
        fifo_lost, dropped: samples the board itself lost, before and after it had numbered them.
        away: the board is being looked for.
    """

    name: str
    rate_hz: float | None
    clipped_share: float
    temperature_c: float | None
    status: LinkStatus
    fifo_lost: int
    dropped: int
    away: bool


@dataclass(frozen=True)
class _Piece:
    newest_us: int
    samples: int
    clipped: int


class LinkMeter:
    """Follows the events of one link; its memory is a few seconds of figures."""

    def __init__(self, info: DeviceInfo) -> None:
        self._info = info
        self._pieces: deque[_Piece] = deque()
        self._temperature_c: float | None = None
        self._first_health: _core.Health | None = None
        self._health: _core.Health | None = None
        self._away = False

    def update(self, event: LinkEvent) -> None:
        """One more event."""
        match event:
            case SamplesReceived() if len(event.samples):
                self._add(event.samples)
            case TemperatureMeasured():
                self._temperature_c = event.celsius
            case HealthReported():
                self._first_health = self._first_health or event.health
                self._health = event.health
            case LinkInterrupted():
                self._away = True
                self._pieces.clear()
            case LinkResumed():
                self._away = False

    def view(self, status: LinkStatus) -> LinkView:
        """The figures of now."""
        pieces = list(self._pieces)
        samples = sum(piece.samples for piece in pieces)
        span_us = pieces[-1].newest_us - pieces[0].newest_us if pieces else 0
        fifo_lost, dropped = self._lost_by_board()
        return LinkView(
            name=self._info.device_id[-4:] or self._info.source,
            rate_hz=(samples - pieces[0].samples) * 1e6 / span_us if span_us > 0 else None,
            clipped_share=sum(piece.clipped for piece in pieces) / max(1, samples),
            temperature_c=self._temperature_c,
            status=status,
            fifo_lost=fifo_lost,
            dropped=dropped,
            away=self._away,
        )

    def _add(self, samples: Samples) -> None:
        info = self._info
        clipped = 0
        if info.acc_range_g is not None:
            sensors = inertial_sensors(samples, info.acc_range_g, info.gyr_range_dps)
            known = [s.clipped.any(axis=1) for s in sensors if s.full_scale is not None]
            clipped = int(sum(known).astype(bool).sum())  # type: ignore[union-attr]
        newest_us = int(samples.device_time_us[-1])
        self._pieces.append(_Piece(newest_us, len(samples), clipped))
        while newest_us - self._pieces[0].newest_us > _OVER_US:
            self._pieces.popleft()

    def _lost_by_board(self) -> tuple[int, int]:
        """In its FIFO and behind it, since the first report of this recording."""
        first, newest = self._first_health, self._health
        if first is None or newest is None or newest.imu_numbered < first.imu_numbered:
            first = None  # none yet, or the board was reset in between
        if newest is None:
            return 0, 0
        before = (first.imu_fifo_lost, first.imu_dropped) if first else (0, 0)
        return newest.imu_fifo_lost - before[0], newest.imu_dropped - before[1]
