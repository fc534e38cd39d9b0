"""Datasheet limits of the sensors on both board revisions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SensorLimits:
    """Largest errors of one sensor, in its unit (g, deg/s, µT).

    Attributes:
        offset: at 25 °C, each axis.
        offset_per_k: change with temperature, each axis.
        scale: relative.
        misalignment_rad: of each axis towards each other one; what is left of it after the best
            common rotation is non-orthogonality.
        noise: standard deviation of one reading.
        per_lsb: one count.
    """

    offset: float
    offset_per_k: float
    scale: float
    misalignment_rad: float
    noise: float
    per_lsb: float


@dataclass(frozen=True)
class Chip:
    """Sensors of one board revision.

    Attributes:
        rate_error: of the sensor's own clock, relative.
        soft_iron: largest element of the symmetric distortion of the field.
        heating_k: least and most warming after power-up.
        heating_tau_s: shortest and longest time constant of it.
    """

    board: str
    rate_hz: float
    rate_error: float
    mag_rate_hz: float
    acc: SensorLimits
    gyr: SensorLimits
    mag: SensorLimits
    soft_iron: float = 0.1
    heating_k: tuple[float, float] = (5.0, 20.0)
    heating_tau_s: tuple[float, float] = (300.0, 600.0)


# ST LSM9DS1 datasheet, tables 3 and 4, at ±4 g, ±2000 deg/s, ±4 gauss. Temperature figures are not
# published: those of its sibling LSM6DS3 stand in; none for the magnetometer.
LSM9DS1_BOARD = Chip(
    board="nano33ble-rev1",
    rate_hz=119.0,
    rate_error=0.05,
    mag_rate_hz=20.0,
    acc=SensorLimits(0.09, 0.0005, 0.03, 0.02, 0.002, 0.000122),
    gyr=SensorLimits(30.0, 0.05, 0.03, 0.02, 0.15, 0.07),
    mag=SensorLimits(100.0, 0.0, 0.03, 0.02, 0.4, 0.014),
)
# Bosch BMI270 datasheet, tables 2 and 3, at ±4 g and ±2000 deg/s, zero-rate offset as seen on
# boards; BMM150 datasheet, table 4.
BMI270_BOARD = Chip(
    board="nano33ble-rev2",
    rate_hz=99.8,
    rate_error=0.02,
    mag_rate_hz=10.0,
    acc=SensorLimits(0.02, 0.00025, 0.02, 0.01, 0.0016, 1 / 8192),
    gyr=SensorLimits(3.0, 0.015, 0.02, 0.01, 0.07, 1 / 16.384),
    mag=SensorLimits(40.0, 0.23, 0.05, 0.02, 0.6, 1 / 16),
)
