"""What the live window is told: scores, gestures, drift, link, by a board or by made-up events."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from imu_gesture import _core
from imu_gesture.calibration.profile import Profile, SensorEntry
from imu_gesture.device import DeviceInfo
from imu_gesture.link.link import (
    ClockProbed,
    DriftReported,
    GestureReported,
    LinkInterrupted,
    LinkResumed,
    LinkStatus,
    SamplesReceived,
    ScoresReported,
    TemperatureMeasured,
)
from imu_gesture.live.attitude import AttitudeTracker, rotation_of
from imu_gesture.live.drift_facts import DriftFacts, DriftWatch
from imu_gesture.live.gesture_list import GestureList, ShownGesture
from imu_gesture.live.live_feed import LiveFeed, Subject
from imu_gesture.live.recogniser import HostRecogniser, Recognition, until
from imu_gesture.live.score_book import ScoreBook
from imu_gesture.recording.capture.clock import BoardClock
from imu_gesture.samples import Samples
from imu_gesture.workflow.boards import virtual_link
from tests import make
from tests.live.small_model import small_model

TODAY = date(2026, 11, 25)
NAMES = ("a", "b")


def feed(profile: Profile | None = None) -> LiveFeed:
    return LiveFeed(Subject(DeviceInfo(), NAMES, profile, TODAY))


def still(seconds: float, up: tuple[float, float, float] = (0.0, 0.0, 1.0)) -> Samples:
    rng = np.random.default_rng(0)
    n = round(seconds * 119)
    return make.samples(rng.normal(up, 0.002, (n, 3)), rng.normal((1, -2, 3), 0.1, (n, 3)))


def profile(**changes: object) -> Profile:
    entries = {"device_id": "board", "date": "2026-11-20", "method": "test"}
    return Profile.model_validate(entries | changes)


def test_board_and_host_tell_the_same_of_every_window() -> None:
    manifest, tflite = small_model()
    with virtual_link(0, (manifest, tflite)) as link:
        link.ask_for_scores()
        subject = Subject(link.info, manifest.label_names, None, TODAY)
        told = LiveFeed(subject, HostRecogniser(manifest, tflite))
        for event in until(link.events(), 12.0):
            told.hear(event, link.status)
    assert told.scores.compared > 50
    assert told.scores.differing == 0
    assert len(told.scores.board) == len(manifest.label_names)
    assert {gesture.by for gesture in told.gestures} == {"both"}
    view = told.facts.link
    assert view is not None
    assert view.rate_hz == pytest.approx(119, rel=0.05)
    assert told.facts.drift.by_board
    assert told.facts.drift.temperature_c == pytest.approx(25, abs=5)
    traces = told.traces()
    assert {name: values.shape[1] for name, (_, values) in traces.items()} == dict.fromkeys(
        ("acc", "gyr", "mag"), 3
    )
    assert len(traces["acc"][0]) == pytest.approx(5 * 119, rel=0.05)
    assert len(traces["mag"][0]) == pytest.approx(5 * 20, rel=0.05)


def scores(time_us: int, *shares: float) -> ScoresReported:
    return ScoresReported(time_us, shares)


B, H = "board", "host"


@pytest.mark.parametrize(
    ("heard", "compared", "differing", "differs"),
    [
        ([], 0, 0, frozenset()),
        ([(B, scores(1, 0.5, 0.5))], 0, 0, frozenset()),
        ([(B, scores(1, 0.5, 0.5)), (H, scores(1, 0.5, 0.5))], 1, 0, frozenset()),
        ([(H, scores(1, 0.5, 0.5)), (B, scores(1, 0.5, 0.25))], 1, 1, frozenset({1})),
        ([(H, scores(1, 0.5, 0.5)), (B, scores(2, 0.1, 0.2))], 0, 0, frozenset()),
        (
            [
                (H, scores(1, 0, 0)),
                (H, scores(2, 0, 0)),
                (B, scores(1, 1, 1)),
                (B, scores(2, 0, 0)),
            ],
            *(2, 1, frozenset()),
        ),
        ([(H, scores(1, 0, 0)), (B, scores(1, 0.5, 0.25, 0.25))], 0, 0, frozenset()),
        ([(H, scores(t, 0, 0)) for t in range(100)] + [(B, scores(0, 0, 1))], 0, 0, frozenset()),
    ],
    ids=["none", "one", "same", "other", "apart", "both orders", "another model", "too late"],
)
def test_scores_of_the_same_time_are_compared(
    heard: list[tuple[str, ScoresReported]], compared: int, differing: int, differs: frozenset[int]
) -> None:
    book = ScoreBook(NAMES)
    for side, event in heard:
        (book.hear_board if side == B else book.hear_host)(event)
    shown = book.shown
    assert (shown.compared, shown.differing, shown.differs) == (compared, differing, differs)


def test_a_report_of_both_is_one_gesture_with_the_boards_score_and_latency() -> None:
    found = GestureList()
    found.add(Recognition(5, "a", 0.8, "host"), 0.01)
    found.add(Recognition(5, "a", 0.9, "board"), 0.02)
    found.add(Recognition(7, "a", 0.7, "board"), 0.03)
    found.add(Recognition(7, "b", 0.7, "host"), 0.04)
    assert found.shown == (
        ShownGesture(5, "a", 0.9, "both", 0.02),
        ShownGesture(7, "a", 0.7, "board", 0.03),
        ShownGesture(7, "b", 0.7, "host", 0.04),
    )


def test_no_more_gestures_are_kept_than_anybody_reads() -> None:
    found = GestureList()
    for time_us in range(1000):
        found.add(Recognition(time_us, "a", 0.9, "board"))
    assert len(found.shown) < 50
    assert found.shown[-1].device_time_us == 999


BIAS_DPS = (0.5, -0.25, 0.0)


def drift(rest_age_s: int, flags: int) -> DriftReported:
    packet = _core.Drift()
    packet.bias_dps = BIAS_DPS
    packet.rest_age_s, packet.flags = rest_age_s, flags
    return DriftReported(1, packet)


@pytest.mark.parametrize(
    ("rest_age_s", "flags", "expected"),
    [
        (None, 0, DriftFacts(temperature_c=31.5)),
        (0xFFFF, 0, DriftFacts(None, True, None, False, 31.5)),
        (0xFFFF, _core.DRIFT_RECALLED, DriftFacts(BIAS_DPS, True, None, True, 31.5)),
        (12, 0, DriftFacts(BIAS_DPS, True, 12.0, False, 31.5)),
    ],
    ids=["nothing", "never still", "remembered", "still before"],
)
def test_drift_is_what_the_board_tells(
    rest_age_s: int | None, flags: int, expected: DriftFacts
) -> None:
    watch = DriftWatch(None, TODAY)
    watch.hear(TemperatureMeasured(1, 31.5))
    if rest_age_s is not None:
        watch.hear(drift(rest_age_s, flags))
    assert watch.facts == expected


def test_where_the_board_tells_nothing_the_host_finds_the_drift() -> None:
    watch = DriftWatch(profile(), TODAY)
    watch.hear(SamplesReceived(still(3.0)))
    facts = watch.facts
    assert facts.bias_dps == pytest.approx((1, -2, 3), abs=0.1)
    assert (facts.by_board, facts.rest_age_s, facts.profile_days) == (False, 0.0, 5)
    assert [text.split(";")[0] for text in facts.advice] == [
        "the gyroscope's offset has moved by 3.0 deg/s since"
    ]
    moving = make.noise(119 * 5)
    moving.device_time_us[:] += 3_100_000
    watch.hear(SamplesReceived(moving))
    assert watch.facts.rest_age_s == pytest.approx(5, abs=1)


def test_a_board_that_was_never_still_is_to_be_put_down() -> None:
    watch = DriftWatch(None, TODAY)
    for start_us in range(0, 20_000_000, 1_000_000):
        moving = make.noise(119)
        moving.device_time_us[:] += start_us
        watch.hear(SamplesReceived(moving))
    assert watch.facts.advice == ("put the board down for a second: it has not lain still yet",)


@pytest.mark.parametrize("up", [(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, -1)])
def test_what_points_up_is_drawn_upwards(up: tuple[float, float, float]) -> None:
    tracker = AttitudeTracker(profile(gyr=SensorEntry(offset=(1.0, -2.0, 3.0))))
    tracker.push(still(2.0, up))
    assert tracker.rotation @ np.array(up) == pytest.approx([0, 0, 1], abs=0.02)
    assert tracker.known


def test_a_restless_board_whose_offset_nobody_knows_is_not_known_to_be_level() -> None:
    tracker = AttitudeTracker(None)
    tracker.push(make.noise(119))
    assert not tracker.known
    later = still(4.0)
    later.device_time_us[:] += 1_100_000
    tracker.push(later)
    assert tracker.known


def test_a_quaternion_is_the_rotation_that_scipy_knows() -> None:
    for rotation in Rotation.random(5, rng=np.random.default_rng(0)):
        quaternion = rotation.as_quat(scalar_first=True)
        assert rotation_of(quaternion) == pytest.approx(rotation.as_matrix())


def test_the_board_is_away_until_it_is_back_and_an_end_is_the_end() -> None:
    told = feed()
    seen = []
    for event in (LinkInterrupted("pulled out"), LinkResumed(), LinkInterrupted("again")):
        told.hear(event, LinkStatus())
        seen.append(told.facts.away)
    assert seen == ["pulled out", "", "again"]
    told.end("the recording ends here")
    assert (told.facts.away, told.facts.over) == ("", "the recording ends here")


def test_latency_is_counted_from_the_deciding_window_by_the_boards_own_clock() -> None:
    clock = BoardClock(lambda: 0.0)
    told = LiveFeed(Subject(DeviceInfo(), NAMES, None, TODAY), clock=(clock, lambda: 1007.25))
    told.hear(GestureReported(6_000_000, "a", 0.9), LinkStatus())
    for second in range(6):
        clock.update(ClockProbed(second * 1_000_000, 1000.0 + second, 1000.0 + second))
    told.hear(GestureReported(7_000_000, "a", 0.9), LinkStatus())
    assert [gesture.latency_s for gesture in told.gestures] == [None, pytest.approx(0.25, abs=1e-3)]


def test_figures_are_renewed_once_a_second_and_are_the_same_object_between() -> None:
    told = feed()
    samples = make.noise(119 * 4)
    facts = []
    for start in range(0, len(samples), 10):
        told.hear(SamplesReceived(samples.rows(slice(start, start + 10))), LinkStatus(lost=start))
        facts.append(told.facts)
    assert len({id(each) for each in facts}) == 4
    assert facts[-1].link is not None
