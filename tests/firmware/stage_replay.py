"""Runs `stages.cpp` on samples: what each stage of a decision costs."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imu_gesture import _core
from tests.core.trajectories import Trajectory
from tests.firmware.compilers import COUNTING, HERE, LOOP_INSTRUCTIONS, Target

STAGES = ("correction", "resampling", "front_end", "quantisation", "decision")
CHANNELS = 6
_TIMEOUT_S = 120


@dataclass(frozen=True)
class Shape:
    """Of what the firmware is asked to do."""

    front_end: _core.FrontEnd
    rows: int = 48
    classes: int = 5


@dataclass(frozen=True, eq=False)
class StageReplay:
    """Inputs (n, rows, 6) of all windows; mean instructions of a run of each of STAGES."""

    inputs: NDArray[np.int8]
    instructions: dict[str, float]


def replay_stages(
    target: Target, shape: Shape, trajectory: Trajectory, folder: Path
) -> StageReplay:
    """Build and run for a machine that counts."""
    times_us, acc_g, gyr_dps = trajectory.imu()
    record = np.zeros(len(times_us), [("time", "<u4"), ("values", "<f4", CHANNELS)])
    record["time"] = times_us % 2**32
    record["values"] = np.hstack([acc_g, gyr_dps])
    (folder / "samples.bin").write_bytes(record.tobytes())
    (folder / "shape.bin").write_bytes(bytes([shape.front_end.value, shape.rows, shape.classes]))
    command = target.build(HERE / "stages.cpp", folder)
    command[1:1] = COUNTING
    subprocess.run(command, cwd=folder, check=True, timeout=_TIMEOUT_S)
    inputs = np.fromfile(folder / "inputs.bin", np.int8).reshape(-1, shape.rows, CHANNELS)
    loop, *costs = map(int, (folder / "cost.txt").read_text().split())
    found = zip(STAGES, costs[::2], costs[1::2], strict=True)
    per_tick = LOOP_INSTRUCTIONS / loop
    return StageReplay(inputs, {name: per_tick * ticks / calls for name, ticks, calls in found})
