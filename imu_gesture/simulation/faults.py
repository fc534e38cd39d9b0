"""What libraries and importers do to readings: wrong axes, units and scales, by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

AXES = "xyz"
SENSORS = {"acc": "accelerometer", "gyr": "gyroscope", "mag": "magnetometer"}


@dataclass(frozen=True, eq=False)
class Fault:
    """reading = factor * axes @ what the sensor measured, for each named sensor.

    Attributes:
        name: for tables.
        sensors: of "acc", "gyr", "mag".
        axes: (3, 3) signed permutation.
        factor: of a wrong unit or scale.
    """

    name: str
    sensors: tuple[str, ...]
    axes: NDArray[np.int64]
    factor: float = 1.0


def _flip(axis: int) -> NDArray[np.int64]:
    signs = np.ones(3, np.int64)
    signs[axis] = -1
    return np.diag(signs)


def _swap(first: int, second: int) -> NDArray[np.int64]:
    order = [0, 1, 2]
    order[first], order[second] = second, first
    return np.eye(3, dtype=np.int64)[order]


def _axis_faults() -> Iterator[Fault]:
    for sensor, title in SENSORS.items():
        for axis in range(3):
            yield Fault(f"{title} {AXES[axis]} flipped", (sensor,), _flip(axis))
        for first, second in ((0, 1), (1, 2), (0, 2)):
            name = f"{title} {AXES[first]} and {AXES[second]} swapped"
            yield Fault(name, (sensor,), _swap(first, second))
    eye = np.eye(3, dtype=np.int64)
    yield Fault("gyroscope with the left hand", ("gyr",), -eye)
    # What the boards' stock libraries deliver, beside their magnetometers.
    yield Fault("left-handed frame of Arduino_LSM9DS1", ("acc", "gyr"), _flip(0))
    remap = np.array([[0, -1, 0], [-1, 0, 0], [0, 0, 1]])
    yield Fault("left-handed frame of Arduino_BMI270_BMM150", ("acc", "gyr"), remap)


def _factor_faults() -> Iterator[Fault]:
    eye = np.eye(3, dtype=np.int64)
    yield Fault("accelerometer in m/s2", ("acc",), eye, 9.80665)
    yield Fault("accelerometer in mg", ("acc",), eye, 1000.0)
    yield Fault("gyroscope in rad/s", ("gyr",), eye, np.pi / 180)
    yield Fault("magnetometer in gauss", ("mag",), eye, 0.01)
    # Arduino_LSM9DS1 counts 2000/32768 deg/s a step where the datasheet says 70 mdps.
    yield Fault("gyroscope scale of Arduino_LSM9DS1", ("gyr",), eye, 2000 / 32768 / 0.07)
    # ... and 4 gauss / 32768 where the datasheet says 0.14 mgauss.
    yield Fault("magnetometer scale of Arduino_LSM9DS1", ("mag",), eye, 400 / 32768 / 0.014)


FAULTS = {fault.name: fault for fault in (*_axis_faults(), *_factor_faults())}


def together(faults: Sequence[Fault], sensor: str) -> Fault:
    """What these faults, one after the other, make of "acc", "gyr" or "mag"."""
    axes, factor = np.eye(3, dtype=np.int64), 1.0
    for fault in faults:
        if sensor in fault.sensors:
            axes, factor = fault.axes @ axes, fault.factor * factor
    return Fault(" and ".join(fault.name for fault in faults), (sensor,), axes, factor)
