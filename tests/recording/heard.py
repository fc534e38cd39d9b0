"""One event of every kind, as a board and its link may tell them."""

from __future__ import annotations

from pathlib import Path

from imu_gesture import _core
from imu_gesture.link.link import (
    BoardWarned,
    ClockProbed,
    DriftReported,
    EventsLost,
    GestureReported,
    HealthReported,
    LineDamaged,
    LinkEvent,
    LinkInterrupted,
    LinkResumed,
    MarkReported,
    SamplesLost,
    ScoresReported,
    TemperatureMeasured,
)
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import RecordingWriter
from imu_gesture.recording.side_channels import DRIFT, HEALTH_FIELDS
from imu_gesture.samples import Samples
from tests.recording.crash import piece

STARTED_NS = 1_700_000_000_123_456_789
INFO = RecordingInfo(started_unix_ns=STARTED_NS)


def health(device_time_us: int) -> HealthReported:
    """Counters that differ from each other."""
    counters = _core.Health()
    counters.device_time_us = device_time_us
    for number, name in enumerate(HEALTH_FIELDS):
        setattr(counters, name, 2**32 - 1 - number)
    return HealthReported(device_time_us, counters)


def drift(device_time_us: int) -> DriftReported:
    """Figures that differ from each other."""
    found = _core.Drift()
    found.device_time_us = device_time_us
    found.bias_dps = [1.5, -2.25, 30.1]
    found.bias_sigma_dps = 0.03
    found.acc_offset_g = [0.01, 0.02, -0.09]
    found.acc_sigma_g = 0.004
    found.rest_age_s = 77
    found.flags = _core.DRIFT_RECALLED
    return DriftReported(device_time_us, found)


def events(device_time_us: int = 1_234_567) -> list[LinkEvent]:
    """All kinds, those with a time at about the given one."""
    return [
        TemperatureMeasured(device_time_us, 23.41),
        ClockProbed(device_time_us, 1_700_000_001.25, 1_700_000_001.2578125),
        MarkReported(device_time_us + 1, 2),
        GestureReported(device_time_us + 2, "größer", 229 / 255),
        ScoresReported(device_time_us + 3, (0.25, 1 / 3, 0.0)),
        ScoresReported(device_time_us + 3, ()),
        health(device_time_us + 4),
        drift(device_time_us + 4),
        SamplesLost(7),
        SamplesLost(None),
        LineDamaged("12;x\n\u2026"),
        LinkInterrupted("/dev/ttyACM0: the board is gone"),
        LinkResumed(),
        EventsLost("gestures", 2),
        BoardWarned("self-test: gravity is not 1 g at rest"),
        ClockProbed(device_time_us + 5, 1_700_000_002.0, 1_700_000_002.5),
    ]


def comparable(event: LinkEvent) -> object:
    """Equal for equal events: the core's counters do not compare."""
    if isinstance(event, HealthReported):
        counters = [getattr(event.health, name) for name in HEALTH_FIELDS]
        return event.device_time_us, event.health.device_time_us, counters
    if isinstance(event, DriftReported):
        figures = [getattr(event.drift, name) for _, name in DRIFT.fields]
        return event.device_time_us, event.drift.device_time_us, figures
    return event


def record(path: Path, samples: Samples, heard: list[LinkEvent], size: int = 10) -> Path:
    """Samples in pieces, after each of which one event was heard as long as there are any."""
    waiting = iter(heard)
    with RecordingWriter(path, INFO) as writer:
        for start in range(0, len(samples), size):
            writer.append(piece(samples, start, size))
            event = next(waiting, None)
            if event is not None:
                writer.note(event)
    return path
