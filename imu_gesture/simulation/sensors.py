"""The seam between a board and what it senses."""

from __future__ import annotations

from typing import Protocol

from imu_gesture.device import DeviceInfo
from imu_gesture.samples import Samples
from imu_gesture.simulation.signals import IdealSignals


class SensorModel(Protocol):
    """Sensors of one board, from power-on: true signals in, samples with all their errors out."""

    info: DeviceInfo
    mag_rate_hz: float  # nominal; 0 without a magnetometer

    def measure(self, ideal: IdealSignals) -> Samples:
        """Readings over all of `ideal`, which goes on where the last call's has ended.

        However a signal is cut, the readings are the same bits.
        """
        ...

    def temperature_c(self, time_s: float) -> float:
        """Of the die, so long after power-on."""
        ...
