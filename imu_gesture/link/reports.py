"""What the board says about itself and what it sees, apart from samples, as events."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from imu_gesture import _core
from imu_gesture.link.link import (
    DriftReported,
    GestureReported,
    HealthReported,
    LinkEvent,
    MarkReported,
    ScoresReported,
    TemperatureMeasured,
)

Report = _core.Gesture | _core.Scores | _core.Mark | _core.Temperature | _core.Health | _core.Drift


def event_of(packet: Report, labels: Sequence[str], unwrapped: Callable[[int], int]) -> LinkEvent:
    """The event that a packet tells; `unwrapped` turns its 32-bit time into one that only grows."""
    time_us = unwrapped(packet.device_time_us)
    match packet:
        case _core.Gesture():
            known = packet.label < len(labels)
            name = labels[packet.label] if known else f"class {packet.label}"
            return GestureReported(time_us, name, packet.score / _core.SCORE_LEVELS)
        case _core.Scores():
            levels = np.frombuffer(packet.levels, np.uint8) / _core.SCORE_LEVELS
            return ScoresReported(time_us, tuple(levels.tolist()))
        case _core.Mark():
            return MarkReported(time_us, packet.kind)
        case _core.Temperature():
            return TemperatureMeasured(time_us, packet.centi_c / 100)
        case _core.Health():
            return HealthReported(time_us, packet)
        case _core.Drift():
            return DriftReported(time_us, packet)
