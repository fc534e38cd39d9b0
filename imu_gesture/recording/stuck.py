"""Axes that keep one value while others move."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from imu_gesture.recording.problem import Problem, Severity, found
from imu_gesture.recording.readings import MOST_BROKEN, Sensor, runs_of
from imu_gesture.recording.timing import Timing
from imu_gesture.samples import Float32Array

_FROZEN_S = 2.0  # readings of a living sensor are noisy, even at rest
_STUCK_S = 0.5  # an axis between two noisy ones does not stand still for so long


@dataclass(frozen=True)
class StuckAxis:
    """An axis that kept one value while others moved."""

    name: str
    share: float
    start_s: float
    longest_s: float


def stuck_axes(sensors: list[Sensor], time: Timing) -> Iterator[StuckAxis]:
    """Axes that stand still for half a second or more while another one moves."""
    fewest = max(5, round(_STUCK_S * time.rate_hz))
    for sensor in sensors:
        same = sensor.values[1:] == sensor.values[:-1]
        for axis, name in enumerate(sensor.axis_names):
            long = runs_of(same[:, axis]).of(fewest)
            stuck = [
                run
                for run in zip(long.start.tolist(), long.stop.tolist(), strict=True)
                if _is_stuck(sensor, axis, run, sensors)
            ]
            if stuck:
                sizes = [stop - start for start, stop in stuck]
                yield StuckAxis(
                    name=name,
                    share=sum(sizes) / len(sensor.values),
                    start_s=float(time.time_s[stuck[0][0]]),
                    longest_s=max(sizes) * time.period_us * 1e-6,
                )


def frozen_axes(sensor: Sensor, time: Timing) -> Iterator[StuckAxis]:
    """All axes of a sensor that gives the same readings from beginning to end."""
    span_s = len(time.step_us) * time.period_us * 1e-6
    if span_s > _FROZEN_S and (sensor.values == sensor.values[0]).all():
        for name in sensor.axis_names:
            yield StuckAxis(name, 1.0, float(time.time_s[0]), span_s)


def _is_stuck(sensor: Sensor, axis: int, run: tuple[int, int], sensors: list[Sensor]) -> bool:
    """Whether its siblings move meanwhile, or, where they stand still too, the other sensor."""
    rows = slice(*run)
    if sensor.clipped[run[0], axis]:
        return False
    siblings = _largest_change(np.delete(sensor.values[rows], axis, axis=1))
    if siblings > 0:
        return siblings > sensor.moving
    return any(_largest_change(other.values[rows]) > other.moving for other in sensors)


def _largest_change(values: Float32Array) -> float:
    return float(np.ptp(values.astype(np.float64), axis=0).max())


def stuck_problems(stuck: tuple[StuckAxis, ...], worst: Severity = "bad") -> Iterator[Problem]:
    """One problem for all axes, at most as severe as `worst`."""
    if stuck:
        names = ", ".join(axis.name for axis in stuck)
        longest_s = max(axis.longest_s for axis in stuck)
        yield found(
            worst if max(axis.share for axis in stuck) > MOST_BROKEN else "warning",
            "stuck",
            f"{names} {'keeps' if len(stuck) == 1 else 'keep'} one value for up to "
            f"{longest_s:.2f} s while others move",
            "check the columns of the import, or the sensor, and record again",
            min(axis.start_s for axis in stuck),
        )
