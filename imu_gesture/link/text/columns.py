"""What the columns of printed lines mean: declared by the user, or named by the sketch's header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from imu_gesture.errors import InputError

SKIP = "-"
SENSORS = ("a", "g", "m")
_AXES = ("x", "y", "z")
_STANDARD_GRAVITY = 9.80665

# Ours for each unit, as it is written without blanks, brackets, slashes and carets.
_PER_UNIT = {
    "time": {"us": 1.0, "ms": 1e3, "s": 1e6},
    "a": {"g": 1.0, "mg": 1e-3, "ms2": 1 / _STANDARD_GRAVITY},
    "g": {"dps": 1.0, "degs": 1.0, "rads": 180 / np.pi, "mdps": 1e-3},
    "m": {"ut": 1.0, "gauss": 100.0, "mgauss": 0.1},
}
_DEFAULT_UNIT = {"a": "g", "g": "dps", "m": "ut"}
_SENSOR_NAMES = {
    **dict.fromkeys(("a", "acc", "accel", "accelerometer"), "a"),
    **dict.fromkeys(("g", "gyr", "gyro", "gyroscope"), "g"),
    **dict.fromkeys(("m", "mag", "magnetometer"), "m"),
}
_TIME_NAMES = ("time", "timestamp", "device_time", "t")
_CLOCKS = {"micros": "time_us", "millis": "time_ms"}  # Arduino's own; both tell their unit
_UNIT_SIGNS = str.maketrans({"²": "2", "µ": "u", "μ": "u", "/": None, "^": None})
_READING = re.compile(rf"({'|'.join(_SENSOR_NAMES)})_?([xyz])(?:_(\w+))?")
_TIME = re.compile(rf"({'|'.join(_TIME_NAMES)})(?:_(us|ms|s))?")

HELP = "time_us,ax,ay,az,gx,gy,gz"
UNITS_HELP = (
    "time_us, time_ms or time_s; ax, ay, az in g, or ax_ms2, ax_mg; gx, gy, gz in deg/s, or "
    "gx_rads, gx_mdps; mx, my, mz in uT, or mx_gauss, mx_mgauss; - for what is to be skipped"
)


@dataclass(frozen=True)
class _Column:
    name: str  # `time`, `ax` ... `mz`
    per_unit: float
    text: str = field(default="", compare=False)  # as it was said


@dataclass(frozen=True)
class Columns:
    """The columns of a line, in order; None for one that is skipped.

    Readings times `per_unit` are in µs, g, deg/s and µT.
    """

    columns: tuple[_Column | None, ...]

    @property
    def width(self) -> int:
        """Fields in a line."""
        return len(self.columns)

    @cached_property
    def places(self) -> tuple[int, ...]:
        """Where the numbers stand: the time, if any, then x, y, z of each sensor."""
        order = ("time", *(sensor + axis for sensor in SENSORS for axis in _AXES))
        found = {column.name: place for place, column in enumerate(self.columns) if column}
        return tuple(found[name] for name in order if name in found)

    @cached_property
    def per_unit(self) -> NDArray[np.float64]:
        """(numbers,) float64, in the order of `places`."""
        return np.array([column.per_unit for p in self.places if (column := self.columns[p])])

    @property
    def has_time(self) -> bool:
        """Whether the board tells when a sample was taken."""
        return self._has("time")

    def has(self, sensor: str) -> bool:
        """Whether a sensor of `SENSORS` is there."""
        return self._has(f"{sensor}x")

    def _has(self, name: str) -> bool:
        return any(column is not None and column.name == name for column in self.columns)

    def __str__(self) -> str:
        return ",".join(column.text if column else SKIP for column in self.columns)


def parse_columns(text: str) -> Columns:
    """Columns as a user declares them, such as `time_us,ax,ay,az,gx_rads,gy_rads,gz_rads,-`.

    Raises:
        InputError: a name is not known, is there twice, or an axis is missing.
    """
    names = [name.strip() for name in text.split(",")]
    return _columns([None if name == SKIP else _column(name) for name in names], text)


def header_columns(fields: Sequence[str]) -> Columns:
    """Columns as a sketch names them in its first line.

    Raises:
        InputError: as above; no name is guessed at.
    """
    return _columns([_column(field) for field in fields], ",".join(fields))


def suggestion(fields: int) -> str:
    """What lines with so many numbers are likely to hold, as an example for the user."""
    acc, gyr, mag = "ax,ay,az", "gx,gy,gz", "mx,my,mz"
    likely = {3: (acc,), 6: (acc, gyr), 9: (acc, gyr, mag)}
    if fields in likely:
        return ",".join(likely[fields])
    if fields - 1 in likely:
        return ",".join(("time_ms", *likely[fields - 1]))
    return HELP


def likely_time(columns: Columns, pace: float) -> str:
    """The time column, if its declared unit makes it go `pace` seconds a second."""
    true_us = columns.per_unit[0] / max(pace, 1e-9)
    units = _PER_UNIT["time"]
    unit = min(units, key=lambda name: abs(np.log(units[name] / true_us)))
    return f"time_{unit}"


def _column(name: str) -> _Column:
    plain = re.sub(r"[\s()\[\]]+", "_", name.strip().lower().translate(_UNIT_SIGNS)).strip("_")
    plain = _CLOCKS.get(plain, plain)
    if time := _TIME.fullmatch(plain):
        if not time[2]:
            raise InputError(f"column {name!r}: its unit is missing: time_us, time_ms or time_s")
        return _Column("time", _PER_UNIT["time"][time[2]], name)
    reading = _READING.fullmatch(plain)
    if reading is None:
        raise InputError(f"column {name!r} is not known; there are {UNITS_HELP}")
    sensor = _SENSOR_NAMES[reading[1]]
    unit = reading[3] or _DEFAULT_UNIT[sensor]
    per_unit = _PER_UNIT[sensor].get(unit.replace("_", ""))
    if per_unit is None:
        raise InputError(f"column {name!r}: unit {unit!r} is not known; there are {UNITS_HELP}")
    return _Column(sensor + reading[2], per_unit, name)


def _columns(columns: list[_Column | None], text: str) -> Columns:
    names = [column.name for column in columns if column]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise InputError(f"columns {text!r}: {twice[0]} is there twice")
    for sensor in SENSORS:
        axes = [sensor + axis for axis in _AXES]
        missing = [name for name in axes if name not in names]
        if missing and (sensor == "a" or len(missing) < len(axes)):
            raise InputError(
                f"columns {text!r}: {', '.join(missing)} is missing; say each column of a line in "
                f"order, such as {HELP}"
            )
    return Columns(tuple(columns))
