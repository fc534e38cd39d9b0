"""What is counted on streams, on streams whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from imu_gesture import _core
from imu_gesture.labels import Label
from imu_gesture.learning.continuous import ContinuousScores, decide_on
from imu_gesture.learning.events import (
    ClassScores,
    Watch,
    class_scores,
    hours_to_show,
    match_events,
    together,
)
from imu_gesture.learning.streams import ScoredStream
from tests.learning.scored import HOP_S, NAMES, scored

PARAMS = _core.DecisionParams([179, 179, _core.NEVER], 1, 200_000)
GESTURES = NAMES[:2]


def judged(*streams: ScoredStream) -> ContinuousScores:
    return decide_on(streams, NAMES, lambda _: PARAMS, HOP_S).scores(GESTURES)


#           0         1         2         3
#           0123456789012345678901234567890123456789
TIMELINE = "......w..........p........w.....w......."
LABELS = (
    Label(0.3, 0.5, "wave"),  # reported 0.1 s after its end
    Label(1.6, 2.0, "push"),  # reported 0.3 s before its end
    Label(2.5, 2.6, "push"),  # taken for a wave
    Label(3.6, 3.8, "wave"),  # missed; what is reported at 3.2 belongs to nothing
)


def test_gestures_delays_and_reports_are_counted() -> None:
    found = judged(scored(TIMELINE, LABELS))
    assert found.gestures == {"push": ClassScores(2, 1, 1), "wave": ClassScores(2, 3, 1)}
    assert found.overall == ClassScores(4, 4, 2)
    assert found.delays_s == pytest.approx([0.1, -0.3])
    assert found.delay_s(0.5) == pytest.approx(-0.1)
    assert (found.overall.precision, found.overall.recall, found.overall.f1) == (0.5, 0.5, 0.5)


def test_background_is_watched_by_activity_or_by_recording() -> None:
    day = scored(
        "w....w.............." * 2,
        [Label(0.0, 2.0, "background/tea"), Label(2.0, 4.0, "background")],
        name="day",
    )
    more = scored("w" + "." * 19, [Label(0.0, 2.0, "background/tea")])
    found = judged(day, more)
    hours = 20 * HOP_S / 3600
    watched = {name: watch.false_activations for name, watch in found.watched.items()}
    assert watched == {"tea": 3, "day": 2}
    assert found.watched["tea"].hours == pytest.approx(2 * hours)
    assert found.watched["day"].hours == pytest.approx(hours)
    assert found.background.false_activations == 5
    assert found.background.hours == pytest.approx(3 * hours)
    assert found.overall == ClassScores(0, 0, 0)


def test_silences_are_not_watched() -> None:
    (watch,) = judged(scored("...||||||...", [Label(0, 9, "background")])).watched.values()
    assert watch.hours == pytest.approx(6 * HOP_S / 3600)


def test_nothing_is_divided_by_nothing() -> None:
    found = judged(scored("...."))
    assert (found.overall.precision, found.overall.recall, found.overall.f1) == (0, 0, 0)
    assert (found.delay_s(0.5), found.background.per_hour) == (None, None)
    assert found.background.upper_per_hour is None


@pytest.mark.parametrize(("count", "hours"), [(0, 6.0), (1, 5.4), (7, 2.0)])
def test_the_bound_is_the_rate_that_gives_so_few_in_one_of_twenty_cases(
    count: int, hours: float
) -> None:
    bound = Watch(count, hours).upper_per_hour
    assert bound is not None
    assert stats.poisson.cdf(count, bound * hours) == pytest.approx(0.05)


def test_six_hours_show_half_an_hour() -> None:
    assert hours_to_show(0.5) == pytest.approx(5.99, abs=0.01)
    assert Watch(0, hours_to_show(0.5)).upper_per_hour == pytest.approx(0.5)


def test_scores_add_up_over_streams() -> None:
    one = match_events(LABELS, scored(TIMELINE).events(NAMES, PARAMS))
    counted = class_scores([one, one], GESTURES)
    assert together(counted.values()) == ClassScores(8, 8, 4)


def test_everything_goes_into_json() -> None:
    found = judged(
        scored(TIMELINE, LABELS), scored("w...", [Label(0, 0.4, "background")])
    ).as_json()
    assert found["overall"] == {
        "performed": 4,
        "reported": 4,
        "correct": 2,
        "precision": 0.5,
        "recall": 0.5,
        "f1": 0.5,
    }
    assert found["background"]["false_activations"] == 1  # type: ignore[index]
    assert np.isfinite(found["delay_p95_s"])  # type: ignore[call-overload]
