"""Stretches in which a board lay still: on a table, not in a hand.

A resting sensor is told by its spread within short blocks and by its mean from block to block, so
that neither offset nor scale of an uncalibrated sensor matters (after Tedaldi, Pretto and
Menegatti 2014, doi 10.1109/ICRA.2014.6907297, section IV).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from imu_gesture.calibration.affine import Float64Array, seconds
from imu_gesture.samples import Float32Array, Samples


@dataclass(frozen=True)
class StillParams:
    """When a board is taken to lie still.

    Attributes:
        block_s: length of the blocks that are looked at.
        least_s: shortest stretch that counts.
        acc_spread_g: largest standard deviation within a block, root sum over axes.
        gyr_spread_dps: the same of the gyroscope.
        acc_step_g, gyr_step_dps: largest change of the mean from one block to the next.
    """

    block_s: float = 0.25
    least_s: float = 1.0
    acc_spread_g: float = 0.02
    gyr_spread_dps: float = 1.0
    acc_step_g: float = 0.01
    gyr_step_dps: float = 0.6


@dataclass(frozen=True, eq=False)
class Still:
    """One stretch: samples from `start` to before `stop`, and means over them.

    Attributes:
        time_s: its middle, since the first sample.
        acc_g, gyr_dps: (3,) means.
        acc_spread_g, gyr_spread_dps: (3,) standard deviations.
    """

    start: int
    stop: int
    time_s: float
    duration_s: float
    acc_g: Float64Array
    gyr_dps: Float64Array
    acc_spread_g: Float64Array
    gyr_spread_dps: Float64Array


def find_stills(samples: Samples, params: StillParams | None = None) -> list[Still]:
    """All stretches of rest, in order. Readings are in g and deg/s."""
    params = params or StillParams()
    if len(samples) < 2:
        return []
    time_s = seconds(samples.device_time_us, int(samples.device_time_us[0]))
    calm = _calm_blocks(samples, time_s, params)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], calm, [False]])))
    block = _block_size(time_s, params)
    runs = [(int(a) * block, int(b) * block) for a, b in edges.reshape(-1, 2)]
    parts = [part for run in runs for part in _split_at_gaps(run, time_s, params.block_s)]
    long = [(a, b) for a, b in parts if time_s[b - 1] - time_s[a] >= params.least_s - 1e-3]
    return [_still(samples, time_s, a, b) for a, b in long]


def _block_size(time_s: Float64Array, params: StillParams) -> int:
    period_s = float(np.median(np.diff(time_s)))
    return max(4, round(params.block_s / max(period_s, 1e-6)))


def _calm_blocks(samples: Samples, time_s: Float64Array, params: StillParams) -> NDArray[np.bool_]:
    size = _block_size(time_s, params)
    acc_spread, acc_step = _spread_and_step(samples.acc_g, size)
    gyr_spread, gyr_step = _spread_and_step(samples.gyr_or_zero_dps, size)
    calm: NDArray[np.bool_] = (
        (acc_spread < params.acc_spread_g)
        & (gyr_spread < params.gyr_spread_dps)
        & (acc_step < params.acc_step_g)
        & (gyr_step < params.gyr_step_dps)
    )
    return calm


def _spread_and_step(values: Float32Array, size: int) -> tuple[Float64Array, Float64Array]:
    """Of each block, and to its nearest neighbour: a run's first block has none before it."""
    count = len(values) // size
    blocks = values[: count * size].reshape(count, size, 3).astype(np.float64)
    mean, spread = blocks.mean(axis=1), np.sqrt(blocks.var(axis=1).sum(axis=1))
    step = np.linalg.norm(np.diff(mean, axis=0), axis=1)
    none = np.full(1, np.inf)
    return spread, np.minimum(np.concatenate([none, step]), np.concatenate([step, none]))


def _split_at_gaps(
    run: tuple[int, int], time_s: Float64Array, longest_s: float
) -> list[tuple[int, int]]:
    start, stop = run
    cuts = np.flatnonzero(np.diff(time_s[start:stop]) > longest_s) + start + 1
    return list(pairwise([start, *cuts.tolist(), stop]))


def _still(samples: Samples, time_s: Float64Array, start: int, stop: int) -> Still:
    acc_g = samples.acc_g[start:stop].astype(np.float64)
    gyr_dps = samples.gyr_or_zero_dps[start:stop].astype(np.float64)
    return Still(
        start=start,
        stop=stop,
        time_s=float(time_s[start] + time_s[stop - 1]) / 2,
        duration_s=float(time_s[stop - 1] - time_s[start]),
        acc_g=acc_g.mean(axis=0),
        gyr_dps=gyr_dps.mean(axis=0),
        acc_spread_g=acc_g.std(axis=0),
        gyr_spread_dps=gyr_dps.std(axis=0),
    )
