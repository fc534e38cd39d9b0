"""The virtual link: a person at the other end who does what is asked."""

from itertools import islice

import numpy as np
import pytest

from imu_gesture.errors import InputError
from imu_gesture.link.link import GestureReported, LinkEvent, SamplesReceived
from imu_gesture.link.virtual_link import VirtualLink
from imu_gesture.samples import Samples, concatenate
from imu_gesture.simulation.board import VirtualBoard
from imu_gesture.simulation.performer import GESTURES, REST, Performer
from imu_gesture.simulation.sensors import LSM9DS1, ImuModel
from tests import make
from tests.link.lines import flat
from tests.simulation.classifier import LABELS, VigourClassifier, vigour_params


def link_to_recogniser(seed: int = 0) -> VirtualLink:
    board = VirtualBoard(ImuModel(LSM9DS1, seed), vigour_params(), VigourClassifier())
    return VirtualLink(board, Performer(seed), LABELS)


def received(events: list[LinkEvent]) -> Samples:
    return concatenate([event.samples for event in events if isinstance(event, SamplesReceived)])


def spread_dps(samples: Samples) -> float:
    return float(samples.gyr_or_zero_dps.std(axis=0).max())


@pytest.mark.parametrize("name", GESTURES)
def test_a_cue_is_followed_once_and_then_the_hand_rests(name: str) -> None:
    with make.virtual_link() as link:
        link.cue(name)
        moved, *rest = list(islice(link.events(), 4))
    assert spread_dps(received([moved])) > 30
    assert spread_dps(received(list(rest))) < 10


def test_every_cue_is_followed_and_the_board_reports_it() -> None:
    with link_to_recogniser() as link:
        for name in ("wave", "circle", "twist"):
            link.cue(name)
        events = list(islice(link.events(), 12))
    reported = [event for event in events if isinstance(event, GestureReported)]
    assert [event.label for event in reported] == ["gesture"] * 3
    assert all(0.7 <= event.score <= 1 for event in reported)


def test_the_first_cue_comes_first() -> None:
    with make.virtual_link() as link:
        link.cue(REST)
        link.cue("twist")
        first, second = list(islice(link.events(), 2))
    assert spread_dps(received([first])) < 10
    assert spread_dps(received([second])) > 30


def test_samples_are_one_stream_without_end_or_gap() -> None:
    with make.virtual_link() as link:
        link.cue("push")
        samples = received(list(islice(link.events(), 40)))
    assert np.diff(samples.device_time_us).max() < 10_000
    assert np.array_equal(samples.sequence, np.arange(len(samples)))
    assert samples.duration_s > 19


def test_the_same_seed_gives_the_same_stream() -> None:
    streams = []
    for seed in (1, 1, 2):
        with link_to_recogniser(seed) as link:
            link.cue("wave")
            streams.append(flat(islice(link.events(), 6)))
    assert streams[0] == streams[1] != streams[2]


def test_a_gesture_nobody_knows_is_refused() -> None:
    with make.virtual_link() as link:
        link.cue("nod")
        with pytest.raises(InputError, match="'nod'"):
            next(link.events())
