"""Drift of devices on real gestures: what it costs each front end, and what calibration gives back.

Streams of rest, gesture, rest are read by simulated devices: families of errors at the levels of
datasheets. Models are trained once per fold on clean streams, and never see a device of the test.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from accuracy import REAL, SIMULATED, Source
from drift_cases import Case, cases, params_of
from drift_device import LEVELS, Arm, Device, biased, record
from drift_models import Fold, Model, folds_of, windows_of
from drift_streams import Segment, segments_of, still
from drift_table import Table
from form import Options, Row, say
from front_end_cost import front_end_cost

from imu_gesture import _core
from imu_gesture.dataset.front_end import FrontEndName
from imu_gesture.dataset.segments import load_labelled
from imu_gesture.learning.fitting import FittingPool

FOLDS = 5
_SEEDS, _QUICK_SEEDS = 20, 3
_EPOCHS, _QUICK_EPOCHS = 100, 30
_SETS = ("nano_gestures", "magic_wand_nanguoyu")
_IDLE_S, _SETTLED_S = 30.0, 3.0
_MOTION_DPS = 20.0
_REFRACTORY_US = 500_000


def measure(options: Options) -> Iterator[Row]:
    """All rows of all sets."""
    data = options.data or Path()
    known = [source for source in REAL if source.name in _SETS]
    sources = [source for source in known if options.data and (data / source.folder).is_dir()]
    for source in known:
        if source not in sources:
            say(f"{source.name}: left out, no folder {data / source.folder} (--data)")
    sources = (sources or [SIMULATED])[: 1 if options.quick else None]
    with FittingPool() as pool:
        epochs = _QUICK_EPOCHS if options.quick else _EPOCHS
        folds = {
            source.name: list(folds_of(load(source, data), FOLDS, epochs, pool))
            for source in sources
        }
        for name, parts in folds.items():
            yield from drift_rows(name, parts, options.quick)
    yield from front_end_cost()


def load(source: Source, data: Path) -> list[Segment]:
    """The gestures of a set."""
    with TemporaryDirectory() as workspace:
        source.fill(data, Path(workspace))
        return segments_of(
            [load_labelled(path) for path in sorted(Path(workspace).rglob("*.mcap"))]
        )


def drift_rows(name: str, folds: list[Fold], quick: bool) -> Iterator[Row]:
    """Every seed is a device of its own, judged by one fold; each fold has as many devices."""
    seeds = _QUICK_SEEDS if quick else _SEEDS
    used = folds[:1] if quick else folds
    models = [fold.models() for fold in used]
    say(f"{name}: {seeds} devices")
    table = Table(name, f"{seeds} devices, {len(used)} of {FOLDS} contiguous blocks, int8")
    for seed in range(seeds):
        fold, trained = used[seed % len(used)], models[seed % len(used)]
        for case in cases(seed, quick):
            judge(case, fold, trained, table)
    yield from table.rows()
    yield idle_row(name, models, seeds)


def judge(case: Case, fold: Fold, models: dict[FrontEndName, Model], table: Table) -> None:
    """All arms and front ends on one device's stream."""
    stream = fold.rested if case.rested else fold.restless
    for arm in case.arms:
        taken = record(case.device, stream, device_times=case.family != "time" or arm != Arm.OFF)
        spec = models["sensor"].spec
        conditioner = params_of(case, arm, spec.period_us)
        windows = windows_of(stream, taken, conditioner, spec)
        for front_end, model in models.items():
            right = np.array(model.answers(windows)) == np.array(stream.labels)
            table.add(case, arm, front_end, right)


def idle_row(name: str, models: list[dict[FrontEndName, Model]], seeds: int) -> Row:
    """A board on a table: what a motion trigger reports every half second, and gestures."""
    found = {arm: np.zeros(2) for arm in (Arm.OFF, Arm.ONLINE)}
    for level in LEVELS[-2:]:
        for seed in range(seeds):
            for model in models[seed % len(models)].values():
                for arm in found:
                    found[arm] += idle_triggers(model, biased(level, seed), arm)
    minutes = (_IDLE_S * seeds * len(LEVELS[-2:]) * 3) / 60
    off, online = (found[arm] / minutes for arm in (Arm.OFF, Arm.ONLINE))
    note = (
        f"per minute after {_SETTLED_S:g} s of rest, {minutes:.0f} min, levels "
        f"{' and '.join(level.name for level in LEVELS[-2:])}: motion above {_MOTION_DPS:g} deg/s "
        f"off {off[0]:.1f} online {online[0]:.1f}, gestures off {off[1]:.2f} online {online[1]:.2f}"
    )
    return Row(
        f"{name}.idle.triggers", float(online.sum()), "/min", {"off": float(off.sum())}, note
    )


def idle_triggers(
    model: Model, device: Device, arm: Arm
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """(2,) half seconds with motion, and gestures, once the board has settled."""
    up = np.random.default_rng((device.seed, 8)).normal(size=3)
    taken = record(device, still(up, _SETTLED_S + _IDLE_S), device_times=True)
    samples = taken.samples
    learning = _core.LearningParams() if arm == Arm.ONLINE else None
    conditioner = _core.ConditionerParams(model.spec.period_us, learning=learning)
    columns = (samples.device_time_us, samples.acc_g, samples.gyr_or_zero_dps)
    rows, end_us, _, _ = _core.condition(conditioner, *columns)
    settled = end_us > _SETTLED_S * 1e6
    moving = np.linalg.norm(rows[settled, 3:], axis=1) > _MOTION_DPS
    triggers = len(np.unique(end_us[settled][moving] // _REFRACTORY_US))
    events = model.firmware(conditioner).push(*columns)
    late = sum(event.device_time_us > _SETTLED_S * 1e6 for event in events)
    return np.array([triggers, late], np.float64)
