"""The virtual board: simulated sensors, the core firmware, and the model through TFLM."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imu_gesture import _core
from imu_gesture.inference.classifier import Classifier, Int8Array
from imu_gesture.samples import Samples
from imu_gesture.simulation.motion import Motion
from imu_gesture.simulation.sensors import SensorModel
from imu_gesture.simulation.signals import ideal_signals


@dataclass(frozen=True, eq=False)
class Inference:
    """One call of the classifier: int8 input (samples, channels) and scores (classes,)."""

    input: Int8Array
    scores: Int8Array


class VirtualBoard:
    """Runs the very code of the sketch on simulated samples.

    Without a model it only streams, as a board does that has none.
    """

    def __init__(
        self,
        sensors: SensorModel,
        params: _core.FirmwareParams | None = None,
        classifier: Classifier | None = None,
    ) -> None:
        self.sensors = sensors
        self.inferences: list[Inference] = []
        self._classifier = classifier
        self._firmware = _core.Firmware(params, self._classify) if params else None

    def move(self, motion: Motion) -> tuple[Samples, list[_core.GestureEvent]]:
        """Go through a motion: what the sensors read, and the events the firmware reported."""
        samples = self.sensors.measure(ideal_signals(motion))
        if self._firmware is None:
            return samples, []
        events = self._firmware.push(samples.device_time_us, samples.acc_g, samples.gyr_or_zero_dps)
        return samples, events

    def _classify(self, window: NDArray[np.int8]) -> NDArray[np.int8]:
        if self._classifier is None:
            raise TypeError("a virtual board with firmware parameters needs a classifier")
        scores: Int8Array = self._classifier.scores(window[None])[0]
        self.inferences.append(Inference(window, scores))
        return scores
