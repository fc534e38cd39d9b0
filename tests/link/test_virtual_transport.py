"""The virtual board in this process: a person at the other end who does what is asked."""

import time
from collections.abc import Iterator

import numpy as np
import pytest

from imu_gesture import _core
from imu_gesture.errors import InputError
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.link import (
    ClockProbed,
    GestureReported,
    HealthReported,
    LinkEvent,
    SamplesReceived,
    TemperatureMeasured,
)
from imu_gesture.link.virtual.device import DeviceFaults, OnBoardModel, VirtualDevice
from imu_gesture.link.virtual.transport import VirtualTransport
from imu_gesture.samples import Samples, concatenate
from imu_gesture.simulation.chips import LSM9DS1_BOARD
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.performer import GESTURES, REST, Performer
from imu_gesture.workflow.boards import virtual_link
from tests.link.lines import flat
from tests.simulation.classifier import LABELS, VigourClassifier, vigour_params


def link_to_recogniser(seed: int = 0, skew_ppm: float = 0.0) -> BoardLink:
    classifier = VigourClassifier()
    firmware = _core.Firmware(
        vigour_params(), lambda window: np.asarray(classifier.scores(window[None])[0])
    )
    model = OnBoardModel(LABELS, firmware, "00" * 8)
    device = VirtualDevice(
        Device(LSM9DS1_BOARD, seed),
        Performer(seed),
        model=model,
        errors=DeviceFaults(skew_ppm=skew_ppm),
    )
    transport = VirtualTransport(device)
    return BoardLink(transport, clock=transport.clock, on_cue=device.cue)


def within(link: BoardLink, seconds: float) -> Iterator[LinkEvent]:
    """The events of so many seconds of the board's time."""
    started_us: int | None = None
    for event in link.events():
        yield event
        if isinstance(event, SamplesReceived) and len(event.samples):
            newest_us = int(event.samples.device_time_us[-1])
            started_us = newest_us if started_us is None else started_us
            if newest_us - started_us > seconds * 1e6:
                return


def received(events: list[LinkEvent]) -> Samples:
    return concatenate([event.samples for event in events if isinstance(event, SamplesReceived)])


def spread_dps(samples: Samples) -> float:
    return float(samples.gyr_or_zero_dps.std(axis=0).max())


def after(samples: Samples, start_s: float, end_s: float) -> Samples:
    seconds = (samples.device_time_us - samples.device_time_us[0]) * 1e-6
    return samples.rows((seconds >= start_s) & (seconds < end_s))


@pytest.mark.parametrize("name", GESTURES)
def test_a_cue_is_followed_once_and_then_the_hand_rests(name: str) -> None:
    with virtual_link(0) as link:
        link.cue(name)
        samples = received(list(within(link, 5.0)))
    assert spread_dps(after(samples, 0.0, 2.5)) > 30
    assert spread_dps(after(samples, 3.2, 5.0)) < 10


def test_every_cue_is_followed_and_the_board_reports_it() -> None:
    with link_to_recogniser() as link:
        for name in ("wave", "circle", "twist"):
            link.cue(name)
        events = list(within(link, 9.0))
    reported = [event for event in events if isinstance(event, GestureReported)]
    assert [event.label for event in reported] == ["gesture"] * 3
    assert all(0.7 <= event.score <= 1 for event in reported)


def test_the_first_cue_comes_first() -> None:
    with virtual_link(0) as link:
        link.cue(REST)
        link.cue("twist")
        samples = received(list(within(link, 5.5)))
    assert spread_dps(after(samples, 0.0, 2.5)) < 10
    assert spread_dps(after(samples, 2.7, 5.5)) > 30


def test_samples_of_both_kinds_are_one_stream_without_end_or_gap() -> None:
    with virtual_link(0) as link:
        link.cue("push")
        samples = received(list(within(link, 20.0)))
    assert np.diff(samples.device_time_us).max() < 10_000
    assert np.array_equal(samples.sequence, np.arange(len(samples)))
    assert samples.duration_s > 19
    assert np.all(np.diff(samples.mag_time_us) == 50_000)
    still = samples.mag_ut[samples.mag_time_us > 10_000_000]
    assert np.linalg.norm(still - still.mean(axis=0), axis=1).max() < 2.0


def test_temperature_health_and_clock_are_told_about_once_a_second() -> None:
    with link_to_recogniser() as link:
        events = list(within(link, 10.0))
    temperatures = [e.celsius for e in events if isinstance(e, TemperatureMeasured)]
    assert 9 <= len(temperatures) <= 12
    assert np.all(np.diff(temperatures) >= 0)
    health = [e for e in events if isinstance(e, HealthReported)]
    assert health[-1].health.windows > health[0].health.windows
    assert health[-1].health.imu_dropped == 0
    assert sum(isinstance(e, ClockProbed) for e in events) >= 10


@pytest.mark.parametrize("skew_ppm", [0.0, 5000.0])
def test_the_boards_clock_is_seen_between_question_and_answer(skew_ppm: float) -> None:
    with link_to_recogniser(skew_ppm=skew_ppm) as link:
        probes = [e for e in within(link, 5.0) if isinstance(e, ClockProbed)]
    for probe in probes:
        true_s = probe.device_time_us / (1 + skew_ppm * 1e-6) * 1e-6
        assert probe.sent_s - 1e-5 <= true_s <= probe.received_s + 1e-5


def test_the_same_seed_gives_the_same_stream() -> None:
    streams = []
    for seed in (1, 1, 2):
        with link_to_recogniser(seed) as link:
            link.cue("wave")
            streams.append(flat(e for e in within(link, 4.0) if isinstance(e, SamplesReceived)))
    assert streams[0] == streams[1] != streams[2]


def test_in_real_time_no_sample_comes_before_it_was_taken() -> None:
    with virtual_link(0, real_time=True) as link:
        started_s = time.monotonic()
        at_s, taken_s = [], []
        for event in within(link, 0.5):
            if isinstance(event, SamplesReceived) and len(event.samples):
                at_s.append(time.monotonic() - started_s)
                taken_s.append(float(event.samples.device_time_us[-1]) * 1e-6)
    assert all(at >= taken - 0.1 for at, taken in zip(at_s, taken_s, strict=True))
    assert at_s[-1] < taken_s[-1] + 0.5


def test_a_gesture_nobody_knows_is_refused() -> None:
    with virtual_link(0) as link:
        link.cue("nod")
        with pytest.raises(InputError, match="'nod'"):
            list(within(link, 3.0))
