"""The thread behind the live window: what it outlives, and what ends it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Self

import pytest

from imu_gesture.device import DeviceInfo
from imu_gesture.errors import BoardError, LinkError
from imu_gesture.link.link import LinkEvent, LinkInterrupted, LinkStatus, MarkReported
from imu_gesture.link.patient import PatientLink
from imu_gesture.live.live_feed import LiveFeed, Subject
from imu_gesture.recording.capture.source import Source
from imu_gesture.recording.replay_link import ReplayLink
from imu_gesture.workflow.boards import virtual_link
from imu_gesture.workflow.live_session import LiveSession
from tests import make
from tests.screen import wait_until

SUBJECT = Subject(DeviceInfo(), ("a", "b"), 100_000, None, date(2026, 11, 25))


class Unlucky:
    """A link whose board is lost for good as often as there are errors; then it says no more."""

    info = DeviceInfo()
    status = LinkStatus()

    def __init__(self, *errors: Exception) -> None:
        self._errors = list(errors)
        self._said = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def cue(self, label: str) -> None:
        raise AssertionError(label)

    def events(self) -> Iterator[LinkEvent]:
        self._said += 1
        yield MarkReported(self._said, 1)
        if self._errors:
            raise self._errors.pop(0)


def test_a_board_that_stays_away_is_waited_for_again() -> None:
    link = PatientLink(Unlucky(LinkError("pulled out"), LinkError("still out")))
    assert list(link.events()) == [
        *(MarkReported(1, 1), LinkInterrupted("pulled out")),
        *(MarkReported(2, 1), LinkInterrupted("still out")),
        MarkReported(3, 1),
    ]


def test_a_board_that_cannot_be_worked_with_is_not() -> None:
    link = PatientLink(Unlucky(LinkError("pulled out"), BoardError("another board")))
    heard: list[LinkEvent] = []
    with pytest.raises(BoardError, match="another board"):
        heard.extend(link.events())
    assert isinstance(link.info, DeviceInfo)


def ended(link: Unlucky | ReplayLink, seconds: float | None = None) -> tuple[LiveSession, LiveFeed]:
    """After the thread has come to its end."""
    feed = LiveFeed(SUBJECT)
    session = LiveSession(Source(PatientLink(link)), feed, lambda _: None, seconds)
    with session:
        wait_until(lambda: bool(feed.facts.over), "the end")
    return session, feed


def test_the_end_of_what_is_played_back_is_told_and_no_error(tmp_path: Path) -> None:
    path = make.write(tmp_path, "r", make.noise(200), [])
    with ReplayLink(path) as link:
        session, feed = ended(link)
    session.check()
    assert not session.over
    assert feed.facts.over == "that was all: the recording ends here"
    assert feed.newest_us == make.noise(200).device_time_us[-1]


def test_so_many_seconds_are_over(tmp_path: Path) -> None:
    path = make.write(tmp_path, "r", make.noise(400), [])
    with ReplayLink(path) as link:
        session, feed = ended(link, seconds=1.0)
    assert session.over
    assert feed.newest_us == pytest.approx(1_000_000, abs=10_000)


def test_what_ended_it_is_told_and_raised_afterwards() -> None:
    session, feed = ended(Unlucky(BoardError("another board")))
    assert feed.facts.over == "another board"
    with pytest.raises(BoardError, match="another board"):
        session.check()


def test_it_ends_when_it_is_left() -> None:
    with virtual_link(0, real_time=True) as link:
        feed = LiveFeed(SUBJECT)
        heard: list[LinkEvent] = []
        with LiveSession(Source(link), feed, heard.append) as session:
            wait_until(lambda: feed.newest_us > 0, "samples")
        count = len(heard)
        list(link.finish())
    session.check()
    assert len(heard) == count
