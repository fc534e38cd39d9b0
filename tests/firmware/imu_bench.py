"""Runs the board's IMU drivers against modelled chips; what a perfect sensor would have read."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.firmware.compilers import BOARD_FLAGS, HERE, STRICT_FLAGS

BOARD = HERE.parents[1] / "firmware_sketch" / "src" / "board"
ARDUINO = HERE / "arduino"
DRIVERS = ("imu.cpp", "lsm9ds1.cpp", "bmi270.cpp", "bmm150.cpp", "bmi270_image.cpp")
UP_G = np.array([0.1, -0.2, 0.97])
FIELD_UT = np.array([18.0, -5.0, -44.0])
_TIMEOUT_S = 60
_IMU = np.dtype([("number", "<u4"), ("time", "<u4"), ("acc", "<i2", 3), ("gyr", "<i2", 3)])
_MAG = np.dtype([("time", "<u4"), ("counts", "<i2", 3)])
_TEMPERATURE = np.dtype([("time", "<u4"), ("centi_c", "<i2")])


@dataclass(frozen=True, eq=False)
class ImuRun:
    """What the drivers gave: counts scaled as they say, times in µs since the chips' power-up.

    Attributes:
        said: the program's `name=value` lines.
        numbers: of the inertial samples, lost ones counted.
    """

    said: dict[str, str]
    numbers: NDArray[np.int64]
    time_us: NDArray[np.int64]
    acc_g: NDArray[np.float64]
    gyr_dps: NDArray[np.float64]
    mag_time_us: NDArray[np.int64]
    mag_ut: NDArray[np.float64]
    celsius: NDArray[np.float64]

    def number(self, name: str) -> float:
        return float(self.said[name])


Run = Callable[..., ImuRun]


def build(folder: Path) -> Path:
    """Compile the drivers as for the board, but for this computer."""
    program = folder / "imu_run"
    sources = [HERE / "imu_run.cpp", ARDUINO / "bosch.cpp", *(BOARD / name for name in DRIVERS)]
    flags = [*BOARD_FLAGS, *STRICT_FLAGS, f"-I{ARDUINO}"]
    subprocess.run(["g++", *flags, *map(str, sources), "-o", str(program)], check=True)
    return program


def run(program: Path, folder: Path, **settings: float) -> ImuRun:
    """Run once; `settings` are those of `imu_run.cpp`."""
    command = [str(program), *(f"{name}={float(value)!r}" for name, value in settings.items())]
    done = subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True, timeout=_TIMEOUT_S
    )
    said = dict(line.split("=", 1) for line in done.stdout.splitlines())
    imu = np.fromfile(folder / "imu.bin", _IMU)
    mag = np.fromfile(folder / "mag.bin", _MAG)
    offset_us = int(settings.get("clock_us", 0))
    return ImuRun(
        said,
        imu["number"].astype(np.int64),
        _unwrapped(imu["time"], offset_us),
        imu["acc"] * float(said["acc_g_per_lsb"]),
        imu["gyr"] * float(said["gyr_dps_per_lsb"]),
        _unwrapped(mag["time"], offset_us),
        mag["counts"] * float(said["mag_ut_per_lsb"]),
        np.fromfile(folder / "temperature.bin", _TEMPERATURE)["centi_c"] / 100,
    )


def _unwrapped(time: NDArray[np.uint32], offset_us: int) -> NDArray[np.int64]:
    return (time.astype(np.int64) - offset_us) % 2**32


def on_the_board(
    still: NDArray[np.float64], rate_dps: NDArray[np.float64], time_us: NDArray[np.int64]
) -> NDArray[np.float64]:
    """How a vector that stands still in the world looks on a board that turns: (n, 3)."""
    speed = np.linalg.norm(rate_dps)
    if speed == 0:
        return np.tile(still, (len(time_us), 1))
    axis = rate_dps / speed
    angle = -np.radians(speed) * time_us * 1e-6
    along = axis * (axis @ still)
    across = still - along
    cosine, sine = np.cos(angle)[:, None], np.sin(angle)[:, None]
    seen: NDArray[np.float64] = along + cosine * across + sine * np.cross(axis, across)
    return seen


def timing_errors_us(found: ImuRun, rate_dps: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much later than it was taken each sample's time is, by the angle that gravity shows."""
    axis = rate_dps / np.linalg.norm(rate_dps)
    expected = on_the_board(UP_G, rate_dps, found.time_us)
    angle_rad = np.cross(expected, found.acc_g) @ axis / np.linalg.norm(np.cross(axis, UP_G)) ** 2
    late_s: NDArray[np.float64] = angle_rad / np.radians(np.linalg.norm(rate_dps))
    return late_s * 1e6
