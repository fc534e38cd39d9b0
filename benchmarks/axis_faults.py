"""Are all faults of axes, units and scales named, and none invented?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from broad import Trial, load_trials
from broad_motion import ideal_of
from form import Options, Row, say

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
    ideal = ideal_of(trial)
    return IdealSignals(
        ideal.time_s[part], ideal.acc_g[part], ideal.gyr_dps[part], ideal.mag_ut[part]
    )


def _real_rows(data: Path | None, trials: list[Trial]) -> Iterator[Row]:
    """Recordings of real sensors in which nothing is wrong."""
    found = {trial.name: _outcome(_as_samples(_begin(trial)), "", None) for trial in trials}
    sample = data / "xio_fusion_sample" / "sensor_data.csv" if data else None
    if sample and sample.exists():
        found["xio"] = _outcome(_xio(sample), "", None)
    wrong = sum(outcome == "wrong" for outcome in found.values())
    note = ", ".join(f"{name} {outcome}" for name, outcome in found.items())
    yield Row("axis.real.invented", wrong / len(found), "fraction", note=note)


def _as_samples(ideal: IdealSignals) -> Samples:
    times_us = np.rint((ideal.time_s - ideal.time_s[0]) * 1e6).astype(np.int64)
    return Samples(
        times_us,
        ideal.acc_g.astype(np.float32),
        ideal.gyr_dps.astype(np.float32),
        np.arange(len(times_us), dtype=np.int64),
        times_us,
        ideal.mag_ut.astype(np.float32),
    )


def _xio(path: Path) -> Samples:
    columns = np.loadtxt(path, delimiter=",", skiprows=1)
    return _as_samples(
        IdealSignals(columns[:, 0], columns[:, 4:7], columns[:, 1:4], columns[:, 7:10])
    )
