"""Uptime over wraps of the microsecond clock."""

from __future__ import annotations

import pytest

from imu_gesture import _core
from tests.core import independent_wire as independent
from tests.core.test_device import Host


@pytest.mark.parametrize("step_s", [0.999_999, 61.3, 4200.0])
def test_seconds_are_counted_over_wraps(step_s: float) -> None:
    host = Host()
    step_us, true_us = round(step_s * 1e6), 0
    while true_us < 9 * 3600 * 1_000_000 and true_us < 3000 * step_us:
        true_us += step_us
        host.now_us = true_us % 2**32
        host.device.poll(host.now_us)
    host.start()
    host.now_us = (true_us + 1_000_000) % 2**32
    host.device.poll(host.now_us)
    (health,) = [
        packet
        for packet in map(independent.decode_packet, host.packets())
        if packet.name == "Health"
    ]
    assert health.fields["uptime_s"] == (true_us + 1_000_000) // 1_000_000


def test_a_reset_begins_it_anew() -> None:
    host = Host()
    host.device.poll(50_000_000)
    host.device.reset()
    host.device.link_up(_core.MAX_PACKET, 10_000, 0)
    host.now_us = 0
    host.packets()
    host.start()
    host.device.poll(2_000_000)
    (health,) = [
        packet
        for packet in map(independent.decode_packet, host.packets())
        if packet.name == "Health"
    ]
    assert health.fields["uptime_s"] == 2
