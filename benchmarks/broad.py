"""Trials of BROAD: inertial and magnetic readings beside an optical attitude.

D. Laidig, M. Caruso, A. Cereatti, T. Seel, "BROAD", Data 6(7):72, 2021, doi 10.3390/data6070072.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.io import loadmat

Float64Array = NDArray[np.float64]

GRAVITY_M_S2 = 9.81
_STILL_DPS = 1.0  # a board at rest turns less


@dataclass(frozen=True, eq=False)
class Trial:
    """One trial. Attitudes: (n, 4) w, x, y, z from the sensor's frame to east, north, up."""

    name: str
    rate_hz: float
    acc_g: Float64Array
    gyr_dps: Float64Array
    mag_ut: Float64Array
    attitude: Float64Array
    moving: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.moving)

    @property
    def device_time_us(self) -> NDArray[np.int64]:
        """(n,) from zero."""
        return np.rint(np.arange(len(self)) / self.rate_hz * 1e6).astype(np.int64)

    def with_bias(self, bias_dps: Float64Array) -> Trial:
        """The same with an offset of the gyroscope, (3,) or (n, 3)."""
        return replace(self, gyr_dps=self.gyr_dps + bias_dps)

    def take(self, chosen: slice | NDArray[np.int64]) -> Trial:
        """Some of the samples."""
        return replace(
            self,
            acc_g=self.acc_g[chosen],
            gyr_dps=self.gyr_dps[chosen],
            mag_ut=self.mag_ut[chosen],
            attitude=self.attitude[chosen],
            moving=self.moving[chosen],
        )

    def with_still_second(self) -> Trial:
        """From one second before the sensor first stirs on its way into the movement phase.

        The phase's flag comes a little late: some sensors are taken up before. What counts as still
        is seen in the readings without added offset.
        """
        resting_dps = np.median(self.gyr_dps[: round(10 * self.rate_hz)], axis=0)
        still = np.linalg.norm(self.gyr_dps - resting_dps, axis=1) < _STILL_DPS
        length = round(self.rate_hz)
        run = np.convolve(still, np.ones(length), "valid") == length
        first = np.flatnonzero(run[: int(np.argmax(self.moving)) - length])[-1]
        return self.take(slice(int(first), None))

    def without_rest(self) -> Trial:
        """From the first sample of the movement phase."""
        return self.take(slice(int(np.argmax(self.moving)), None))


@dataclass(frozen=True)
class Errors:
    """Root mean squares over the movement phase, in degrees."""

    total: float
    heading: float
    inclination: float


def load_trials(data: Path) -> list[Trial]:
    """The trials of `data`/broad."""
    return [_load(path) for path in sorted((data / "broad" / "data_mat").glob("*.mat"))]


def _load(path: Path) -> Trial:
    content = loadmat(path, squeeze_me=True)
    return Trial(
        name=path.stem[:2],
        rate_hz=float(content["sampling_rate"]),
        acc_g=content["imu_acc"] / GRAVITY_M_S2,
        gyr_dps=np.degrees(content["imu_gyr"]),
        mag_ut=content["imu_mag"],
        attitude=content["opt_quat"],
        moving=content["movement"].astype(bool),
    )


def _difference(found: Float64Array, truth: Float64Array) -> Float64Array:
    """The error as a turn in the world's frame, found * inverse(truth), (n, 4)."""
    w, x, y, z = found.T / np.linalg.norm(found, axis=1)
    tw, tx, ty, tz = (truth.T / np.linalg.norm(truth, axis=1)) * np.array([[1], [-1], [-1], [-1]])
    return np.stack(
        [
            w * tw - x * tx - y * ty - z * tz,
            w * tx + x * tw + y * tz - z * ty,
            w * ty - x * tz + y * tw + z * tx,
            w * tz + x * ty - y * tx + z * tw,
        ],
        axis=1,
    )


def errors(found: NDArray[np.floating], trial: Trial) -> Errors:
    """BROAD's own figures: no alignment is fitted; samples without optics are left out."""
    w, _, _, z = _difference(found.astype(np.float64), trial.attitude)[trial.moving].T
    angles = (
        2 * np.arccos(np.clip(np.abs(w), 0, 1)),
        2 * np.arctan(np.abs(z / w)),
        2 * np.arccos(np.clip(np.hypot(w, z), 0, 1)),
    )
    return Errors(*(float(np.degrees(np.sqrt(np.nanmean(angle**2)))) for angle in angles))


def mean_errors(each: list[Errors]) -> Errors:
    """Means over trials."""
    return Errors(
        float(np.mean([e.total for e in each])),
        float(np.mean([e.heading for e in each])),
        float(np.mean([e.inclination for e in each])),
    )
