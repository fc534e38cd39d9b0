"""Do gyroscope and accelerometer agree on how fast gravity turns?

While a board is moved slowly its accelerometer sees little but gravity g, which turns against the
board as dg/dt = -w x g (Titterton and Weston, Strapdown Inertial Navigation Technology, chapter 3).
So the gyroscope's unit shows wherever a board is turned, without rest or calibration.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from imu_gesture.recording.problem import Problem, found
from imu_gesture.recording.timing import Timing
from imu_gesture.samples import Samples

_SMOOTH_S = 0.1
_NEAR_GRAVITY = 0.15  # share of it that other acceleration may add or take
_LEAST_TURNING_S = 2.0
# That of simulated gestures is 0.5; of a board at rest, mixed axes and noise, 0.15 or less.
_LEAST_AGREEMENT = 0.4
# Half way, by factors, between the right scale and that of radians taken for degrees.
_MOST_SCALE = (180 / np.pi) ** 0.5


@dataclass(frozen=True)
class Turning:
    """How the two compare.

    Attributes:
        scale: how many times faster gravity turns than the gyroscope says; 1 for a right unit.
        agreement: their correlation.
    """

    scale: float
    agreement: float

    @property
    def is_sure(self) -> bool:
        """Whether the two have anything to do with each other."""
        return self.agreement >= _LEAST_AGREEMENT


def turning(
    samples: Samples, time: Timing, offset_dps: tuple[float, float, float] | None
) -> Turning | None:
    """Compare them; None where there is no gyroscope, or too little to compare."""
    window = max(3, round(_SMOOTH_S * time.rate_hz))
    fewest = max(window, round(_LEAST_TURNING_S * time.rate_hz))
    if samples.gyr_dps is None or len(samples) <= fewest:
        return None
    acc = uniform_filter1d(samples.acc_g.astype(np.float64), window, axis=0)
    gyr_dps = uniform_filter1d(samples.gyr_dps.astype(np.float64), window, axis=0)
    if offset_dps is not None:
        gyr_dps -= offset_dps
    size = np.linalg.norm(acc, axis=1)
    near = np.abs(size / max(float(np.median(size)), 1e-9) - 1) < _NEAR_GRAVITY
    step_s = np.diff(time.time_s)
    rows = near[1:] & near[:-1] & (step_s > 0) & ~time.gaps
    if rows.sum() < fewest:
        return None
    up = acc / np.maximum(size, 1e-9)[:, None]
    seen = np.diff(up, axis=0)[rows] / step_s[rows, None]
    said = -np.cross(np.radians(gyr_dps), up)
    said = (said[1:] + said[:-1])[rows] / 2
    return _compared(said, seen)


def _compared(said: NDArray[np.float64], seen: NDArray[np.float64]) -> Turning | None:
    both, own, other = float((said * seen).sum()), float((said**2).sum()), float((seen**2).sum())
    if own == 0 or other == 0:
        return None
    return Turning(both / own, both / float(np.sqrt(own * other)))


def turning_problems(found_turning: Turning | None) -> Iterator[Problem]:
    """A gyroscope in another unit than is said."""
    if found_turning is None or not found_turning.is_sure:
        return
    scale = found_turning.scale
    if scale > _MOST_SCALE:
        advice = "this looks like rad/s taken for deg/s; import again with --gyr-unit rad/s"
    elif scale < 1 / _MOST_SCALE:
        advice = "this looks like deg/s taken for rad/s; import again with --gyr-unit deg/s"
    else:
        return
    yield found(
        "bad", "gyroscope", f"gravity turns {scale:.3g} times as fast as the gyroscope says", advice
    )
