"""Our core's orientation and its peers', on the same samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import imufusion
import numpy as np
from broad import GRAVITY_M_S2, Trial
from numpy.typing import NDArray
from vqf import VQF  # type: ignore[import-untyped]

from imu_gesture import _core

FloatArray = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Estimate:
    """Nine-axis attitude (n, 4) after each sample, and the offset at the end (3,), deg/s."""

    attitude: FloatArray
    bias_dps: FloatArray


Estimator = Callable[[Trial], Estimate]


def single(values: FloatArray) -> NDArray[np.float32]:
    """In single precision, contiguous."""
    return np.ascontiguousarray(values, np.float32)


def core(trial: Trial) -> Estimate:
    """Ours: single precision, device times, default parameters."""
    orientation = _core.Orientation()
    times_us = trial.device_time_us
    imu = single(trial.acc_g), single(trial.gyr_dps)
    _, attitude, *_ = orientation.run(times_us, *imu, times_us, single(trial.mag_ut))
    return Estimate(attitude, orientation.bias_dps)


def vqf(trial: Trial) -> Estimate:
    """The compiled class of the package vqf: double precision, default parameters."""
    estimator = VQF(1 / trial.rate_hz)
    found = estimator.updateBatch(
        np.ascontiguousarray(np.radians(trial.gyr_dps)),
        np.ascontiguousarray(trial.acc_g * GRAVITY_M_S2),
        np.ascontiguousarray(trial.mag_ut),
    )
    return Estimate(found["quat9D"], np.degrees(found["bias"][-1]))


def fusion(trial: Trial) -> Estimate:
    """The package imufusion with the settings of its examples, and its own offset correction."""
    settings = imufusion.AhrsSettings(
        sample_rate=trial.rate_hz,
        convention=imufusion.CONVENTION_NWU,
        gain=0.5,
        gyroscope_range=2000,
        acceleration_rejection=10,
        magnetic_rejection=10,
        rejection_timeout=5,
    )
    ahrs = imufusion.Ahrs().set_settings(settings)
    bias = imufusion.Bias().set_settings(imufusion.BiasSettings(sample_rate=trial.rate_hz))
    attitude = np.empty((len(trial), 4))
    for i in range(len(trial)):
        gyr_dps = bias.update(trial.gyr_dps[i])
        attitude[i] = ahrs.update(gyr_dps, trial.acc_g[i], trial.mag_ut[i]).get_quaternion()
    return Estimate(_from_north_west_up(attitude), bias.get_offset())


def _from_north_west_up(attitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """East, north, up: a quarter turn about the vertical further."""
    w, x, y, z = attitude.T
    turned: NDArray[np.float64] = np.sqrt(0.5) * np.stack([w - z, x - y, y + x, z + w], axis=1)
    return turned


PEERS: dict[str, Estimator] = {"vqf": vqf, "imufusion": fusion}
