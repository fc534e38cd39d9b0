"""Simulated calibrations for tests: seeded, each made once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np

from imu_gesture.calibration.affine import Float64Array
from imu_gesture.calibration.stills import Still, find_stills
from imu_gesture.device import DeviceInfo
from imu_gesture.samples import Samples
from imu_gesture.simulation.chips import BMI270_BOARD, LSM9DS1_BOARD, Chip
from imu_gesture.simulation.dance import DancePlan, Dancer
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.faults import FAULTS
from imu_gesture.simulation.signals import IdealSignals, ideal_signals

BOARDS = (LSM9DS1_BOARD, BMI270_BOARD)
GYR_LIBRARY = "gyroscope scale of Arduino_LSM9DS1"
INFO = DeviceInfo(device_id="board-1", board=LSM9DS1_BOARD.board)


@cache
def danced(seed: int = 0, plan: DancePlan | None = None) -> IdealSignals:
    """A whole calibration without errors."""
    return ideal_signals(Dancer(seed).perform(plan or DancePlan()))


@cache
def turned(seed: int = 0, turning_s: float = 8.0) -> IdealSignals:
    """Some seconds of turning after lying flat."""
    return ideal_signals(Dancer(seed).turning(turning_s))


@cache
def session(seed: int = 0, chip: Chip = LSM9DS1_BOARD, fault: str = "") -> Samples:
    """A calibration as a board with all its errors measures it."""
    return Device(chip, seed, faults=[FAULTS[fault]] if fault else []).measure(danced(seed))


@cache
def stills(seed: int = 0, chip: Chip = LSM9DS1_BOARD) -> tuple[Still, ...]:
    return tuple(find_stills(session(seed, chip)))


def part(samples: Samples, first_s: float, last_s: float = np.inf) -> Samples:
    """What was measured between two times, the field as well."""
    time_s, mag_s = samples.device_time_us * 1e-6, samples.mag_time_us * 1e-6
    inside, mag = (time_s >= first_s) & (time_s < last_s), (mag_s >= first_s) & (mag_s < last_s)
    return Samples(
        samples.device_time_us[inside],
        samples.acc_g[inside],
        None if samples.gyr_dps is None else samples.gyr_dps[inside],
        samples.sequence[inside],
        samples.mag_time_us[mag],
        samples.mag_ut[mag],
    )


def pieces(samples: Samples, piece_s: float) -> Iterator[Samples]:
    """A stream, piece by piece."""
    end_s = samples.device_time_us[-1] * 1e-6
    starts = np.arange(samples.device_time_us[0] * 1e-6, end_s, piece_s)
    for start_s in starts:
        yield part(samples, start_s, start_s + piece_s)


def worst_deg(matrix: Float64Array) -> float:
    """By how much a matrix is off the identity, its scale left out, in any element."""
    unit = matrix / np.cbrt(np.linalg.det(matrix))
    return float(np.degrees(np.abs(unit - np.eye(3)).max()))
