"""Rows at the model rate in which it is known what moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 50.0
Rows = NDArray[np.float32]


def rest(seconds: float, seed: int = 0) -> Rows:
    """(n, 6) in g and deg/s: a board that lies, with the noise of an LSM9DS1 and an offset."""
    rng = np.random.default_rng(seed)
    n = round(seconds * RATE_HZ)
    noise = rng.normal(size=(n, 6)) * ([0.004] * 3 + [0.15] * 3)
    rows: Rows = (noise + np.array([0.1, -0.3, 0.95, 12.0, -20.0, 3.0])).astype(np.float32)
    return rows


def moving(
    seconds: float, acc_g: float = 0.8, gyr_dps: float = 120.0, hz: float = 2.0, seed: int = 0
) -> Rows:
    """The same swung to and fro from its first row to its last."""
    rows = rest(seconds, seed)
    time_s = np.arange(len(rows)) / RATE_HZ
    for channel, size in enumerate([acc_g] * 3 + [gyr_dps] * 3):
        phase = 2 * np.pi * (hz * time_s + channel / 6)
        rows[:, channel] += (size * np.sin(phase)).astype(np.float32)
    return rows


def drift(seconds: float, acc_g: float, gyr_dps: float) -> Rows:
    """A rest whose readings end up so much further than they began."""
    rows = rest(seconds)
    share = np.linspace(0, 1, len(rows))[:, None]
    return (rows + share * ([acc_g] * 3 + [gyr_dps] * 3)).astype(np.float32)


def joined(*parts: Rows) -> Rows:
    """One after the other."""
    return np.concatenate(parts)
