"""Reported gestures against performed ones: known streams with known answers."""

from __future__ import annotations

import pytest

from imu_gesture.labels import BACKGROUND, Label
from imu_gesture.learning.events import TimedLabel, match_events

WAVE, PUSH = Label(1.0, 2.0, "wave"), Label(3.0, 4.0, "push")
OVERLAPPING = Label(1.5, 2.5, "push")


@pytest.mark.parametrize(
    ("performed", "reported", "recognised", "false_times_s"),
    [
        pytest.param([WAVE, PUSH], [(1.9, "wave"), (3.9, "push")], ["wave", "push"], [], id="all"),
        pytest.param([WAVE], [(1.9, "push")], ["push"], [], id="taken for another"),
        pytest.param([WAVE, PUSH], [(3.5, "push")], [None, "push"], [], id="one missed"),
        pytest.param([WAVE], [], [None], [], id="silence"),
        pytest.param([], [(1.0, "wave")], [], [1.0], id="out of nothing"),
        pytest.param([WAVE], [(0.99, "wave")], [None], [0.99], id="too early"),
        pytest.param([WAVE], [(1.0, "wave")], ["wave"], [], id="at its start"),
        pytest.param([WAVE], [(2.5, "wave")], ["wave"], [], id="at the end of the tolerance"),
        pytest.param([WAVE], [(2.51, "wave")], [None], [2.51], id="too late"),
        pytest.param([WAVE], [(1.5, "wave"), (1.9, "wave")], ["wave"], [1.9], id="twice"),
        pytest.param([WAVE], [(1.9, "wave"), (1.5, "push")], ["push"], [1.9], id="any order"),
        pytest.param(
            [WAVE, OVERLAPPING],
            [(1.8, "wave"), (1.9, "push")],
            ["wave", "push"],
            [],
            id="the earlier gesture is served first",
        ),
        pytest.param(
            [Label(0.0, 9.0, BACKGROUND), WAVE],
            [(0.5, "wave"), (1.5, "wave")],
            ["wave"],
            [0.5],
            id="background is no gesture",
        ),
    ],
)
def test_matches(
    performed: list[Label],
    reported: list[tuple[float, str]],
    recognised: list[str | None],
    false_times_s: list[float],
) -> None:
    events = [TimedLabel(time_s, name) for time_s, name in reported]
    match = match_events(performed, events, tolerance_s=0.5)
    assert list(match.recognised) == recognised
    assert [event.time_s for event in match.false_activations] == false_times_s
    assert match.expected == tuple(g.name for g in performed if g.name != BACKGROUND)


def test_correct_counts_right_names_only() -> None:
    events = [TimedLabel(1.5, "wave"), TimedLabel(3.5, "wave")]
    match = match_events([WAVE, PUSH, Label(5.0, 6.0, "push")], events, tolerance_s=0.0)
    assert match.recognised == ("wave", "wave", None)
    assert match.correct == 1
