"""Does the board's self-test invent faults, and does it find wrong axes and scales?"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from form import Options, Row, run_benchmark, say

sys.path.insert(0, str(Path(__file__).parents[1]))

from imu_gesture.labels import BACKGROUND
from imu_gesture.simulation.chips import BMI270_BOARD, LSM9DS1_BOARD
from imu_gesture.simulation.dance import DancePlan, Dancer
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.faults import FAULTS
from imu_gesture.simulation.motion import Motion
from imu_gesture.simulation.performer import GESTURES, REST, Action, Performer
from imu_gesture.simulation.signals import ideal_signals
from tests.core.self_tested import AXES, GRAVITY, Board

_CHIPS = {"lsm9ds1": LSM9DS1_BOARD, "bmi270": BMI270_BOARD}
_FIRST_SEED = 5000  # no other use is made of these
_FACES = DancePlan(rest_s=3.0, turns=0, eight_s=0.0)
_CALIBRATION = DancePlan(eight_s=30.0)
_GESTURES = [Action(REST, 3.0), *(Action(name) for name in GESTURES), Action(BACKGROUND, 30.0)] * 2


_USES: dict[str, Callable[[int], Motion]] = {
    "faces": lambda seed: Dancer(seed).perform(_FACES),
    "calibration": lambda seed: Dancer(seed).perform(_CALIBRATION),
    "gestures": lambda seed: Performer(seed).perform(_GESTURES),
}


def measure(options: Options) -> Iterator[Row]:
    """Healthy boards in three uses, then faulty ones that are laid on each face."""
    boards = 10 if options.quick else 100
    seeds = range(_FIRST_SEED, _FIRST_SEED + boards)
    for use, motion in _USES.items():
        say(f"{2 * boards} healthy boards: {use}")
        found = [_tested(chip, seed, motion(seed)) for seed in seeds for chip in _CHIPS]
        alarms = sum(failed != 0 for failed, _ in found)
        seen = sum(untested == 0 for _, untested in found)
        note = f"of {len(found)} boards; everything was seen on {seen}"
        yield Row(f"{use}.false_alarms", alarms, "boards", note=note)
    yield _faulty(seeds[: boards // 10])


def _faulty(seeds: range) -> Row:
    say(f"{len(_faults())} faults of axes and units")
    cases = [(fault, chip, seed) for fault in _faults() for chip in _CHIPS for seed in seeds]
    missed = [
        fault
        for fault, chip, seed in cases
        if not _tested(chip, seed, _USES["faces"](seed), fault)[0] & (AXES | GRAVITY)
    ]
    note = f"of {len(cases)}; missed: {', '.join(sorted(set(missed))) or 'none'}"
    return Row("faults.found", len(cases) - len(missed), "boards", note=note)


def _faults() -> list[str]:
    """Of what the board judges: not the magnetometer, and of scales those that are far off."""
    judged = {name: fault for name, fault in FAULTS.items() if fault.sensors != ("mag",)}
    return [
        name
        for name, fault in judged.items()
        if not np.array_equal(fault.axes, np.eye(3)) or not 0.8 < fault.factor < 1.25
    ]


def _tested(chip: str, seed: int, motion: Motion, fault: str = "") -> tuple[int, int]:
    """Bits of what failed, and of what was not tested."""
    sensors = Device(_CHIPS[chip], seed, faults=[FAULTS[fault]] if fault else [])
    found = Board(sensors).feel(sensors.measure(ideal_signals(motion))).ask()
    return found.failed, found.untested


if __name__ == "__main__":
    run_benchmark("self_test", measure)
