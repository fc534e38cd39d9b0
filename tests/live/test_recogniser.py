"""Live recognition: the host's, by the board's own code, and the board's."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from imu_gesture import _core
from imu_gesture.inference.classifier import open_classifier
from imu_gesture.link.link import GestureReported, LineDamaged, LinkEvent, SamplesReceived
from imu_gesture.live.recogniser import (
    HostRecogniser,
    Recognition,
    recognitions,
    until,
)
from imu_gesture.workflow.boards import Where, open_link
from tests import make
from tests.link.lines import times_us
from tests.live.small_model import Model, small_model


@pytest.fixture(scope="module")
def model() -> Model:
    return small_model()


def live(model: Model, seconds: float, host: bool = True) -> list[Recognition]:
    with open_link(Where(virtual=True, seed=0), model) as link:
        recogniser = HostRecogniser(*model) if host else None
        return list(recognitions(until(link.events(), seconds), recogniser))


def parts(n: int, size: int) -> Iterator[LinkEvent]:
    samples = make.noise(n)
    for start in range(0, n, size):
        yield SamplesReceived(samples.rows(slice(start, start + size)))


def test_host_and_board_recognise_the_same_at_the_same_time(model: Model) -> None:
    found = live(model, seconds=20.0)
    host, board = (
        [(r.device_time_us, r.label, r.score) for r in found if r.by == by]
        for by in ("host", "board")
    )
    assert host == board
    assert len(host) >= 2
    assert all(0 < score <= 1 for _, _, score in host)


def test_without_the_host_only_the_board_speaks(model: Model) -> None:
    found = live(model, seconds=20.0, host=False)
    assert found == [r for r in live(model, seconds=20.0) if r.by == "board"] != []


def test_the_host_recognises_what_the_core_firmware_does(model: Model) -> None:
    manifest, tflite = model
    classifier = open_classifier(tflite)
    samples, _ = make.gestures(["a", "b", "c"] * 3)
    expected = _core.Firmware(
        manifest.firmware_params(), lambda window: classifier.scores(window[None])[0]
    ).push(samples.device_time_us, samples.acc_g, samples.gyr_or_zero_dps)
    found = HostRecogniser(manifest, tflite).push(samples)
    assert [(r.device_time_us, r.label, r.score, r.by) for r in found] == [
        (e.device_time_us, manifest.label_names[e.label], e.score / 256, "host") for e in expected
    ]
    assert len(found) >= 3


@pytest.mark.parametrize("size", [1, 50])
def test_parts_of_any_size_are_recognised_alike(size: int, model: Model) -> None:
    samples, _ = make.gestures(["a", "b"] * 3)
    whole, part_by_part = HostRecogniser(*model), HostRecogniser(*model)
    found = [
        recognition
        for start in range(0, len(samples), size)
        for recognition in part_by_part.push(samples.rows(slice(start, start + size)))
    ]
    assert found == whole.push(samples) != []


def test_a_board_without_a_gyroscope_is_taken_as_one_that_does_not_turn(model: Model) -> None:
    samples, _ = make.gestures(["a", "b"] * 3)
    still = replace(samples, gyr_dps=np.zeros_like(samples.acc_g))
    found = HostRecogniser(*model).push(replace(samples, gyr_dps=None))
    assert found == HostRecogniser(*model).push(still) != []


@pytest.mark.parametrize("size", [1, 60, 1000])
@pytest.mark.parametrize("seconds", [0.3, 1.0, 4.0])
def test_seconds_are_those_of_the_board_to_the_sample(size: int, seconds: float) -> None:
    found = times_us(until(parts(1000, size), seconds))
    expected = make.noise(1000).device_time_us
    assert found == expected[expected < seconds * 1e6].tolist()


def test_seconds_count_from_the_first_sample() -> None:
    start_us = 7_000_000_000
    samples = make.noise(500)
    samples.device_time_us[:] += start_us
    found = times_us(until(iter([SamplesReceived(samples)]), 2.0))
    assert (found[0], len(found)) == (start_us, 238)


def test_without_a_limit_everything_passes() -> None:
    events = [*parts(300, 100), LineDamaged("?"), GestureReported(5, "wave", 0.5)]
    assert list(until(iter(events), None)) == events


def test_gestures_before_the_end_are_kept_and_nothing_is_read_beyond_it() -> None:
    def board() -> Iterator[LinkEvent]:
        for event in parts(240, 120):
            yield event
            yield GestureReported(5, "wave", 0.5)
        pytest.fail("read on after the end")

    found = list(until(board(), 1.0))
    assert [type(event) for event in found] == [SamplesReceived, GestureReported]
