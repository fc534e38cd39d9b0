"""BROAD trials as ideal signals of simulated devices, and the error of the orientation they give.

BROAD: Laidig, Caruso, Cereatti and Seel 2021, doi 10.3390/data6070072. Errors as its authors
define them: total, heading and inclination of the error quaternion in the Earth's frame, root mean
square over the movement, where the optical reference is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.io import loadmat
from scipy.spatial.transform import Rotation
from vqf import VQF

from imu_gesture.samples import Samples
from imu_gesture.simulation.signals import IdealSignals

Float64Array = NDArray[np.float64]
_GRAVITY_M_S2 = 9.80665


@dataclass(frozen=True, eq=False)
class Trial:
    """One trial: signals, the reference's attitude (n, 4) scalar first, and where it moves (n,)."""

    name: str
    ideal: IdealSignals
    reference: Float64Array
    moving: NDArray[np.bool_]


@dataclass(frozen=True)
class Errors:
    """Root mean square, degrees."""

    total_deg: float
    heading_deg: float
    inclination_deg: float


def load_trials(data: Path) -> list[Trial]:
    """All trials in the folder `broad`; empty where there is none."""
    return [_load(path) for path in sorted((data / "broad" / "data_mat").glob("*.mat"))]


def _load(path: Path) -> Trial:
    content = loadmat(path)
    columns = {name: np.ascontiguousarray(content[name], np.float64) for name in _COLUMNS}
    time_s = np.arange(len(columns["imu_gyr"])) / float(content["sampling_rate"].item())
    ideal = IdealSignals(
        time_s=time_s,
        acc_g=columns["imu_acc"] / _GRAVITY_M_S2,
        gyr_dps=np.degrees(columns["imu_gyr"]),
        mag_ut=columns["imu_mag"],
    )
    moving = content["movement"].ravel().astype(np.bool_)
    return Trial(path.stem, ideal, columns["opt_quat"], moving)


_COLUMNS = ("imu_gyr", "imu_acc", "imu_mag", "opt_quat")


def orientation(samples: Samples) -> Float64Array:
    """(n, 4) attitudes, scalar first, as VQF estimates them sample by sample with its defaults."""
    period_s = float(np.diff(samples.device_time_us).mean()) * 1e-6
    mag_period_s = float(np.diff(samples.mag_time_us).mean()) * 1e-6
    estimator = VQF(period_s, period_s, mag_period_s)
    acc = samples.acc_g.astype(np.float64) * _GRAVITY_M_S2
    gyr = np.radians(samples.gyr_or_zero_dps.astype(np.float64))
    mag = samples.mag_ut.astype(np.float64)
    due = np.searchsorted(samples.mag_time_us, samples.device_time_us, side="right")
    attitudes = np.empty((len(samples), 4))
    taken = 0
    for index in range(len(samples)):
        estimator.updateGyr(gyr[index])
        estimator.updateAcc(acc[index])
        for reading in mag[taken : due[index]]:
            estimator.updateMag(reading)
        taken = due[index]
        attitudes[index] = estimator.getQuat9D()
    return attitudes


def errors(trial: Trial, samples: Samples, attitudes: Float64Array) -> Errors:
    """Compare with the reference at the time nearest to each sample's."""
    time_s = (samples.device_time_us - samples.device_time_us[0]) * 1e-6
    rate_hz = (len(trial.ideal.time_s) - 1) / trial.ideal.duration_s
    at = np.clip(np.rint(time_s * rate_hz).astype(int), 0, len(trial.reference) - 1)
    known = trial.moving[at] & np.isfinite(trial.reference[at]).all(axis=1)
    right = Rotation.from_quat(trial.reference[at][known], scalar_first=True)
    off = Rotation.from_quat(attitudes[known], scalar_first=True) * right.inv()
    w, _, _, z = np.abs(off.as_quat(scalar_first=True)).T
    angles = (
        2 * np.arccos(np.clip(w, 0, 1)),
        2 * np.arctan2(z, w),
        2 * np.arccos(np.clip(np.hypot(w, z), 0, 1)),
    )
    return Errors(*(float(np.degrees(np.sqrt(np.mean(angle**2)))) for angle in angles))
