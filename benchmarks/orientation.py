"""Orientation and gyroscope offset: our core beside VQF and imufusion, on the same samples."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

import numpy as np
from board_cost import board_cost
from broad import Errors, Trial, errors, load_trials, mean_errors
from estimators import (
    PEERS,
    Estimator,
    core,
    core_at_board_rates,
    core_call,
    core_with_vqf_times,
    vqf,
    vqf_call,
)
from form import Options, Row, run_benchmark, say
from mag_iron import broad_iron, simulated_iron
from numpy.typing import NDArray
from simulated import simulated_trials

LEVELS_DPS = (3, 10, 30)
RAMPS = {"ramp05": 0.5, "ramp2": 2.0}
_SEEDS = 5
_TURNS = 15
_END_S = 5.0

Float64Array = NDArray[np.float64]


def measure(options: Options) -> Iterator[Row]:
    """All rows."""
    seeds = 1 if options.quick else _SEEDS
    if options.data is None:
        say("no --data: simulated motion in place of BROAD")
        trials = simulated_trials()
        yield from (replace(row, name=_simulated(row.name)) for row in on_trials(trials, seeds))
    else:
        trials = load_trials(options.data)
        yield from on_trials(trials, seeds)
        yield from broad_iron(trials, seeds)
    yield from simulated_iron(seeds)
    yield from speed(trials[0])
    yield from board_cost(trials[-1].with_still_second())


def _simulated(name: str) -> str:
    return "simulated." + name.removeprefix("broad.")


def on_trials(trials: list[Trial], seeds: int) -> Iterator[Row]:
    """Attitude and offset."""
    yield from clean(trials)
    yield from otherwise(trials)
    yield from constant_bias(trials, seeds)
    yield from ramps(trials, seeds)


def clean(trials: list[Trial]) -> Iterator[Row]:
    """The trials as they are."""
    say(f"{len(trials)} trials")
    ours = each(core, trials)
    peers = {name: mean_errors(each(run, trials)) for name, run in PEERS.items()}
    for kind in ("total", "heading", "inclination"):
        mean = getattr(mean_errors(ours), kind)
        others = {name: getattr(found, kind) for name, found in peers.items()}
        yield Row(f"broad.{kind}_deg", mean, "deg", others, _by_trial(trials, ours, kind))


def _by_trial(trials: list[Trial], found: list[Errors], kind: str) -> str:
    parts = (f"{t.name} {getattr(e, kind):.2f}" for t, e in zip(trials, found, strict=True))
    return "trials " + ", ".join(parts)


def otherwise(trials: list[Trial]) -> Iterator[Row]:
    """With as few samples as an LSM9DS1 gives; with VQF's own time constants."""
    mean = mean_errors([core_at_board_rates(trial) for trial in trials])
    note = f"119 Hz and 20 Hz, times as they are; heading {mean.heading:.2f}"
    yield Row("broad.board_rates_deg", mean.total, "deg", note=note)
    published = each(core_with_vqf_times, trials)
    note = f"heading 9 s, offset at rest 0.03 deg/s; {_by_trial(trials, published, 'total')}"
    yield Row("broad.vqf_times_deg", mean_errors(published).total, "deg", note=note)


def each(run: Estimator, trials: list[Trial]) -> list[Errors]:
    """Errors trial by trial."""
    return [errors(run(trial).attitude, trial) for trial in trials]


def total_deg(run: Estimator, trials: list[Trial]) -> float:
    """Mean total error."""
    return mean_errors(each(run, trials)).total


def directions(seeds: int) -> list[Float64Array]:
    """Signs of an offset that has the same size on every axis."""
    rng = np.random.default_rng(0)
    return [rng.choice([-1.0, 1.0], 3) for _ in range(seeds)]


def constant_bias(trials: list[Trial], seeds: int) -> Iterator[Row]:
    """An offset on top, with a second of rest at the start, with all of it, without any."""
    starts = {
        "": ([t.with_still_second() for t in trials], "one second of rest at the start"),
        "_whole": (trials, "the trials' own rest at the start"),
        "_norest": ([t.without_rest() for t in trials], "no rest at the start"),
    }
    for suffix, (begun, what) in starts.items():
        say(what)
        clean_deg = total_deg(core, begun)
        peers = {"vqf": total_deg(vqf, begun)}
        yield Row(f"broad.clean{suffix}_start_deg", clean_deg, "deg", peers, what)
        for level in LEVELS_DPS:
            yield from _biased(begun, level, suffix, clean_deg, seeds)


def _biased(
    trials: list[Trial], level: int, suffix: str, clean_deg: float, seeds: int
) -> Iterator[Row]:
    biased = [[trial.with_bias(level * by) for trial in trials] for by in directions(seeds)]
    found = [total_deg(core, some) for some in biased]
    peers = {"vqf": float(np.mean([total_deg(vqf, some) for some in biased]))}
    note = f"{level} deg/s on every axis, {seeds} sets of signs, worst {max(found):.3f}"
    yield Row(f"broad.bias{level}{suffix}_deg", float(np.mean(found)), "deg", peers, note)
    if suffix != "_norest":
        ratio = float(np.mean(found)) / clean_deg
        note = f"to {clean_deg:.3f} without the offset; worst {max(found) / clean_deg:.3f}"
        yield Row(f"broad.bias{level}{suffix}_ratio", ratio, "ratio", note=note)


def ramps(trials: list[Trial], seeds: int) -> Iterator[Row]:
    """An offset that grows from the first to the last sample."""
    say("ramps of the offset")
    starts = {"": [t.with_still_second() for t in trials], "_whole": trials}
    for suffix, begun in starts.items():
        for name, total_dps in RAMPS.items():
            ours, theirs = [], []
            for by in directions(seeds):
                growth_dps = total_dps * by / np.sqrt(3)
                ours += [_residual_dps(trial, growth_dps, core) for trial in begun]
                theirs += [_residual_dps(trial, growth_dps, vqf) for trial in begun]
            note = f"largest of {len(ours)}, {total_dps} deg/s a trial, mean {np.mean(ours):.3f}"
            peers = {"vqf": max(theirs)}
            yield Row(f"{name}{suffix}.residual_dps", max(ours), "deg/s", peers, note)


def _residual_dps(trial: Trial, growth_dps: Float64Array, run: Estimator) -> float:
    """How far the estimate at the end is from the sensor's own offset and the ramp."""
    own_dps = trial.gyr_dps[-round(_END_S * trial.rate_hz) :].mean(axis=0)
    ramp_dps = np.linspace(0.0, 1.0, len(trial))[:, None] * growth_dps
    found = run(trial.with_bias(ramp_dps))
    return float(np.linalg.norm(found.bias_dps - own_dps - growth_dps))


def speed(trial: Trial) -> Iterator[Row]:
    """Arrays in, arrays out, in one call; medians of turns taken one after the other."""
    say("speed")
    seconds: dict[str, list[float]] = {"core": [], "vqf": []}
    calls = {"core": core_call(trial), "vqf": vqf_call(trial)}
    for _ in range(_TURNS):
        for name, call in calls.items():
            started = time.perf_counter()
            call()
            seconds[name].append(time.perf_counter() - started)
    ours, theirs = median(seconds["core"]), median(seconds["vqf"])
    note = f"{len(trial) / ours / 1e6:.1f} against {len(trial) / theirs / 1e6:.1f} M samples/s here"
    yield Row("speed.ratio_vqf", theirs / ours, "ratio", note=note)


if __name__ == "__main__":
    run_benchmark("orientation", measure)
