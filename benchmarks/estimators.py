"""Our core's orientation and its peers', on the same samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import imufusion
import numpy as np
from broad import GRAVITY_M_S2, Errors, Trial, errors
from numpy.typing import NDArray
from vqf import VQF  # type: ignore[import-untyped]

from imu_gesture import _core

FloatArray = NDArray[np.floating]

_BOARD_RATES_HZ = (119.0, 20.0)


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
    return _run_core(trial, _core.OrientationParams())


def core_with_vqf_times(trial: Trial) -> Estimate:
    """Ours with the values that VQF's authors publish where ours differ."""
    params = _core.OrientationParams().with_parts(
        bias=_core.GyroBiasParams(sigma_rest_dps=0.03),
        heading=_core.HeadingParams(known_bias_tau_s=9.0),
    )
    return _run_core(trial, params)


def _run_core(trial: Trial, params: _core.OrientationParams) -> Estimate:
    orientation = _core.Orientation(params)
    times_us = trial.device_time_us
    imu = single(trial.acc_g), single(trial.gyr_dps)
    _, attitude, *_ = orientation.run(times_us, *imu, times_us, single(trial.mag_ut))
    return Estimate(attitude, orientation.bias_dps)


def core_call(trial: Trial) -> Callable[[], object]:
    """The batch call alone, its arrays ready."""
    times_us = trial.device_time_us
    acc_g, gyr_dps, mag_ut = map(single, (trial.acc_g, trial.gyr_dps, trial.mag_ut))
    return lambda: _core.Orientation().run(times_us, acc_g, gyr_dps, times_us, mag_ut)


def vqf_call(trial: Trial) -> Callable[[], object]:
    """The same for VQF."""
    gyr, acc, mag = _si(trial)
    return lambda: VQF(1 / trial.rate_hz).updateBatch(gyr, acc, mag)


def _si(trial: Trial) -> tuple[FloatArray, FloatArray, FloatArray]:
    """As VQF wants them, with gyroscope and accelerometer in SI units."""
    return (
        np.ascontiguousarray(np.radians(trial.gyr_dps)),
        np.ascontiguousarray(trial.acc_g * GRAVITY_M_S2),
        np.ascontiguousarray(trial.mag_ut),
    )


def core_at_board_rates(trial: Trial) -> Errors:
    """Ours on the samples next to those an LSM9DS1 would give: 119 Hz, magnetometer 20 Hz."""
    length_s = len(trial) / trial.rate_hz - 0.1
    imu, mag = (
        np.rint(np.arange(int(length_s * rate_hz)) / rate_hz * trial.rate_hz).astype(np.int64)
        for rate_hz in _BOARD_RATES_HZ
    )
    few = trial.take(imu)
    times_us = trial.device_time_us
    _, attitude, *_ = _core.Orientation().run(
        times_us[imu],
        single(few.acc_g),
        single(few.gyr_dps),
        times_us[mag],
        single(trial.mag_ut[mag]),
    )
    return errors(attitude, few)


def vqf(trial: Trial) -> Estimate:
    """The compiled class of the package vqf: double precision, default parameters."""
    found = VQF(1 / trial.rate_hz).updateBatch(*_si(trial))
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
