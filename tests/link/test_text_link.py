"""Serial links, on real devices of the operating system."""

import os
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from imu_gesture.errors import LinkError
from imu_gesture.link.link import GestureReported, LinkEvent
from imu_gesture.link.text_link import TextLink
from tests.link.lines import flat, page, samples, times_us
from tests.link.terminal import Terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")


@pytest.fixture
def board() -> Iterator[Terminal]:
    with Terminal() as terminal:
        yield terminal


def receive(link: TextLink, n: int) -> list[LinkEvent]:
    """Events until there are `n` of them, samples counted one by one."""
    events: list[LinkEvent] = []
    for event in link.events():
        events.append(event)
        if len(flat(events)) >= n:
            break
    return events


def test_what_the_board_prints_arrives(board: Terminal) -> None:
    with TextLink(board.port) as link:
        lines = samples(20)
        lines.insert(10, b"# gesture,84030,0.500,wave")
        board.say(page(lines))
        found = flat(receive(link, 21))
    assert len(found) == 21
    assert found[10] == GestureReported(84030, "wave", 0.5)


def test_the_board_is_told_to_start_and_to_stop(board: Terminal) -> None:
    with TextLink(board.port):
        assert board.hear() == b"s"
    assert board.hear() == b"x"


def test_a_stream_that_runs_already_is_joined_at_a_whole_line(board: Terminal) -> None:
    with TextLink(board.port) as link:
        board.say(b"99,0.1,0,1,0,0,0\r\n" + page(samples(3), b"\n"))
        assert times_us(receive(link, 3)) == [0, 8403, 16806]


def test_a_board_that_vanishes_is_told_after_all_it_has_said(board: Terminal) -> None:
    found: list[LinkEvent] = []
    with TextLink(board.port) as link:
        board.say(page(samples(10)))
        found += receive(link, 10)
        board.vanish()
        with pytest.raises(LinkError, match=f"{board.port}: the board is gone .*plug it in"):
            found += link.events()
    assert len(flat(found)) == 10


def test_the_port_is_free_after_the_board_has_vanished(board: Terminal) -> None:
    before = len(os.listdir("/dev/fd"))  # noqa: PTH208 - a listing, not paths
    with TextLink(board.port):
        board.vanish()
    assert len(os.listdir("/dev/fd")) == before - 1  # noqa: PTH208


@pytest.mark.parametrize("kind", ["missing", "file", "folder"])
def test_a_port_that_is_none_is_named_with_advice(kind: str, tmp_path: Path) -> None:
    path = {"missing": tmp_path / "ttyACM9", "file": tmp_path / "a", "folder": tmp_path}[kind]
    (tmp_path / "a").touch()
    with pytest.raises(LinkError, match=r"cannot be opened .*; is the board plugged in") as caught:
        TextLink(str(path)).__enter__()
    assert str(path) in str(caught.value)


def test_a_port_in_use_is_refused_and_its_user_is_not_disturbed(board: Terminal) -> None:
    with TextLink(board.port) as link:
        with pytest.raises(LinkError, match="does no other program"), TextLink(board.port):
            pass
        board.say(page(samples(3)))
        assert len(flat(receive(link, 3))) == 3
    with TextLink(board.port) as again:
        board.say(page(samples(2)))
        assert len(flat(receive(again, 2))) == 2


def test_silence_is_told(board: Terminal) -> None:
    with TextLink(board.port, silence_s=0.2) as link:
        board.say(page(samples(2)))
        found: list[LinkEvent] = []
        with pytest.raises(LinkError, match=r"nothing for 0\.2 s; .*`imu-gesture deploy`"):
            found += link.events()


def test_the_boards_own_problem_is_told(board: Terminal) -> None:
    with TextLink(board.port) as link:
        board.say(b"# error: no IMU answers on the internal I2C bus\r\n")
        with pytest.raises(LinkError, match="the board reports: no IMU answers"):
            next(link.events())


def test_another_sketch_is_noticed(board: Terminal) -> None:
    with TextLink(board.port) as link:
        board.say(b"0.01,0.02,0.98\r\n" * 150)
        with pytest.raises(LinkError, match=r"such as '0\.01,0\.02,0\.98'.*`imu-gesture deploy`"):
            list(link.events())


def test_damage_among_good_lines_does_not_end_the_link(board: Terminal) -> None:
    found: list[object] = []
    with TextLink(board.port) as link:
        events = link.events()
        for first in range(0, 150, 30):
            mixed = [part for text in samples(30, first) for part in (b"?" * 5, text)]
            board.say(page(mixed))
            found += flat(islice(events, 60))
    assert sum(isinstance(entry, tuple) for entry in found) == 150


def test_a_link_that_is_not_open_has_no_events() -> None:
    with pytest.raises(LinkError, match="not open"):
        list(islice(TextLink("COM1").events(), 1))
