"""Runs `drift.cpp` on samples, and the binding on the same."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imu_gesture import _core
from tests.firmware.compilers import COUNTING, HERE, LOOP_INSTRUCTIONS, Target

RECORD = np.dtype(
    [
        ("time", "<u4"),
        ("imu", "<f4", 6),
        ("celsius", "<f4"),
        ("has_mag", "<u4"),
        ("mag", "<f4", 3),
    ]
)
_TIMEOUT_S = 120


@dataclass(frozen=True)
class Replay:
    """States after each sample; instructions a sample and a reading, on the emulated board only."""

    states: bytes
    imu_instructions: float
    imu_most_instructions: float
    mag_instructions: float
    mag_most_instructions: float
    estimator_bytes: int


def replay(target: Target, samples: NDArray[np.void], folder: Path) -> Replay:
    """Build and run for a machine; `samples` are RECORDs."""
    (folder / "samples.bin").write_bytes(samples.tobytes())
    command = target.build(HERE / "drift.cpp", folder)
    if target.runner:
        command[1:1] = COUNTING
    subprocess.run(command, cwd=folder, check=True, timeout=_TIMEOUT_S)
    figures = map(int, (folder / "cost.txt").read_text().split())
    loop, imu, imu_most, mag, mag_most, samples_seen, readings, size = figures
    per_tick = LOOP_INSTRUCTIONS / loop if loop else 0.0
    return Replay(
        states=(folder / "states.bin").read_bytes(),
        imu_instructions=imu * per_tick / samples_seen,
        imu_most_instructions=imu_most * per_tick,
        mag_instructions=mag * per_tick / max(readings, 1),
        mag_most_instructions=mag_most * per_tick,
        estimator_bytes=size,
    )


def states_of_the_binding(samples: NDArray[np.void]) -> bytes:
    """What the host has after each of the samples."""
    drift = _core.DriftCorrection()
    drift.know_magnetometer(_core.AffineParams())
    states = []
    for i in range(len(samples)):
        one = samples[i : i + 1]
        time_us = one["time"].astype(np.int64)
        imu = np.ascontiguousarray(one["imu"])
        new = np.flatnonzero(one["has_mag"])
        mag = np.ascontiguousarray(one["mag"][new])
        celsius = np.ascontiguousarray(one["celsius"])
        drift.run(time_us, imu[:, :3].copy(), imu[:, 3:].copy(), time_us[new], mag, celsius)
        states.append(drift.state())
    return b"".join(states)
