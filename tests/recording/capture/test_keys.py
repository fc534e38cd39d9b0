"""Keys in the middle of guided and hands-free recordings, and repeats that are asked for again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from imu_gesture.errors import RecordingError
from imu_gesture.labels import BACKGROUND
from imu_gesture.link.link import LinkEvent, LinkInterrupted, LinkResumed, SamplesLost
from imu_gesture.recording.capture import CapturePlan, CaptureReport, Key, Source, capture
from imu_gesture.recording.mcap_file import read_recording
from imu_gesture.workflow.boards import virtual_link
from tests import make
from tests.recording.capture.board import Person, PlayedLink, packets, shaken
from tests.recording.test_activity import moving, still

PLAN = CapturePlan("push", repeats=3)
GO = "go: push ({} of 3)"


def recorded(path: Path, plan: CapturePlan, person: Person) -> CaptureReport:
    """From a virtual board in fast time; whatever is pressed, no sample is missing."""
    with virtual_link(1) as link:
        report = capture(Source(link), path, plan, person)
    samples = read_recording(path).samples
    assert np.array_equal(samples.sequence, np.arange(report.samples))
    assert make.labels_of(path) == [
        replace(label, start_s=round(label.start_s, 6), end_s=round(label.end_s, 6))
        for label in report.labels
    ]
    return report


@pytest.mark.parametrize(
    ("plan", "performed"),
    [
        pytest.param([], "1 2 3", id="no key"),
        pytest.param([(GO.format(2), "retake")], "1 2 2 3", id="retake while going"),
        pytest.param(
            [(GO.format(1), "pause"), ("paused; p goes on", "pause")], "1 1 2 3", id="pause"
        ),
        pytest.param([("3", "retake")], "1 2 3", id="nothing to retake yet"),
    ],
)
def test_a_key_repeats_what_was_spoilt(
    plan: list[tuple[str, Key]], performed: str, tmp_path: Path
) -> None:
    person = Person(*plan)
    report = recorded(tmp_path / "a.mcap", PLAN, person)
    assert [text.split()[1][1:] for text in person.gone] == performed.split()
    assert [label.name for label in report.labels] == ["push"] * 3
    assert all(a.end_s < b.start_s for a, b in zip(report.labels, report.labels[1:], strict=False))


def test_retake_in_the_countdown_takes_the_last_label_back(tmp_path: Path) -> None:
    person = Person()
    counts = 0

    def press(text: str) -> None:
        nonlocal counts
        counts += text == "2"
        if text == "2" and counts == 3:  # in the countdown before the third repeat
            person.press("retake")

    person.after = press
    report = recorded(tmp_path / "a.mcap", PLAN, person)
    assert person.gone == ["push (1 of 3)", "push (2 of 3)", "push (2 of 3)", "push (3 of 3)"]
    assert "once more: push (2 of 3)" in person.heard
    assert len(report.labels) == 3
    taken_back_s = report.labels[1].start_s - report.labels[0].end_s
    assert taken_back_s > 4.0  # the stretch of the second one that was taken back is unlabelled
    assert report.samples > 119 * 4 * 4.1


def test_a_pause_in_background_is_no_background(tmp_path: Path) -> None:
    person = Person()
    person.at_s = [(5.0, "pause"), (7.5, "pause")]
    report = recorded(tmp_path / "a.mcap", CapturePlan(BACKGROUND, seconds=8.0), person)
    first, second = report.labels
    assert second.start_s - first.end_s > 2.0
    assert sum(label.end_s - label.start_s for label in report.labels) == pytest.approx(8, abs=0.2)


def test_background_is_begun_anew_by_retake(tmp_path: Path) -> None:
    person = Person()
    person.at_s = [(6.0, "retake")]
    report = recorded(tmp_path / "a.mcap", CapturePlan(BACKGROUND, seconds=6.0), person)
    (label,) = report.labels
    assert label.end_s - label.start_s == pytest.approx(6.0, abs=0.05)
    assert label.start_s > 6.0


@pytest.mark.parametrize("gesture", ["push", "circle"])
def test_hands_free_counts_and_obeys(gesture: str, tmp_path: Path) -> None:
    plan = CapturePlan(gesture, repeats=4, hands_free=True)
    person = Person()
    report = recorded(tmp_path / "a.mcap", plan, person)
    assert person.heard[1:] == ["1 of 4", "2 of 4", "3 of 4", "4 of 4"]
    assert [label.name for label in report.labels] == [gesture] * 4


def test_hands_free_takes_the_last_one_back(tmp_path: Path) -> None:
    plan = CapturePlan("push", repeats=3, hands_free=True)
    person = Person(("1 of 3", "retake"))
    with virtual_link(1) as link:
        link.cue("push")  # one more than is asked for
        report = capture(Source(link), tmp_path / "a.mcap", plan, person)
    assert person.heard[1:] == ["1 of 3", "once more: 0 of 3", "1 of 3", "2 of 3", "3 of 3"]
    assert len(report.labels) == 3


def test_hands_free_ends_when_nothing_moves_for_a_minute(tmp_path: Path) -> None:
    link = PlayedLink(packets(still(9000)))
    plan = CapturePlan("push", repeats=3, hands_free=True)
    report = capture(Source(link), tmp_path / "a.mcap", plan)
    assert report.warnings == ("nothing has moved for 60 s; that was all",)
    assert read_recording(tmp_path / "a.mcap").samples.duration_s == pytest.approx(60, abs=2)


def test_a_repeat_in_which_nothing_moved_is_asked_for_again(tmp_path: Path) -> None:
    at = [round(s * 119) for s in (3.4, 4.6, 11.6, 12.8)]  # in the first go, and in the third
    samples = moving(moving(still(2500), at[0], at[1], 1, 200), at[2], at[3], 1, 200)
    person = Person()
    plan = CapturePlan("push", repeats=2)
    report = capture(Source(PlayedLink(packets(samples))), tmp_path / "a.mcap", plan, person)
    assert person.gone == ["push (1 of 2)", "push (2 of 2)", "push (2 of 2)"]
    assert person.heard.count("nothing moved; once more, after `go`") == 1
    assert len(report.labels) == 2


def test_nothing_moves_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    with pytest.raises(RecordingError, match="nothing moved in 3 repeats of push; is this the"):
        capture(Source(PlayedLink(packets(still(3000)))), path, PLAN)
    assert len(read_recording(path).samples) > 1000
    assert make.labels_of(path) == []


def test_losses_and_clipping_of_a_repeat_are_said(tmp_path: Path) -> None:
    events = packets(shaken(1200))
    at = round(4.0 * 119 / 10)  # in the first go
    link = PlayedLink([*events[:at], SamplesLost(7), *events[at:]])
    link.info = link.info.model_copy(update={"acc_range_g": 1.0, "gyr_range_dps": 2000.0})
    person = Person()
    report = capture(Source(link), tmp_path / "a.mcap", CapturePlan("push", 2), person)
    assert report.lost == 7
    assert person.heard.count("7 samples of it were lost; r takes it again") == 1
    clipped = "the accelerometer was at its range; with less vigour, r takes it again"
    assert person.heard.count(clipped) == 2


def test_a_repeat_during_which_the_board_was_away_is_asked_for_again(tmp_path: Path) -> None:
    events = packets(shaken(2000))
    at = round(4.0 * 119 / 10)
    away: list[LinkEvent] = [LinkInterrupted("pulled"), LinkResumed()]
    person = Person()
    link = PlayedLink([*events[:at], *away, *events[at:]])
    report = capture(Source(link), tmp_path / "a.mcap", CapturePlan("push", 2), person)
    assert person.gone == ["push (1 of 2)", "push (1 of 2)", "push (2 of 2)"]
    assert "the board was away in between; once more" in person.heard
    assert len(report.labels) == 2
