"""Simulated people: they do what they are asked, each in their own way."""

import numpy as np
import pytest
from numpy.typing import NDArray

from imu_gesture.errors import InputError
from imu_gesture.labels import BACKGROUND
from imu_gesture.simulation.motion import Motion
from imu_gesture.simulation.performer import GESTURES, REST, Action, Performer

RATE_HZ = 100.0
PLAN = [
    Action(REST, 1.0),
    Action("circle"),
    Action(REST, 1.0),
    Action("push"),
    Action(REST, 0.5),
    Action(BACKGROUND, 4.0),
    Action(REST, 1.5),
    Action("twist"),
    Action(REST, 1.0),
    Action("wave"),
    Action(REST, 1.0),
]


def vigour_dps(motion: Motion, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Angular rate, and acceleration with 1 g as 200 deg/s."""
    force_g = np.linalg.norm(motion.specific_force_g(seconds), axis=1)
    rate_dps = np.linalg.norm(motion.angular_rate_dps(seconds), axis=1)
    vigour: NDArray[np.float64] = rate_dps + 200 * np.abs(force_g - 1)
    return vigour


@pytest.mark.parametrize("seed", range(5))
def test_labels_are_what_was_performed(seed: int) -> None:
    motion = Performer(seed).perform(PLAN)
    assert [label.name for label in motion.labels] == [a.name for a in PLAN if a.name != REST]
    seconds = np.arange(0, motion.duration_s, 1 / RATE_HZ, dtype=np.float64)
    vigour = vigour_dps(motion, seconds)
    resting = np.ones(len(seconds), np.bool_)
    for label in motion.labels:
        inside = (seconds >= label.start_s) & (seconds < label.end_s)
        resting &= ~inside
        assert vigour[inside].max() > 60, label
    edge = np.convolve(~resting, np.ones(15), "same") > 0  # a spline rounds corners off
    assert np.percentile(vigour[~edge], 99) < 40


@pytest.mark.parametrize("name", GESTURES)
def test_a_gesture_takes_about_a_second_and_returns_to_where_it_began(name: str) -> None:
    for seed in range(10):
        motion = Performer(seed).perform([Action(REST, 1.0), Action(name), Action(REST, 1.0)])
        (label,) = motion.labels
        assert label.start_s == 1.0
        assert 0.5 < label.end_s - label.start_s < 1.6
        path_m = np.asarray(motion.position_m([0.5, label.end_s + 0.5]))
        assert np.linalg.norm(path_m[1] - path_m[0]) < 0.01
        change = motion.attitude(0.5).inv() * motion.attitude(label.end_s + 0.5)
        assert np.degrees(change.magnitude()) < 5


def test_the_same_person_moves_the_same_and_another_person_does_not() -> None:
    seconds = np.linspace(0, 5, 500)
    one, same, other = (
        Performer(seed).perform(PLAN).specific_force_g(seconds) for seed in (3, 3, 4)
    )
    assert np.array_equal(one, same)
    assert np.abs(one - other).max() > 0.05


def test_no_two_repeats_are_alike() -> None:
    person = Performer(0)
    first, second = (person.perform([Action(REST, 1.0), Action("wave")]) for _ in range(2))
    seconds = np.linspace(1.0, 1.5, 100)
    assert np.abs(first.specific_force_g(seconds) - second.specific_force_g(seconds)).max() > 0.02


def test_background_is_performed_for_as_long_as_asked() -> None:
    (label,) = Performer(0).perform([Action(REST, 1.0), Action(BACKGROUND, 7.0)]).labels
    assert (label.start_s, label.end_s, label.name) == (1.0, 8.0, BACKGROUND)


def test_an_unknown_gesture_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(InputError, match="cannot perform 'nod'") as caught:
        Performer(0).perform([Action("nod")])
    for name in (*GESTURES, BACKGROUND):
        assert name in str(caught.value)
