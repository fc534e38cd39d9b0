"""Errors of one device as values: drawn from a seed, each family switchable on its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import numpy as np

from imu_gesture.simulation.chips import Chip, SensorLimits
from imu_gesture.simulation.motion import Float64Array


class Family(StrEnum):
    """Kinds of error that a table of faults switches on and off."""

    BIAS = "bias"  # of accelerometer and gyroscope
    WARM_UP = "warm-up"  # and everything else that follows temperature
    SCALE = "scale"
    MISALIGNMENT = "misalignment"
    NOISE = "noise"
    COUNTS = "counts"  # rounding and clipping
    RATE = "rate"
    HARD_IRON = "hard iron"
    SOFT_IRON = "soft iron"
    STEPS = "hard-iron steps"
    LOST = "lost samples"


ENVIRONMENT = frozenset({Family.STEPS, Family.LOST})
DATASHEET = frozenset(Family) - ENVIRONMENT  # what every board has, wherever it is

_STEP_UT = (10.0, 50.0)
_STEP_EVERY_S = 20.0
_LOST_SHARE = 0.02


@dataclass(frozen=True, eq=False)
class SensorErrors:
    """measured = matrix true + offset + offset_per_k (T - 25 °C) + noise.

    matrix = diag(1 + scale) (1 + skew) (1 + distortion).

    Attributes:
        scale: (3,) relative.
        skew: (3, 3) with an empty diagonal, radians.
        distortion: (3, 3) symmetric, of the field before it reaches the sensor.
        offset: (3,) in the sensor's unit; offset_per_k: (3,) for each kelvin.
        noise: standard deviation of a reading.
        per_lsb: one count; 0 neither rounds nor clips.
    """

    scale: Float64Array
    skew: Float64Array
    distortion: Float64Array
    offset: Float64Array
    offset_per_k: Float64Array
    noise: float
    per_lsb: float

    @cached_property
    def matrix(self) -> Float64Array:
        """(3, 3) from the true vector to the measured one."""
        eye = np.eye(3)
        matrix: Float64Array = np.diag(1 + self.scale) @ (eye + self.skew) @ (eye + self.distortion)
        return matrix

    def distorted(self, true: Float64Array, warmth_k: Float64Array) -> Float64Array:
        """(n, 3) what is measured of `true` (n, 3) at so many kelvin (n,) above 25 °C, but noise.

        Not one product of matrices: its rounding would depend on n.
        """
        x, y, z = self.matrix.T
        measured: Float64Array = true[:, :1] * x + true[:, 1:2] * y + true[:, 2:] * z + self.offset
        return measured + warmth_k[:, None] * self.offset_per_k


@dataclass(frozen=True, eq=False)
class DeviceErrors:
    """All errors of one device.

    Attributes:
        rate: relative error of its rate.
        heating_k, heating_tau_s: T(t) = 25 °C + heating (1 - exp(-t / tau)) after power-up.
        steps_ut: (k, 3) hard iron that appears, one every `_STEP_EVERY_S`.
        lost_share: of the inertial samples.
    """

    rate: float
    acc: SensorErrors
    gyr: SensorErrors
    mag: SensorErrors
    heating_k: float
    heating_tau_s: float
    steps_ut: Float64Array
    lost_share: float

    def heating(self, time_s: Float64Array) -> Float64Array:
        """(n,) kelvin above 25 °C at times since power-up."""
        warmed: Float64Array = self.heating_k * -np.expm1(-time_s / self.heating_tau_s)
        return warmed

    def step_ut(self, time_s: Float64Array) -> Float64Array:
        """(n, 3) hard iron that has come since power-up: a laptop, a table leg."""
        index = np.minimum(time_s // _STEP_EVERY_S, len(self.steps_ut) - 1).astype(int)
        step: Float64Array = self.steps_ut[index]
        return step


def draw_errors(chip: Chip, seed: int) -> DeviceErrors:
    """One device: every error uniform up to the datasheet's limit, in a fixed order."""
    rng = np.random.default_rng((seed, 20))
    acc, gyr, mag = (_draw_sensor(limits, rng) for limits in (chip.acc, chip.gyr, chip.mag))
    soft = rng.uniform(-chip.soft_iron, chip.soft_iron, (3, 3))
    return DeviceErrors(
        rate=rng.uniform(-chip.rate_error, chip.rate_error),
        acc=acc,
        gyr=gyr,
        mag=replace(mag, distortion=(soft + soft.T) / 2),
        heating_k=rng.uniform(*chip.heating_k),
        heating_tau_s=rng.uniform(*chip.heating_tau_s),
        steps_ut=_draw_steps(rng),
        lost_share=_LOST_SHARE,
    )


def _draw_sensor(limits: SensorLimits, rng: np.random.Generator) -> SensorErrors:
    skew = rng.uniform(-limits.misalignment_rad, limits.misalignment_rad, (3, 3))
    return SensorErrors(
        scale=rng.uniform(-limits.scale, limits.scale, 3),
        skew=skew * (1 - np.eye(3)),
        distortion=np.zeros((3, 3)),
        offset=rng.uniform(-limits.offset, limits.offset, 3),
        offset_per_k=rng.uniform(-limits.offset_per_k, limits.offset_per_k, 3),
        noise=limits.noise,
        per_lsb=limits.per_lsb,
    )


def _draw_steps(rng: np.random.Generator) -> Float64Array:
    """None at first, then one after the other."""
    direction = rng.normal(size=(50, 3))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    steps: Float64Array = direction * rng.uniform(*_STEP_UT, (50, 1))
    steps[0] = 0.0
    return steps


def only(errors: DeviceErrors, families: frozenset[Family]) -> DeviceErrors:
    """The same device, with all other families of error switched off."""
    return scaled(errors, dict.fromkeys(families, 1.0))


def scaled(errors: DeviceErrors, strengths: Mapping[Family, float]) -> DeviceErrors:
    """The same device, with so many times its errors of each family; 0 where it is not named."""
    strength = {family: strengths.get(family, 0.0) for family in Family}
    return replace(
        errors,
        rate=errors.rate * strength[Family.RATE],
        acc=_scaled(errors.acc, strength, Family.BIAS),
        gyr=_scaled(errors.gyr, strength, Family.BIAS),
        mag=_scaled(errors.mag, strength, Family.HARD_IRON),
        heating_k=errors.heating_k * strength[Family.WARM_UP],
        steps_ut=errors.steps_ut * strength[Family.STEPS],
        lost_share=errors.lost_share * strength[Family.LOST],
    )


def _scaled(sensor: SensorErrors, strength: Mapping[Family, float], offset: Family) -> SensorErrors:
    """Of temperature, the heating is scaled; what a kelvin does is there or is not."""
    return SensorErrors(
        scale=sensor.scale * strength[Family.SCALE],
        skew=sensor.skew * strength[Family.MISALIGNMENT],
        distortion=sensor.distortion * strength[Family.SOFT_IRON],
        offset=sensor.offset * strength[offset],
        offset_per_k=sensor.offset_per_k * (strength[Family.WARM_UP] > 0),
        noise=sensor.noise * strength[Family.NOISE],
        per_lsb=sensor.per_lsb * strength[Family.COUNTS],
    )
