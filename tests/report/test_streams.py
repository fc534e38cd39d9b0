"""What is printed of streams: what is known, and what is not."""

from __future__ import annotations

import pytest

from imu_gesture import _core
from imu_gesture.labels import Label
from imu_gesture.learning.continuous import ContinuousScores, decide_on
from imu_gesture.learning.streams import ScoredStream
from imu_gesture.learning.tuning import tune
from imu_gesture.report.streams import continuous_lines, tuned_lines
from tests.learning.scored import HOP_S, NAMES, scored

PARAMS = _core.DecisionParams([179, 179, _core.NEVER], 1, 200_000)
HAND = scored("......w..........p....", [Label(0.3, 0.5, "wave"), Label(0.9, 1.1, "push")])
DAY = scored(
    "w...." * 12 + "." * 40, [Label(0, 6, "background/tea"), Label(6, 10, "background/typing")]
)


def scores(*streams: ScoredStream) -> ContinuousScores:
    return decide_on(streams, NAMES, lambda _: PARAMS, HOP_S).scores(NAMES[:2])


def test_gestures_delay_and_activities_are_told() -> None:
    text = "\n".join(continuous_lines(scores(HAND, DAY)))
    assert "1 of 2 gestures recognised, 2 reports; F1 0.500" in text
    assert "delay after its end: median 100 ms" in text
    assert "false activations on background: 12 in 0.00 h, 4320.00 an hour" in text
    assert text.index("  tea   ") < text.index("  typing")


def test_without_background_nothing_is_claimed() -> None:
    text = "\n".join(continuous_lines(scores(HAND)))
    assert "false activations: not known, for no background was recorded" in text


def test_background_alone_has_no_table_of_gestures() -> None:
    (first, *_) = continuous_lines(scores(DAY))
    assert first.startswith("false activations on background")


@pytest.mark.parametrize(("streams", "rate"), [([HAND], "not known"), ([HAND, DAY], "0.00")])
def test_the_curve_and_what_is_missing_are_told(streams: list[ScoredStream], rate: str) -> None:
    text = "\n".join(tuned_lines(tune(streams, NAMES, HOP_S)))
    assert "at most 0.5 false activations an hour" in text
    assert "6.0 h more of background without another false activation would be needed" in text
    assert f"false activations an hour {rate}" in text


@pytest.mark.parametrize(("logit_step", "told"), [(None, False), (0.1, True)])
def test_it_is_told_that_others_are_rejected(logit_step: float | None, told: bool) -> None:
    labels = [Label(0.3, 0.5, "wave"), Label(0.9, 1.1, "push")]
    hand = scored("...www........ppp..", labels, logit_step=logit_step)
    text = "\n".join(tuned_lines(tune([hand], NAMES, HOP_S, most_lost=0.05)))
    assert ("is rejected as unknown; that may cost 5% of these gestures" in text) == told
