"""What the keys of the live window leave in the workspace, and that `train` takes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from imu_gesture.dataset.dataset import cut_windows
from imu_gesture.dataset.trust import load_trusted
from imu_gesture.dataset.windows import WindowSpec
from imu_gesture.link.link import (
    GestureReported,
    LinkStatus,
    MarkReported,
)
from imu_gesture.live.live_feed import LiveFeed, Subject
from imu_gesture.recording.capture.plan import CapturePlan
from imu_gesture.recording.capture.source import Source
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import read_recording, write_recording
from imu_gesture.recording.recording import Logged, Recording
from imu_gesture.recording.replay_link import ReplayLink
from imu_gesture.samples import Samples
from imu_gesture.workflow.keeping import Keeper
from imu_gesture.workspace import Workspace
from tests import make

NAMES = ("circle", "wave", "background")
PLAN = CapturePlan("live", participant="ann", session="s1")
SAMPLES, _ = make.gestures(["wave"], pause_s=3.0)
SPEC = WindowSpec(20_000, 48, 5, 6)
PREDICTED = GestureReported(4_000_000, "circle", 0.75)  # the gesture is at 3 to 4 s


@dataclass
class Board:
    """A keeper on a recording that is played back, gesture included."""

    keeper: Keeper
    source: Source
    feed: LiveFeed
    workspace: Workspace

    def play(self, until_s: float = np.inf) -> None:
        for event in self.source:
            self.keeper.hear(event)
            self.feed.hear(event, LinkStatus())
            if self.feed.newest_us >= until_s * 1e6:
                return

    @property
    def recordings(self) -> list[Path]:
        return sorted(self.workspace.recordings.glob("*.mcap"))

    @property
    def message(self) -> str:
        return self.keeper.notices.now.message


@contextmanager
def played(folder: Path, samples: Samples = SAMPLES, *, reported: bool = True) -> Iterator[Board]:
    """A recording in which the board took the wave for a circle, or reported nothing."""
    row = int(np.searchsorted(samples.device_time_us, PREDICTED.device_time_us))
    log = (Logged(PREDICTED, row, 0),) if reported else ()
    path = folder / "played.mcap"
    write_recording(path, Recording(samples, RecordingInfo(device_id="board-7"), log))
    with ReplayLink(path) as link:
        source = Source(link)
        feed = LiveFeed(Subject(link.info, NAMES, 100_000, None, date(2026, 11, 25)))
        workspace = Workspace(folder / "workspace")
        yield Board(Keeper(source, feed, workspace, PLAN, NAMES), source, feed, workspace)


def test_a_wrong_gesture_becomes_a_labelled_clip_with_what_was_predicted(tmp_path: Path) -> None:
    with played(tmp_path) as board:
        board.play()
        board.keeper.ask_what_it_was()
        assert board.keeper.notices.now.question == "that was not circle; it was"
        assert board.keeper.notices.now.choices == (
            *(("2", "wave"), ("0", "nothing (background)"), ("w", "leave it")),
        )
        board.keeper.choose("2")
    (path,) = board.recordings
    assert path.name == "wrong-wave-ann-s1.mcap"
    assert path.name in board.message
    clip = read_recording(path)
    assert (clip.info.device_id, clip.info.participant, clip.info.session) == (
        "board-7",
        "ann",
        "s1",
    )
    assert (clip.info.predicted, clip.info.predicted_score) == ("circle", 0.75)
    assert (clip.info.predicted_at_us, clip.info.predicted_by) == (4_000_000, "board")
    assert clip.events == (PREDICTED,)
    first_us, last_us = (int(clip.samples.device_time_us[end]) for end in (0, -1))
    assert (first_us, last_us) == pytest.approx((1_000_000, 5_000_000), abs=20_000)
    part = (SAMPLES.device_time_us >= first_us) & (SAMPLES.device_time_us <= last_us)
    assert clip.samples.device_time_us.tolist() == SAMPLES.device_time_us[part].tolist()
    assert np.array_equal(clip.samples.acc_g, SAMPLES.acc_g[part])
    (label,) = make.labels_of(path)
    assert label.name == "wave"
    assert (label.start_s, label.end_s) == pytest.approx((2.0, 3.0), abs=0.2)


@pytest.mark.parametrize(
    ("key", "label", "windows"), [("2", "wave", 1), ("0", "background", 3)], ids=["wave", "nothing"]
)
def test_the_next_training_learns_from_it(
    tmp_path: Path, key: str, label: str, windows: int
) -> None:
    with played(tmp_path) as board:
        board.play()
        board.keeper.ask_what_it_was()
        board.keeper.choose(key)
    trusted = load_trusted(board.workspace.recording_files())
    assert [r.labels[0].name for r in trusted.recordings] == [label]
    dataset = cut_windows(trusted.recordings, SPEC, streaming=False)
    assert dataset.label_names == (label,)
    assert len(dataset) == windows


def test_a_gesture_that_was_missed_can_be_named_too(tmp_path: Path) -> None:
    with played(tmp_path, reported=False) as board:
        board.play(until_s=4.5)
        board.keeper.ask_what_it_was()
        assert board.keeper.notices.now.question == "nothing was reported; it was"
        board.keeper.choose("2")
    (path,) = board.recordings
    clip = read_recording(path)
    assert (clip.info.predicted, clip.info.predicted_score, clip.info.predicted_by) == (
        "",
        None,
        None,
    )
    (label,) = make.labels_of(path)
    assert clip.samples.device_time_us[0] * 1e-6 + label.start_s == pytest.approx(3.0, abs=0.2)


def test_the_clip_is_of_when_the_key_was_pressed_however_long_the_answer_takes(
    tmp_path: Path,
) -> None:
    with played(tmp_path) as board:
        board.play(until_s=4.2)
        board.keeper.ask_what_it_was()
        board.play()
        board.keeper.choose("2")
    (path,) = board.recordings
    ends_us = read_recording(path).samples.device_time_us[-1]
    assert ends_us == pytest.approx(4_200_000, abs=30_000)


def test_what_was_right_before_is_not_in_the_background(tmp_path: Path) -> None:
    with played(tmp_path) as board:
        board.feed.hear(GestureReported(3_000_000, "wave", 0.9), LinkStatus())
        board.play()
        board.keeper.ask_what_it_was()
        board.keeper.choose("0")
    (path,) = board.recordings
    (label,) = make.labels_of(path)
    start_s = read_recording(path).samples.device_time_us[0] * 1e-6
    assert (start_s + label.start_s, start_s + label.end_s) == pytest.approx((3.3, 5.0), abs=0.02)


def test_after_a_while_it_is_something_that_was_missed(tmp_path: Path) -> None:
    samples, _ = make.gestures(["wave"], pause_s=6.0)
    early = replace(PREDICTED, device_time_us=1_000_000)
    with played(tmp_path, samples, reported=False) as board:
        board.feed.hear(early, LinkStatus())
        board.play(until_s=7.2)
        board.keeper.ask_what_it_was()
        assert board.keeper.notices.now.question == "nothing was reported; it was"


def leave_it(keeper: Keeper) -> None:
    keeper.ask_what_it_was()
    keeper.ask_what_it_was()
    keeper.choose("2")


def same_again(keeper: Keeper) -> None:
    keeper.ask_what_it_was()
    keeper.choose("1")  # circle, which is what was reported


def unasked(keeper: Keeper) -> None:
    keeper.choose("2")


@pytest.mark.parametrize("act", [leave_it, same_again, unasked])
def test_no_clip_is_kept(tmp_path: Path, act: Callable[[Keeper], None]) -> None:
    with played(tmp_path) as board:
        board.play()
        act(board.keeper)
    assert board.recordings == []


def test_stillness_is_no_gesture(tmp_path: Path) -> None:
    n = 119 * 6
    still = make.samples(np.tile([0.0, 0.0, 1.0], (n, 1)), np.zeros((n, 3)))
    with played(tmp_path, still) as board:
        board.play()
        board.keeper.ask_what_it_was()
        board.keeper.choose("2")
    assert board.recordings == []
    assert board.keeper.notices.now.bad
    assert board.message == "not kept: nothing moved, so it was no wave"


def test_a_recording_holds_marks_and_what_the_board_reported(tmp_path: Path) -> None:
    with played(tmp_path) as board:
        board.play(until_s=1.0)
        board.keeper.toggle_recording()
        assert board.keeper.notices.now.recording == "live-ann-s1.mcap"
        board.play(until_s=4.5)
        board.keeper.mark()
        assert board.message == f"marked at {board.feed.newest_us * 1e-6:.2f} s"
        board.play(until_s=5.0)
        board.keeper.toggle_recording()
        board.play()
    assert board.keeper.notices.now.recording == ""
    (path,) = board.recordings
    assert path.name in board.message
    found = read_recording(path)
    assert [type(event) for event in found.events] == [GestureReported, MarkReported]
    mark = found.events[1]
    assert isinstance(mark, MarkReported)
    assert mark.device_time_us * 1e-6 == pytest.approx(4.5, abs=0.05)
    times_s = found.samples.device_time_us * 1e-6
    assert (times_s[0], times_s[-1]) == pytest.approx((1.0, 5.0), abs=0.05)
    assert make.labels_of(path) == []
    assert len(load_trusted([path]).recordings) == 1


def test_a_recording_in_which_nothing_came_leaves_nothing(tmp_path: Path) -> None:
    with played(tmp_path) as board:
        board.keeper.toggle_recording()
        board.keeper.toggle_recording()
    assert list(board.workspace.recordings.iterdir()) == []
    assert board.keeper.notices.now.bad


def test_a_mark_needs_a_recording(tmp_path: Path) -> None:
    with played(tmp_path) as board:
        board.play()
        board.keeper.mark()
    assert "press r first" in board.message


@pytest.mark.parametrize("key", ["r", "w"])
def test_a_folder_that_cannot_be_written_is_told_and_no_end(tmp_path: Path, key: str) -> None:
    with played(tmp_path) as board:
        board.workspace.root.mkdir()
        board.workspace.recordings.write_text("in the way")
        board.play()
        if key == "r":
            board.keeper.toggle_recording()
        else:
            board.keeper.ask_what_it_was()
            board.keeper.choose("2")
    assert board.keeper.notices.now.bad
    assert "recordings" in board.message


def test_before_any_sample_there_is_nothing_to_name(tmp_path: Path) -> None:
    with played(tmp_path) as board:
        board.keeper.ask_what_it_was()
    assert board.message == "no samples have come yet"
    assert board.keeper.notices.now.question == ""
