"""A board that dozes while it lies still recognises what it would have recognised awake."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from imu_gesture import _core
from imu_gesture.deploy import demonstration
from imu_gesture.deploy.manifest import read_run
from imu_gesture.inference.classifier import open_classifier
from imu_gesture.samples import Samples
from imu_gesture.simulation.performer import GESTURES, REST, Action, Performer
from imu_gesture.simulation.signals import ideal_signals
from imu_gesture.workflow.boards import virtual_sensors

_RESTS_S = (4.0, 7.0, 5.5, 6.0)


class _Table(Performer):
    """Between gestures the board lies, and nothing trembles."""

    def _noise(self, frames: int, spread: float, smooth_s: float) -> NDArray[np.float64]:
        return np.zeros((frames, 3)) * spread * smooth_s


def _day(seed: int) -> Samples:
    """Each gesture once, out of a rest."""
    actions = []
    for name, rest_s in zip(GESTURES, _RESTS_S, strict=True):
        actions += [Action(REST, rest_s), Action(name)]
    actions.append(Action(REST, 3.0))
    return virtual_sensors(seed).measure(ideal_signals(_Table(seed).perform(actions)))


def _recognised(samples: Samples, doze: bool) -> tuple[list[tuple[int, int]], int]:
    """(time, label) of the gestures, and how often the model was asked."""
    manifest, tflite = read_run(demonstration.FOLDER)
    classifier = open_classifier(tflite)
    firmware = _core.Firmware(
        manifest.firmware_params(), lambda window: classifier.scores(window[None])[0]
    )
    firmware.doze(doze)
    acc_g = np.ascontiguousarray(samples.acc_g, np.float32)
    gyr_dps = np.ascontiguousarray(samples.gyr_or_zero_dps, np.float32)
    events = firmware.push(samples.device_time_us.astype(np.int64), acc_g, gyr_dps)
    return [(event.device_time_us, event.label) for event in events], firmware.counters.windows


@pytest.mark.parametrize("seed", range(5))
def test_a_gesture_that_ends_a_rest_is_recognised(seed: int) -> None:
    samples = _day(seed)
    awake, awake_windows = _recognised(samples, doze=False)
    dozing, dozing_windows = _recognised(samples, doze=True)
    assert len(awake) >= 3
    assert [label for _, label in dozing] == [label for _, label in awake]
    late_us = [ours - theirs for (ours, _), (theirs, _) in zip(dozing, awake, strict=True)]
    assert max(map(abs, late_us)) <= 100_000  # a hop
    assert dozing_windows < 0.75 * awake_windows
