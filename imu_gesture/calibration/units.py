"""Units that readings look like, and the options that put them right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imu_gesture.samples import Float32Array


@dataclass(frozen=True)
class Unit:
    """A unit mistaken for ours: readings are `factor` times too large."""

    factor: float
    seen: str
    remedy: str


ACC_UNITS = (
    Unit(9.80665, "m/s2 taken for g", "import again with --acc-unit m/s2"),
    Unit(1000.0, "mg taken for g", "import again with --acc-unit mg"),
    Unit(1 / 9.80665, "g taken for m/s2", "import again with --acc-unit g"),
    Unit(1e-3, "g taken for mg", "import again with --acc-unit g"),
)
GYR_UNITS = (
    Unit(np.pi / 180, "rad/s taken for deg/s", "import again with --gyr-unit rad/s"),
    Unit(180 / np.pi, "deg/s taken for rad/s", "import again with --gyr-unit deg/s"),
    Unit(1000.0, "mdeg/s taken for deg/s", "import again with --gyr-unit mdeg/s"),
)
MAG_UNITS = (
    Unit(0.01, "gauss taken for µT", "import again with --mag-unit G"),
    Unit(10.0, "mgauss taken for µT", "import again with --mag-unit mG"),
    Unit(1000.0, "nT taken for µT", "divide the readings by 1000"),
)
# One count in µT by the datasheets of LSM9DS1 (±4 gauss) and BMM150.
_MAG_LSB_UT = {"nano33ble-rev1": 0.014, "nano33ble-rev2": 1 / 16}


def nearest_unit(size: float, usual: tuple[float, float], units: tuple[Unit, ...]) -> Unit | None:
    """The unit that brings `size` into the usual range; None where it is, or nothing does."""
    low, high = usual
    if low <= size <= high:
        return None
    fitting = [unit for unit in units if low <= size / unit.factor <= high]
    return fitting[0] if fitting else None


def step_of(values: Float32Array) -> float | None:
    """The step that readings (n, 3) are counted in; None where they are not."""
    steps: list[float] = []
    for axis in values.T.astype(np.float64):
        apart = np.diff(np.unique(axis))
        apart = apart[apart > 1e-6 * max(1e-3, float(np.abs(axis).max(initial=0.0)))]
        if len(apart) < 20:
            return None
        steps.append(_common_step(apart))
    step = float(np.median(steps))
    return step if step and np.ptp(steps) < 0.01 * step else None


def _common_step(apart: NDArray[np.float64]) -> float:
    least = float(np.percentile(apart, 2))
    counts = np.rint(apart / least)
    near = counts <= 20
    step = float((apart[near] * counts[near]).sum() / (counts[near] ** 2).sum())
    off = np.abs(apart[near] / step - counts[near])
    return step if np.percentile(off, 90) < 0.1 else 0.0


def mag_step_ratio(mag_ut: Float32Array, board: str) -> float | None:
    """Step of the readings relative to the chip's; None where either is unknown.

    A step of quite another size is no scale mistaken, but another chip or a filter in between.
    """
    step = step_of(mag_ut)
    if step is None or board not in _MAG_LSB_UT:
        return None
    ratio = step / _MAG_LSB_UT[board]
    return ratio if 0.5 < ratio < 2 else None
