"""What the live window is told: scores, gestures, drift, link, by a board or by made-up events."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from imu_gesture import _core
from imu_gesture.calibration.profile import Profile, SensorEntry
from imu_gesture.deploy import demonstration
from imu_gesture.deploy.manifest import read_run
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

TODAY = date(2026, 11, 25)
NAMES = ("a", "b")
HOP_US = 100


def feed(profile: Profile | None = None) -> LiveFeed:
    return LiveFeed(Subject(DeviceInfo(), NAMES, HOP_US, profile, TODAY))


def still(seconds: float, up: tuple[float, float, float] = (0.0, 0.0, 1.0)) -> Samples:
    rng = np.random.default_rng(0)
    n = round(seconds * 119)
    return make.samples(rng.normal(up, 0.002, (n, 3)), rng.normal((1, -2, 3), 0.1, (n, 3)))


def profile(**changes: object) -> Profile:
    entries = {"device_id": "board", "date": "2026-11-20", "method": "test"}
    return Profile.model_validate(entries | changes)


def told_by_a_board(
    seconds: float,
    listens_from_us: int = 0,
    calibration: _core.CalibrationParams | None = None,
    reports: list[Recognition] | None = None,
) -> LiveFeed:
    """The demonstration's, whose host hears no samples before it listens."""
    manifest, tflite = read_run(demonstration.FOLDER)
    with virtual_link(0, (manifest, tflite)) as link:
        link.ask_for_scores()
        subject = Subject(link.info, manifest.label_names, 100_000, None, TODAY)
        told = LiveFeed(subject, HostRecogniser(manifest, tflite, calibration))
        told.on_report = None if reports is None else reports.append
        for event in until(link.events(), seconds):
            samples = event.samples if isinstance(event, SamplesReceived) else None
            if not samples or samples.device_time_us[0] >= listens_from_us:
                told.hear(event, link.status)
    return told


def test_a_host_that_hears_every_sample_tells_the_same_bits() -> None:
    reports: list[Recognition] = []
    told = told_by_a_board(20.0, reports=reports)
    scores = told.scores
    assert sorted(report.by for report in reports) == sorted(["board", "host"] * len(told.gestures))
    assert scores.compared > 150
    assert (scores.same, scores.differing) == (scores.compared, 0)
    assert len(scores.board) == len(scores.names)
    assert [gesture.by for gesture in told.gestures] == ["both"] * len(told.gestures) != []
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


def test_a_host_that_comes_later_cuts_other_windows_and_is_alike() -> None:
    """A real board has been running for a while: its grid of windows is another."""
    told = told_by_a_board(60.0, listens_from_us=2_345_678)
    scores = told.scores
    assert scores.compared > 400
    assert scores.same < scores.compared / 2
    assert scores.differing <= 0.01 * scores.compared
    known = [gesture for gesture in told.gestures if gesture.device_time_us > 4_000_000]
    assert [gesture.by for gesture in known] == ["both"] * len(known) != []


def test_a_host_that_sees_other_axes_is_not_alike() -> None:
    swapped = _core.AffineParams(np.eye(3, dtype=np.float32)[[1, 0, 2]], np.zeros(3, np.float32))
    told = told_by_a_board(30.0, 2_345_678, _core.CalibrationParams(swapped, swapped))
    assert told.scores.differing > 0.1 * told.scores.compared > 10
    assert {gesture.by for gesture in told.gestures} >= {"board"}


def scores(time_us: int, *shares: float) -> ScoresReported:
    return ScoresReported(time_us, shares)


B, H = "board", "host"
LATER = (H, scores(900, 0.5, 0.5))  # so that the host has seen enough


@pytest.mark.parametrize(
    ("heard", "compared", "same", "differs"),
    [
        ([], 0, 0, frozenset()),
        ([(B, scores(1, 0.5, 0.5))], 0, 0, frozenset()),
        ([(B, scores(1, 0.5, 0.5)), (H, scores(1, 0.5, 0.5))], 0, 0, frozenset()),
        ([(B, scores(1, 0.5, 0.5)), (H, scores(1, 0.5, 0.5)), LATER], 1, 1, frozenset()),
        ([(H, scores(1, 0.5, 0.5)), LATER, (B, scores(1, 0.5, 0.25))], 1, 0, frozenset({1})),
        ([(H, scores(1, 0.5, 0.5)), (B, scores(1, 0.5, 0.35)), LATER], 1, 0, frozenset()),
        (
            [(H, scores(1, 0, 1)), (B, scores(60, 0.4, 0.6)), (H, scores(110, 1, 0)), LATER],
            *(1, 0, frozenset()),
        ),
        ([(H, scores(1, 0, 1)), (B, scores(300, 0.4, 0.6)), LATER], 0, 0, frozenset()),
        ([(H, scores(1, 0, 0)), (B, scores(1, 0.5, 0.25, 0.25)), LATER], 0, 0, frozenset()),
        (
            [(H, scores(t, 0, 0)) for t in range(900, 1100)] + [(B, scores(1, 0, 1))],
            *(0, 0, frozenset()),
        ),
    ],
    ids=[
        *("none", "one", "too early", "same", "other", "nearly", "on its way", "in a gap"),
        *("another model", "too late"),
    ],
)
def test_scores_are_compared_with_those_around_them(
    heard: list[tuple[str, ScoresReported]], compared: int, same: int, differs: frozenset[int]
) -> None:
    book = ScoreBook(NAMES, HOP_US)
    for side, event in heard:
        (book.hear_board if side == B else book.hear_host)(event)
    shown = book.shown
    assert (shown.compared, shown.same, shown.differs) == (compared, same, differs)
    assert shown.differing == bool(differs)


def test_a_report_of_both_is_one_gesture_with_the_boards_score_and_latency() -> None:
    found = GestureList()
    for recognition, latency_s in (
        (Recognition(1_000_000, "a", 0.8, "host"), 0.01),
        (Recognition(1_100_000, "a", 0.9, "board"), 0.02),
        (Recognition(2_000_000, "a", 0.7, "board"), 0.03),
        (Recognition(2_000_000, "b", 0.7, "host"), 0.04),
        (Recognition(2_500_000, "a", 0.7, "host"), 0.05),
    ):
        found.add(recognition, latency_s)
    assert found.shown == (
        ShownGesture(1_100_000, "a", 0.9, "both", 0.02),
        ShownGesture(2_000_000, "a", 0.7, "board", 0.03),
        ShownGesture(2_000_000, "b", 0.7, "host", 0.04),
        ShownGesture(2_500_000, "a", 0.7, "host", 0.05),
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
    told = LiveFeed(
        Subject(DeviceInfo(), NAMES, HOP_US, None, TODAY), clock=(clock, lambda: 1007.25)
    )
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
