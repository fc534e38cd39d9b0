"""Questions and answers over a link whose delays are random, and known here alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class DelayParams:
    """Delays of one link, in seconds.

    Attributes:
        least_out_s, least_back_s: of the shortest question and answer.
        tail_out_s, tail_back_s: mean of what comes on top, exponentially distributed.
        outliers: share of questions, and of answers, that are late by up to a second more.
        congested_s: moments between which each takes 20 to 70 ms more.
        quantum_s: answers wait for the next multiple of it, as for a connection interval.
    """

    least_out_s: float = 0.0003
    least_back_s: float = 0.001
    tail_out_s: float = 0.015
    tail_back_s: float = 0.015
    outliers: float = 0.02
    congested_s: tuple[float, float] = (600.0, 720.0)
    quantum_s: float = 0.0


@dataclass(frozen=True, eq=False)
class Exchanges:
    """(n,) seconds each, of the true time: when a question was sent, read, and its answer heard."""

    sent_s: NDArray[np.float64]
    read_s: NDArray[np.float64]
    received_s: NDArray[np.float64]


def exchanges(params: DelayParams, seed: int, seconds: int) -> Exchanges:
    """One question each second."""
    rng = np.random.default_rng(seed)
    sent_s = np.arange(seconds) + rng.uniform(0, 0.02, seconds)
    is_congested = (sent_s > params.congested_s[0]) & (sent_s < params.congested_s[1])

    def delays_s(least_s: float, tail_s: float) -> NDArray[np.float64]:
        crowd_s = rng.uniform(0.02, 0.07, seconds) * is_congested
        late_s = rng.uniform(0, 1, seconds) * (rng.random(seconds) < params.outliers)
        delay_s: NDArray[np.float64] = least_s + rng.exponential(tail_s, seconds) + crowd_s + late_s
        return delay_s

    read_s = sent_s + delays_s(params.least_out_s, params.tail_out_s)
    received_s = read_s + delays_s(params.least_back_s, params.tail_back_s)
    if params.quantum_s:
        received_s = np.ceil(received_s / params.quantum_s) * params.quantum_s
    return Exchanges(sent_s, read_s, received_s)
