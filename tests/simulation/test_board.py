"""The virtual board: what it reports is what the core firmware makes of its samples."""

import numpy as np
import pytest
from numpy.typing import NDArray

from imu_gesture import _core
from imu_gesture.simulation.board import VirtualBoard
from imu_gesture.simulation.chips import LSM9DS1_BOARD
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.performer import REST, Action, Performer
from imu_gesture.simulation.signals import ideal_signals
from tests.simulation.classifier import VigourClassifier, vigour_params

PLAN = [Action(REST, 2.0), Action("wave"), Action(REST, 2.0), Action("wave"), Action(REST, 2.0)]


def board(seed: int = 0) -> VirtualBoard:
    return VirtualBoard(Device(LSM9DS1_BOARD, seed), vigour_params(), VigourClassifier())


def as_tuples(events: list[_core.GestureEvent]) -> list[tuple[int, int, int]]:
    return [(event.device_time_us, event.label, event.score) for event in events]


def test_it_reports_the_gestures_that_are_performed() -> None:
    motion = Performer(0).perform(PLAN)
    _, events = board().move(motion)
    times_s = [event.device_time_us * 1e-6 for event in events]
    assert len(times_s) == len(motion.labels) == 2
    for label, time_s in zip(motion.labels, times_s, strict=True):
        assert label.start_s < time_s < label.end_s + 0.3


def test_its_events_are_those_of_the_core_firmware() -> None:
    virtual, classifier = board(), VigourClassifier()
    inputs: list[NDArray[np.int8]] = []

    def classify(window: NDArray[np.int8]) -> NDArray[np.int8]:
        inputs.append(window)
        scores: NDArray[np.int8] = classifier.scores(window[None])[0]
        return scores

    samples, events = virtual.move(Performer(0).perform(PLAN))
    expected = _core.Firmware(vigour_params(), classify).push(
        samples.device_time_us, samples.acc_g, samples.gyr_or_zero_dps
    )
    assert as_tuples(events) == as_tuples(expected) != []
    assert np.array_equal([inference.input for inference in virtual.inferences], inputs)


def test_motions_in_parts_are_one_stream() -> None:
    virtual, sensors = board(), Device(LSM9DS1_BOARD, 0)
    performer, same_performer = Performer(0), Performer(0)
    firmware = _core.Firmware(vigour_params(), lambda w: VigourClassifier().scores(w[None])[0])
    for action in PLAN:
        samples, events = virtual.move(performer.perform([action]))
        again = sensors.measure(ideal_signals(same_performer.perform([action])))
        assert np.array_equal(samples.device_time_us, again.device_time_us)
        assert as_tuples(events) == as_tuples(
            firmware.push(again.device_time_us, again.acc_g, again.gyr_or_zero_dps)
        )
    assert firmware.counters.gaps == 0
    assert firmware.counters.windows == len(virtual.inferences) > 50


def test_without_a_model_it_only_streams() -> None:
    samples, events = VirtualBoard(Device(LSM9DS1_BOARD, 0)).move(Performer(0).perform(PLAN))
    assert len(samples) > 800
    assert events == []


def test_parameters_without_a_classifier_are_a_programming_error() -> None:
    lame = VirtualBoard(Device(LSM9DS1_BOARD, 0), vigour_params())
    with pytest.raises(TypeError, match="needs a classifier"):
        lame.move(Performer(0).perform(PLAN))
