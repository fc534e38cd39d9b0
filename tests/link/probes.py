"""Probes of a clock over a link whose delays are known to the test alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu_gesture.link.link import ClockProbed
from imu_gesture.simulation.delays import DelayParams, exchanges

STARTED_S = 1_700_000_000.0
BOOTED_S = 123.0


@dataclass(frozen=True)
class Truth:
    """A probe, and when, by the host's clock, the board's was read."""

    probe: ClockProbed
    device_s: float
    host_s: float


def probes(
    seed: int,
    path: DelayParams | None = None,
    skew_ppm: float = 50.0,
    seconds: int = 1800,
    jump: tuple[float, float] = (np.inf, 0.0),
) -> list[Truth]:
    """One each second; from the time `jump[0]` on the board's clock is `jump[1]` ahead."""
    times = exchanges(path or DelayParams(), seed, seconds)
    device_s = BOOTED_S + times.read_s * (1 + skew_ppm * 1e-6)
    device_s += np.where(times.read_s >= jump[0], jump[1], 0.0)
    columns = device_s, times.sent_s, times.read_s, times.received_s
    return [
        Truth(
            ClockProbed(round(device * 1e6), STARTED_S + sent, STARTED_S + received),
            device,
            STARTED_S + read,
        )
        for device, sent, read, received in zip(*(c.tolist() for c in columns), strict=True)
    ]
