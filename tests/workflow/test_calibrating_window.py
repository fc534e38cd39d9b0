"""The thread behind the calibration window: what ends it, and what is left then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from imu_gesture.calibration.guided import Stage
from imu_gesture.calibration.profile import Profile
from imu_gesture.errors import CalibrationError
from imu_gesture.link.link import LinkEvent
from imu_gesture.recording.replay_link import ReplayLink
from imu_gesture.workflow.boards import dancing_link
from imu_gesture.workflow.calibrating_window import Leader, Task
from tests import make
from tests.screen import wait_until

DATE = "2026-11-25"


def full_disk(_: Profile) -> str:
    raise OSError(28, "No space left on device", "calibration/board.json")


def gone_wrong(_: Profile) -> str:
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("keep", "error", "said"),
    [
        (full_disk, OSError, "No space left on device"),
        (gone_wrong, ZeroDivisionError, "ZeroDivisionError"),
    ],
)
def test_a_profile_that_cannot_be_kept_is_told_and_raised_afterwards(
    keep: Callable[[Profile], str], error: type[Exception], said: str
) -> None:
    with dancing_link(3) as link:
        leader = Leader(link, Task(DATE, keep))
        with leader:
            wait_until(lambda: bool(leader.feed.state.problem), "the problem")
            assert said in leader.feed.state.problem
    with pytest.raises(error):
        leader.result()


def test_leaving_before_the_end_leaves_nothing() -> None:
    with dancing_link(3, real_time=True) as link:
        leader = Leader(link, Task(DATE, lambda _: pytest.fail("kept")))
        with leader:
            wait_until(lambda: len(leader.feed.traces()["acc"][0]) > 10, "samples")
    with pytest.raises(KeyboardInterrupt):
        leader.result()


def test_a_profile_outlives_a_later_attempt_that_is_broken_off() -> None:
    kept: list[Profile] = []

    def keep(profile: Profile) -> str:
        kept.append(profile)
        return "kept"

    with dancing_link(3) as link:
        leader = Leader(link, Task(DATE, keep))
        with leader:
            wait_until(lambda: leader.feed.state.kept == "kept", "the profile")
            leader.feed.start_again()
            wait_until(lambda: leader.feed.state.guidance.stage is not Stage.DONE, "a new start")
    assert leader.result() is kept[0]


class CountedReplay(ReplayLink):
    """Knows how often it was played."""

    played = 0

    def events(self) -> Iterator[LinkEvent]:
        self.played += 1
        return super().events()


def test_a_recording_that_ends_early_can_be_played_again(tmp_path: Path) -> None:
    short = make.write(tmp_path, "short", make.noise(119 * 3), [])
    with CountedReplay(short) as link:
        leader = Leader(link, Task(DATE, lambda _: ""))
        with leader:
            wait_until(lambda: bool(leader.feed.state.problem), "the end")
            assert "the samples ended before the calibration did" in leader.feed.state.problem
            leader.feed.start_again()
            wait_until(lambda: link.played == 2, "the second start")
            wait_until(lambda: bool(leader.feed.state.problem), "the second end")
    with pytest.raises(CalibrationError, match="the samples ended"):
        leader.result()
