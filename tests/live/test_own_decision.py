"""Gestures by other thresholds, from the scores that a virtual board tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from imu_gesture import _core
from imu_gesture.link.link import GestureReported, LinkEvent, ScoresReported
from imu_gesture.live.own_decision import OwnDecision
from imu_gesture.live.recogniser import until
from imu_gesture.live.thresholds import Thresholds
from imu_gesture.workflow.boards import virtual_link
from tests.live.small_model import Model, small_model

SECONDS = 60.0
HALF_SAMPLE_US = 9_000  # scores have the time of the sample that completed the window


@pytest.fixture(scope="module")
def model() -> Model:
    return small_model()


@pytest.fixture(scope="module")
def heard(model: Model) -> list[LinkEvent]:
    with virtual_link(0, model) as link:
        link.ask_for_scores()
        return list(until(link.events(), SECONDS))


def decided(model: Model, heard: list[LinkEvent], levels: list[int]) -> list[tuple[int, str]]:
    manifest, _ = model
    thresholds = Thresholds([1] * len(levels))
    thresholds.levels = tuple(levels)
    own = OwnDecision(manifest.label_names, thresholds, manifest.decision.refractory_us)
    found = [own.hear(event) for event in heard if isinstance(event, ScoresReported)]
    return [(gesture.device_time_us, gesture.label) for gesture in found if gesture is not None]


def test_by_the_runs_thresholds_it_is_what_the_board_reports(
    model: Model, heard: list[LinkEvent]
) -> None:
    manifest, _ = model
    expected = [
        (event.device_time_us, event.label) for event in heard if isinstance(event, GestureReported)
    ]
    found = decided(model, heard, [label.threshold for label in manifest.labels])
    assert [label for _, label in found] == [label for _, label in expected] != []
    for (own_us, _), (boards_us, _) in zip(found, expected, strict=True):
        assert own_us == pytest.approx(boards_us, abs=HALF_SAMPLE_US)


def test_a_class_that_is_never_reported_is_not(model: Model, heard: list[LinkEvent]) -> None:
    manifest, _ = model
    run = [label.threshold for label in manifest.labels]
    (first, *_) = {label for _, label in decided(model, heard, run)}
    place = manifest.label_names.index(first)
    levels = [*run[:place], _core.NEVER, *run[place + 1 :]]
    assert first not in {label for _, label in decided(model, heard, levels)}


def test_a_window_that_nobody_has_moved_decides_nothing(
    model: Model, heard: list[LinkEvent]
) -> None:
    manifest, _ = model
    thresholds = Thresholds([label.threshold for label in manifest.labels])
    own = OwnDecision(manifest.label_names, thresholds, manifest.decision.refractory_us)
    scores = [event for event in heard if isinstance(event, ScoresReported)]
    assert [own.hear(event) for event in scores] == [None] * len(scores)
    assert own.hear(replace(scores[-1], scores=(1.0,))) is None  # of another model
