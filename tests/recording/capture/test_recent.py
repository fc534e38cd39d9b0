"""The last seconds of what a link says: bounded, and cut where they are wanted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from imu_gesture.link.link import LinkEvent, MarkReported, SamplesLost, SamplesReceived
from imu_gesture.recording.capture.recent import Recent
from tests import make


@pytest.mark.parametrize(
    ("start_s", "end_s", "samples", "log"),
    [(10.0, 12.0, 239, 2), (0.0, 30.0, 1500, 13), (40.0, 41.0, None, None)],
    ids=["inside", "wider than what is kept", "what never came"],
)
def test_recent_seconds_can_be_cut(
    start_s: float, end_s: float, samples: int | None, log: int | None
) -> None:
    recent = Recent(12.0)
    for event in seconds(20):
        recent.hear(event)
    found = recent.cut(round(start_s * 1e6), round(end_s * 1e6))
    assert (found and len(found.samples), found and len(found.log)) == (
        pytest.approx(samples, rel=0.05) if samples else None,
        log,
    )
    if found is not None:
        for logged in found.log:
            assert isinstance(logged.event, MarkReported)
            before = found.samples.device_time_us <= logged.event.device_time_us
            assert logged.imu_rows == before.sum()


def seconds(count: int) -> Iterator[LinkEvent]:
    for second in range(count):
        samples = make.noise(119)
        samples.device_time_us[:] += second * 1_000_000
        yield SamplesReceived(samples)
        yield MarkReported((second + 1) * 1_000_000 - 5_000, 1)
        yield SamplesLost(1)


def test_the_memory_of_recent_events_is_bounded() -> None:
    recent = Recent(12.0)
    for number in range(10_000):
        recent.hear(MarkReported(number, 1))
    assert len(recent) <= 4096
    recent.hear(MarkReported(60_000_000, 1))
    assert len(recent) == 1
