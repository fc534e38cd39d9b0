"""Are all faults of axes, units and scales named, and none invented?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from broad import Trial, load_trials
from broad_motion import ideal_of
from form import Options, Row, say
from numpy.typing import NDArray

from imu_gesture.calibration.axes import AxisParams, check_axes
from imu_gesture.errors import CalibrationError
from imu_gesture.samples import Samples
from imu_gesture.simulation.chips import BMI270_BOARD, LSM9DS1_BOARD, Chip
from imu_gesture.simulation.dance import Dancer
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.faults import FAULTS, SENSORS, Fault
from imu_gesture.simulation.signals import IdealSignals, ideal_signals

BOARDS = {"lsm9ds1": LSM9DS1_BOARD, "bmi270": BMI270_BOARD}
_TURNING_S = 8.0
_REST_S = 1.0
_BROAD_S = 30.0


@dataclass(frozen=True)
class _Case:
    ideal: IdealSignals
    chip: Chip
    seed: int

    def outcome(self, fault: Fault | None) -> str:
        """`right`, `wrong`, or `refused`."""
        device = Device(self.chip, self.seed, faults=[fault] if fault else [])
        return _outcome(device.measure(self.ideal), self.chip.board, fault)


def axis_faults(options: Options) -> Iterator[Row]:
    """On simulated hands, and on the hands of BROAD's trials where they are."""
    seeds = range(2 if options.quick else 20)
    say(f"{len(FAULTS)} faults, {len(seeds)} seeds, two boards")
    ideals = {seed: ideal_signals(Dancer(seed).turning(_TURNING_S)) for seed in seeds}
    cases = [_Case(ideals[seed], chip, seed) for seed in seeds for chip in BOARDS.values()]
    note = f"{len(seeds)} seeds, two boards, {_TURNING_S:.0f} s of turning"
    yield from _rows("axis", cases, note)
    trials = load_trials(options.data) if options.data else []
    if not trials:
        say("no folder broad: axis faults on simulated hands only")
        return
    yield from _rows(
        "axis.broad",
        _broad_cases(trials, options.quick),
        f"BROAD's hands, the first {_BROAD_S:.0f} s of each trial",
    )
    yield from _real_rows(options.data, trials)


def _rows(name: str, cases: list[_Case], note: str) -> Iterator[Row]:
    clean = [case.outcome(None) for case in cases]
    faulty = [(fault.name, case.outcome(fault)) for case in cases for fault in FAULTS.values()]
    right = sum(outcome == "right" for _, outcome in faulty)
    missed = sorted({fault for fault, outcome in faulty if outcome == "wrong"})
    said = f"{note}; {len(faulty)} cases"
    yield Row(f"{name}.named_correctly", right / len(faulty), "fraction", note=said)
    wrong = [outcome for _, outcome in faulty].count("wrong")
    yield Row(f"{name}.named_wrongly", wrong / len(faulty), "fraction", note=", ".join(missed))
    invented = sum(outcome == "wrong" for outcome in clean)
    yield Row(f"{name}.invented", invented / len(clean), "fraction", note=f"{len(clean)} clean")
    refused = [*clean, *(outcome for _, outcome in faulty)].count("refused")
    yield Row(f"{name}.refused", refused / (len(clean) + len(faulty)), "fraction", note=note)


def _outcome(samples: Samples, board: str, fault: Fault | None) -> str:
    try:
        check = check_axes(samples, AxisParams(flat_start=True, board=board))
    except CalibrationError:
        return "refused"
    for short, sensor in SENSORS.items():
        matrix = np.eye(3)
        if fault and short in fault.sensors:
            matrix = fault.factor * fault.axes.astype(np.float64)
        if not np.allclose(check.correction(sensor) @ matrix, np.eye(3), atol=0.05):
            return "wrong"
    named = {finding.sensor for finding in check.findings}
    return "right" if named == {SENSORS[s] for s in (fault.sensors if fault else ())} else "wrong"


def _broad_cases(trials: list[Trial], quick: bool) -> list[_Case]:
    chosen = trials[:2] if quick else trials
    return [
        _Case(_begin(trial), chip, seed)
        for seed, trial in enumerate(chosen)
        for chip in BOARDS.values()
    ]


def _begin(trial: Trial) -> IdealSignals:
    """A second of rest and the first seconds of movement."""
    first = int(np.argmax(trial.moving))
    rate_hz = trial.rate_hz
    part = slice(first - round(_REST_S * rate_hz), first + round(_BROAD_S * rate_hz))
    return ideal_of(trial).steps(part)


def _real_rows(data: Path | None, trials: list[Trial]) -> Iterator[Row]:
    """Recordings of real sensors in which nothing is wrong."""
    found = {trial.name: _outcome(_of_trial(trial), "", None) for trial in trials}
    sample = data / "xio_fusion_sample" / "sensor_data.csv" if data else None
    if sample and sample.exists():
        columns = np.loadtxt(sample, delimiter=",", skiprows=1)
        found["xio"] = _outcome(_samples(columns), "", None)
    wrong = sum(outcome == "wrong" for outcome in found.values())
    note = ", ".join(f"{name} {outcome}" for name, outcome in found.items())
    yield Row("axis.real.invented", wrong / len(found), "fraction", note=note)


def _of_trial(trial: Trial) -> Samples:
    ideal = _begin(trial)
    time_s = np.arange(len(ideal)) / ideal.rate_hz
    return _samples(np.column_stack([time_s, ideal.gyr_dps, ideal.acc_g, ideal.mag_ut]))


def _samples(columns: NDArray[np.float64]) -> Samples:
    """Of columns (n, 10): seconds, deg/s, g, µT."""
    times_us = np.rint((columns[:, 0] - columns[0, 0]) * 1e6).astype(np.int64)
    gyr_dps, acc_g, mag_ut = np.split(columns[:, 1:].astype(np.float32), 3, axis=1)
    return Samples(times_us, acc_g, gyr_dps, np.arange(len(times_us)), times_us, mag_ut)
