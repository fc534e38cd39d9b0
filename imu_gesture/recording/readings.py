"""Are the readings those of a living sensor: fresh, and inside its range?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from imu_gesture import _core
from imu_gesture.recording.problem import Problem, Severity, found
from imu_gesture.recording.timing import Timing
from imu_gesture.samples import AXIS_NAMES, Float32Array, Samples

_NEAR_RANGE = 0.9998  # a reading printed with three decimals may fall short of the range
_REPEATS_OF_A_CLIP = 5
MOST_BROKEN = 0.05  # what a hung sensor or axis may spoil, as with lost samples
_SOME_STALE = 0.01
# Fewer than one fresh reading in three: of 119 a second less than the 50 that models look at.
_MOST_STALE = 2 / 3
_SOME_CLIPPED = 0.005  # a peak that lacks a sample or two keeps its shape
_MOST_CLIPPED = 0.5  # vigorous gestures were seen to clip in a seventh of theirs


@dataclass(frozen=True, eq=False)
class Sensor:
    """Readings of one sensor with three axes.

    Attributes:
        values: (n, 3) in the sensor's unit.
        full_scale: the range, where it is known.
        least_range: just below the smallest that sensors can be set to.
        moving: a change within half a second that only a moving hand makes.
    """

    name: str
    values: Float32Array
    full_scale: float | None
    least_range: float
    moving: float

    @cached_property
    def clipped(self) -> NDArray[np.bool_]:
        """(n, 3) where an axis stands at its range."""
        return at_range(self.values, self.full_scale, self.least_range)

    @property
    def clipped_share(self) -> dict[str, float]:
        """Share of the samples at the range, by the axis's name."""
        shares = self.clipped.sum(axis=0) / max(1, len(self.values))
        return dict(zip(self.axis_names, shares.tolist(), strict=True))

    @property
    def axis_names(self) -> list[str]:
        """`acc_x` and so on."""
        return [f"{self.name}_{axis}" for axis in AXIS_NAMES]


def inertial_sensors(
    samples: Samples, acc_range_g: float | None, gyr_range_dps: float | None
) -> list[Sensor]:
    """The accelerometer, and the gyroscope where there is one."""
    sensors = [Sensor("acc", samples.acc_g, acc_range_g, least_range=1.9, moving=0.2)]
    if samples.gyr_dps is not None:
        gyr = Sensor("gyr", samples.gyr_dps, gyr_range_dps, least_range=120.0, moving=20.0)
        sensors.append(gyr)
    return sensors


def magnetometer(samples: Samples) -> Sensor:
    """The magnetometer; iron and magnets reach no range that matters."""
    return Sensor("mag", samples.mag_ut, None, least_range=np.inf, moving=5.0)


def at_range(
    values: Float32Array, full_scale: float | None, least_range: float
) -> NDArray[np.bool_]:
    """(n, 3) True where an axis of a sensor stands at its range.

    Where the range is not known, a largest value that occurs in five samples or more is taken for
    it, unless it is below any sensor's range, or most samples have it: then nothing moved.
    """
    size = np.abs(values)
    if full_scale is not None:
        at_full_scale: NDArray[np.bool_] = size >= full_scale * _NEAR_RANGE
        return at_full_scale
    largest = size.max(initial=0.0)
    at_largest: NDArray[np.bool_] = size == largest
    repeats = int(at_largest.any(axis=1).sum())
    is_range = largest >= least_range and _REPEATS_OF_A_CLIP <= repeats < len(size) / 2
    return at_largest if is_range else np.zeros_like(at_largest)


@dataclass(frozen=True, eq=False)
class Runs:
    """Stretches of equal readings: samples [start, stop), at least one each, in order."""

    start: NDArray[np.intp]
    stop: NDArray[np.intp]

    @property
    def samples(self) -> NDArray[np.intp]:
        """(n_runs,) how many samples each has."""
        return self.stop - self.start

    def of(self, fewest: int) -> Runs:
        """Those with so many samples or more."""
        long = self.samples >= fewest
        return Runs(self.start[long], self.stop[long])


def runs_of(same: NDArray[np.bool_]) -> Runs:
    """Runs by (n - 1,) whether each sample is the same as the one before it."""
    edges = np.concatenate([[0], np.flatnonzero(~same) + 1, [len(same) + 1]])
    return Runs(edges[:-1], edges[1:])


@dataclass(frozen=True, eq=False)
class Freshness:
    """Which samples repeat all readings of the one before them."""

    runs: Runs
    n: int
    fewest_hung: int

    @property
    def stale_share(self) -> float:
        """Share of the samples that bring nothing new."""
        return float((self.runs.samples - 1).sum() / self.n) if self.n else 0.0

    @property
    def longest_samples(self) -> int:
        """Samples in the longest run of equal ones."""
        return int(self.runs.samples.max(initial=0))

    @property
    def hung(self) -> Runs:
        """Runs so long that the core would not bridge them if the samples were missing."""
        return self.runs.of(self.fewest_hung)


def freshness(sensors: list[Sensor], time: Timing) -> Freshness:
    """Compare each sample with the one before it."""
    same = np.ones(len(time.step_us), np.bool_)
    for sensor in sensors:
        same &= (sensor.values[1:] == sensor.values[:-1]).all(axis=1)
    bridged = int(_core.DEFAULT_MAX_GAP_US * 1e-6 * time.rate_hz)
    return Freshness(runs_of(same), len(same) + 1, fewest_hung=bridged + 2)


def stale_problems(fresh: Freshness, time: Timing, can_be_coarse: bool) -> Iterator[Problem]:
    """Sensors read faster than they measure, and sensors that hang.

    Readings of few axes and few digits may be equal at rest, so those spoil nothing for sure.
    """
    hung = fresh.hung
    hung_share = float(hung.samples.sum() / fresh.n)
    if fresh.stale_share <= _SOME_STALE and not len(hung.start):
        return
    seen = f"{fresh.stale_share:.1%} of the samples repeat the readings before them"
    advice = "read the sensor only when it has something new (IMU.accelerationAvailable())"
    stale = fresh.runs.of(2)
    if len(hung.start):
        longest_s = fresh.longest_samples * time.period_us * 1e-6
        seen += f", for up to {longest_s:.2f} s"
        advice = "the sensor hung; check its supply and wires, and record again"
        stale = hung
    spoilt = fresh.stale_share > _MOST_STALE or hung_share > MOST_BROKEN
    severity: Severity = "bad" if spoilt and not can_be_coarse else "warning"
    yield found(severity, "stale", seen, advice, float(time.time_s[stale.start[0]]))


def clipped_problems(sensors: list[Sensor], time: Timing) -> Iterator[Problem]:
    """Movements stronger than the sensor's range."""
    for sensor in sensors:
        share, name = max((share, name) for name, share in sensor.clipped_share.items())
        if share > _SOME_CLIPPED:
            yield found(
                "bad" if share > _MOST_CLIPPED else "warning",
                "clipped",
                f"{name} stands at its range in {share:.1%} of the samples",
                "move with less vigour, or set a wider range (`imu-gesture deploy --acc-range`, "
                "`--gyr-range`) and record again",
                float(time.time_s[np.argmax(sensor.clipped.any(axis=1))]),
            )
