"""The figures of the link line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

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
from imu_gesture.recording.capture.meter import LinkMeter, LinkView
from imu_gesture.samples import Samples
from tests import make
from tests.recording.capture.board import PACKET

RANGES = DeviceInfo(device_id="00ab12cd", acc_range_g=4.0, gyr_range_dps=2000.0)


def view(events: list[LinkEvent], info: DeviceInfo = RANGES) -> LinkView:
    meter = LinkMeter(info)
    for event in events:
        meter.update(event)
    return meter.view(LinkStatus(lost=3, rssi_dbm=-60))


def received(samples: Samples) -> list[LinkEvent]:
    starts = range(0, len(samples), PACKET)
    return [SamplesReceived(samples.rows(slice(i, i + PACKET))) for i in starts]


def health(numbered: int, fifo_lost: int, dropped: int) -> HealthReported:
    counters = _core.Health()
    counters.imu_numbered, counters.imu_fifo_lost = numbered, fifo_lost
    counters.imu_dropped = dropped
    return HealthReported(0, counters)


@pytest.mark.parametrize("rate_hz", [50.0, 99.8, 119.0, 400.0])
def test_the_rate_is_that_of_the_last_seconds(rate_hz: float) -> None:
    slow = make.noise(200, rate_hz=20.0)
    start_us = int(slow.device_time_us[-1]) + 50_000
    fast = make.noise(round(6 * rate_hz), rate_hz=rate_hz)
    fast = replace(fast, device_time_us=fast.device_time_us + start_us)
    assert view(received(slow) + received(fast)).rate_hz == pytest.approx(rate_hz, rel=0.01)


def test_missing_samples_lower_the_rate() -> None:
    samples = make.noise(1190)
    kept = np.ones(len(samples), np.bool_)
    kept[::4] = False
    found = view(received(samples.rows(kept))).rate_hz
    assert found == pytest.approx(119 * 0.75, rel=0.03)


@pytest.mark.parametrize(
    ("info", "expected"),
    [(RANGES, 0.25), (RANGES.model_copy(update={"acc_range_g": None}), 0.0)],
    ids=["range known", "range unknown"],
)
def test_saturation_is_a_share_of_the_samples(info: DeviceInfo, expected: float) -> None:
    samples = make.noise(240)
    samples.acc_g[::4, 1] = 4.0
    assert view(received(samples), info).clipped_share == pytest.approx(expected, abs=0.02)


def test_the_boards_own_losses_count_from_the_first_report() -> None:
    found = view([health(1000, 40, 7), health(1100, 42, 7), health(1200, 45, 9)])
    assert (found.fifo_lost, found.dropped) == (5, 2)


def test_after_a_reset_the_boards_losses_count_from_zero() -> None:
    found = view([health(1000, 40, 7), health(100, 2, 1)])
    assert (found.fifo_lost, found.dropped) == (2, 1)


def test_away_and_back() -> None:
    samples = received(make.noise(400))
    away = view([*samples, LinkInterrupted("pulled")])
    assert (away.away, away.rate_hz) == (True, None)
    assert not view([*samples, LinkInterrupted("pulled"), LinkResumed()]).away


def test_the_rest_is_passed_on() -> None:
    found = view([TemperatureMeasured(0, 24.5)])
    assert found.temperature_c == 24.5
    assert found.status == LinkStatus(lost=3, rssi_dbm=-60)
    assert found.name == "12cd"
    assert found.rate_hz is None
