"""What the live window says, in words."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from imu_gesture.device import DeviceInfo
from imu_gesture.link.link import LinkStatus
from imu_gesture.live import live_text as words
from imu_gesture.live import theme
from imu_gesture.live.drift_facts import DriftFacts
from imu_gesture.live.gesture_list import By, ShownGesture
from imu_gesture.live.live_feed import Facts
from imu_gesture.live.notices import Notice, Notices
from imu_gesture.live.score_book import ShownScores
from imu_gesture.live.thresholds import Thresholds
from imu_gesture.recording.capture.meter import LinkView

INFO = DeviceInfo(source="/dev/ttyACM0", device_id="0123456789abcdef", board="nano33ble-rev2")
NAMES = ("wave", "background")


@pytest.mark.parametrize(
    ("info", "said"),
    [
        (INFO, "nano33ble-rev2 01234567   model 1"),
        (INFO.model_copy(update={"firmware": "0.1.2"}), "01234567   firmware 0.1.2   model 1"),
        (DeviceInfo(source="/dev/ttyACM0"), "/dev/ttyACM0   model 1"),
    ],
)
def test_the_header_tells_what_is_known(info: DeviceInfo, said: str) -> None:
    assert words.header(info, "model 1").endswith(said)


@pytest.mark.parametrize(
    ("gestures", "now_us", "said"),
    [
        ([], 0, "\N{EN DASH}"),
        ([ShownGesture(1_000_000, "wave", 0.934, "board")], 1_500_000, "wave  93%"),
        ([ShownGesture(1_000_000, "wave", 0.934, "board")], 9_000_000, "\N{EN DASH}"),
    ],
    ids=["none", "just now", "long ago"],
)
def test_the_headline_is_the_gesture_of_this_moment(
    gestures: Sequence[ShownGesture], now_us: int, said: str
) -> None:
    assert words.headline(gestures, now_us) == said


@pytest.mark.parametrize(
    ("by", "host_asked", "said"),
    [
        ("both", True, "both"),
        ("board", True, "✘ board"),
        ("host", True, "✘ host"),
        ("board", False, "board"),
        ("window", True, "window"),
    ],
)
def test_what_only_one_of_the_two_reported_is_marked(by: By, host_asked: bool, said: str) -> None:
    gesture = ShownGesture(12_345_678, "wave", 0.9, by, 0.0426)
    cells = words.gesture_cells(gesture, host_asked)
    assert cells == ("12.35 s", "wave", "90%", "43 ms", said)


def test_a_latency_that_is_not_known_is_left_out() -> None:
    assert words.gesture_cells(ShownGesture(0, "wave", 0.9, "board"), False)[3] == ""


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        (ShownScores(NAMES), ""),
        (ShownScores(NAMES, board=(1, 0)), "the board's scores"),
        (ShownScores(NAMES, host=(1, 0)), "the host's scores: the board sends none"),
        (ShownScores(NAMES, (1, 0), (1, 0), 9, 9), "the board's; ✔ host the same in 9 windows"),
        (ShownScores(NAMES, (1, 0), (1, 0), 9, 1), "the board's; ✔ host alike in 9 windows"),
        (ShownScores(NAMES, (1, 0), (1, 0), 9, 7, 2), "the board's; ✘ host differs in 2 of 9"),
    ],
)
def test_it_says_whose_scores_they_are_and_how_well_both_agree(
    scores: ShownScores, said: str
) -> None:
    assert words.agreement(scores) == said


@pytest.mark.parametrize(
    ("drift", "values", "advice"),
    [
        (
            DriftFacts(),
            ["not known yet", "never at rest yet", "not known", "none"],
            "▶ not calibrated: run imu-gesture calibrate",
        ),
        (
            DriftFacts((1.23, -4.0, 0.0), True, 12.4, False, 31.24, 0),
            ["1.2, -4.0, 0.0", "12 s ago, at rest", "31.2 °C", "of today"],
            "✔ the profile holds",
        ),
        (
            DriftFacts((0.0, 0.0, 0.0), True, None, True, None, 200, ("calibrate again", "x")),
            ["0.0, 0.0, 0.0", "before the start", "not known", "200 days old"],
            "▶ calibrate again",
        ),
        (
            DriftFacts(profile_days=1),
            ["not known yet", "never at rest yet", "not known", "1 day old"],
            "✔ the profile holds",
        ),
    ],
    ids=["nothing", "good", "recalled", "a day"],
)
def test_drift_in_words(drift: DriftFacts, values: list[str], advice: str) -> None:
    rows = words.drift_rows(drift)
    assert [value for _, value in rows] == values
    assert len(rows) == words.DRIFT_ROWS
    assert words.drift_advice(drift) == advice


def view(rate_hz: float | None, status: LinkStatus, at_fault: int = 0) -> LinkView:
    return LinkView("b", rate_hz, 0.01 * at_fault, None, status, at_fault, at_fault, False)


@pytest.mark.parametrize(
    ("link", "rows"),
    [
        (None, []),
        (view(None, LinkStatus()), [("rate", "not known"), ("lost", "0")]),
        (view(118.96, LinkStatus(lost=3)), [("rate", "119.0 Hz"), ("lost", "3")]),
        (
            view(99.8, LinkStatus(3, 4, -71), 2),
            [
                *(("rate", "99.8 Hz"), ("lost", "3"), ("damaged", "4"), ("on board", "4 lost")),
                *(("signal", "-71 dBm"), ("clipped", "2.0%")),
            ],
        ),
    ],
    ids=["nothing", "silent", "good", "bad radio"],
)
def test_the_link_in_words(link: LinkView | None, rows: list[tuple[str, str]]) -> None:
    assert words.link_rows(link) == rows
    assert len(rows) <= words.LINK_ROWS


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (Facts(), ""),
        (Facts(away="pulled out"), "board lost, waiting for it\n\npulled out"),
        (Facts(over="the end"), "the end"),
    ],
)
def test_the_curtain_says_why_nothing_comes(facts: Facts, said: str) -> None:
    assert words.away(facts) == said


def test_a_question_names_its_keys_and_goes_away() -> None:
    notices = Notices()
    assert words.question(notices.now) == ""
    notices.ask("it was", [("1", "wave"), ("0", "nothing")])
    assert words.question(notices.now) == "it was\n\n[1]  wave\n[0]  nothing"
    notices.say("kept")
    notices.ask("")
    assert notices.now == Notice("kept")


@pytest.mark.parametrize(
    ("width", "said"), [(1000, "gesture"), (39.2, "gesture"), (28.1, "gest…"), (0, "g…")]
)
def test_a_name_without_room_is_cut_and_says_so(width: float, said: str) -> None:
    assert theme.shortened("gesture", width, size=10) == said


def test_thresholds_move_within_their_bounds_and_never_stays_never() -> None:
    thresholds = Thresholds([179, 256])
    assert (thresholds.share(0), thresholds.share(1)) == (179 / 256, None)
    seen = []
    for place, share in ((0, 0.5), (0, -1.0), (0, 2.0), (1, 0.5)):
        thresholds.move(place, share)
        seen.append(thresholds.levels)
    assert seen == [(128, 256), (1, 256), (255, 256), (255, 256)]


def test_thresholds_that_are_kept_are_the_runs() -> None:
    thresholds = Thresholds([179, 256])
    moved = [thresholds.moved]
    thresholds.move(0, 0.5)
    moved.append(thresholds.moved)
    thresholds.keep()
    moved.append(thresholds.moved)
    assert moved == [False, True, False]
