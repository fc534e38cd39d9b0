"""Runs `front_end.cpp` on samples, and the binding on the same."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imu_gesture import _core
from tests.core.trajectories import Trajectory
from tests.firmware.compilers import COUNTING, HERE, LOOP_INSTRUCTIONS, Target

SAMPLES = 48
_TIMEOUT_S = 120


@dataclass(frozen=True, eq=False)
class FrontEndReplay:
    """Inputs (n, SAMPLES, 6) of all windows; instructions, on the emulated board only.

    Attributes:
        sample_instructions: of a sample, its offset and its resampling.
        window_instructions: of a window on top of that, the classifier left out.
        firmware_bytes: of the whole state machine.
    """

    inputs: NDArray[np.int8]
    sample_instructions: float
    window_instructions: float
    firmware_bytes: int


def replay_front_end(
    target: Target, kind: _core.FrontEnd, trajectory: Trajectory, folder: Path
) -> FrontEndReplay:
    """Build and run for a machine."""
    times_us, acc_g, gyr_dps = trajectory.imu()
    record = np.zeros(len(times_us), [("time", "<u4"), ("values", "<f4", 6)])
    record["time"] = times_us % 2**32
    record["values"] = np.hstack([acc_g, gyr_dps])
    (folder / "samples.bin").write_bytes(record.tobytes())
    (folder / "kind.bin").write_bytes(bytes([kind.value]))
    command = target.build(HERE / "front_end.cpp", folder)
    if target.runner:
        command[1:1] = COUNTING
    subprocess.run(command, cwd=folder, check=True, timeout=_TIMEOUT_S)
    inputs = np.fromfile(folder / "windows.bin", np.int8).reshape(-1, SAMPLES, 6)
    loop, *costs, size = map(int, (folder / "cost.txt").read_text().split())
    per_tick = LOOP_INSTRUCTIONS / loop if loop else 0.0
    sample = per_tick * costs[0] / costs[1]
    window = per_tick * costs[2] / costs[3]
    return FrontEndReplay(inputs, sample, window - sample, size)


def inputs_of_the_binding(kind: _core.FrontEnd, trajectory: Trajectory) -> NDArray[np.int8]:
    """The same parameters as in `front_end.cpp`."""
    inputs: list[NDArray[np.int8]] = []

    def classify(window: NDArray[np.int8]) -> NDArray[np.int8]:
        inputs.append(window)
        return np.zeros(1, np.int8)

    params = _core.FirmwareParams(
        _core.ConditionerParams(20_000, learning=_core.LearningParams()),
        _core.WindowParams(SAMPLES, 5),
        _core.FeatureParams(
            np.zeros(6, np.float32), np.array([1.1] * 3 + [0.0083] * 3, np.float32)
        ),
        _core.QuantisationParams(0.0645, -11),
        _core.DecisionParams([_core.NEVER], 3, 500_000),
        _core.FrontEndParams(kind, (0.6, 0.0, 0.8)),
    )
    _core.Firmware(params, classify).push(*trajectory.imu())
    return np.array(inputs)
