"""Boards that print text, on real devices of the operating system."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from imu_gesture.errors import BoardError, LinkError
from imu_gesture.link.link import (
    LineDamaged,
    LinkEvent,
    LinkInterrupted,
    LinkResumed,
    SamplesLost,
    SamplesReceived,
)
from imu_gesture.link.serial_port import SerialPort
from imu_gesture.link.text.columns import parse_columns
from imu_gesture.link.text.link import TextLink
from imu_gesture.samples import concatenate
from tests.link.lines import TIMED, flat, page, samples, times_us
from tests.link.terminal import Terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")


@pytest.fixture
def board() -> Iterator[Terminal]:
    with Terminal() as terminal:
        yield terminal


def open_text(port: str | Path, columns: str | None = TIMED, silence_s: float = 5.0) -> TextLink:
    declared = parse_columns(columns) if columns else None
    return TextLink(SerialPort(str(port)), declared, silence_s, patience_s=1.0)


@contextmanager
def printing(board: Terminal, text: bytes, every_s: float = 0.01) -> Iterator[None]:
    """The board prints a text again and again."""
    ending = threading.Event()

    def print_on() -> None:
        while not ending.wait(every_s):
            board.say(text)

    thread = threading.Thread(target=print_on)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()


def receive(link: TextLink, n: int) -> list[LinkEvent]:
    """Events until there are `n` of them, samples counted one by one."""
    events: list[LinkEvent] = []
    for event in link.events():
        events.append(event)
        if len(flat(events)) >= n:
            break
    return events


def test_what_the_board_prints_arrives_and_nothing_is_sent_to_it(board: Terminal) -> None:
    with open_text(board.port) as link:
        assert link.info.time_source == "device"
        board.say(page(samples(20)))
        assert len(flat(receive(link, 20))) == 20
    assert board.hear(0.05) == b""


def test_a_stream_that_runs_already_is_joined_at_a_whole_line(board: Terminal) -> None:
    with open_text(board.port) as link:
        board.say(b"99,0.1,0,1,0,0,0\r\n" + page(samples(3), b"\n"))
        assert times_us(receive(link, 3)) == [0, 8403, 16806]


def test_the_sketchs_own_header_will_do(board: Terminal) -> None:
    with printing(board, b"aX\taY\taZ\tmillis\r\n" + b"1\t2\t3\t40\r\n" * 3, 0.05):
        with open_text(board.port, columns=None) as link:
            found = receive(link, 3)
        assert link.info.time_source == "device"
    assert set(times_us(found)) == {40_000}
    assert isinstance(found[0], SamplesReceived)


def test_without_times_the_rate_is_measured(board: Terminal) -> None:
    with printing(board, b"0.1 0.2 0.98\r\n"), open_text(board.port, "ax,ay,az") as link:
        assert (link.info.time_source, link.rate_hz) == ("rate", None)
        found = receive(link, 200)
        assert link.rate_hz is not None
        assert 50 < link.rate_hz < 105
    received = concatenate([e.samples for e in found if isinstance(e, SamplesReceived)])
    steps_us = np.diff(received.device_time_us)
    assert steps_us.mean() == pytest.approx(1e6 / link.rate_hz, rel=0.02)
    assert np.ptp(steps_us) < 0.2 * steps_us.mean()  # lines are read in heaps of two or three


def test_a_board_that_is_plugged_in_again_goes_on_behind_a_gap(tmp_path: Path) -> None:
    port = tmp_path / "ttyACM0"
    with Terminal() as first, Terminal() as second:
        port.symlink_to(first.port)
        with open_text(port) as link:
            events = link.events()
            first.say(page(samples(10)) + b"84030,0.1,")
            found = list(islice(events, 1))
            port.unlink()
            first.vanish()
            found.append(next(events))
            port.symlink_to(second.port)
            with printing(second, b"".join(b"%s\r\n" % s for s in samples(10, first=100)), 0.2):
                found += islice(events, 3)
    kinds = [type(event) for event in found]
    assert kinds == [SamplesReceived, LinkInterrupted, LinkResumed, SamplesLost, SamplesReceived]
    assert found[3] == SamplesLost(None)
    assert isinstance(found[1], LinkInterrupted)
    assert "the board is gone" in found[1].reason
    assert len(times_us(found[:1])) == 10
    assert times_us(found)[10] == 101 * 8403  # the line it was found in is not trusted


def test_a_board_that_does_not_come_back_is_given_up_after_all_it_has_said(
    board: Terminal,
) -> None:
    found: list[LinkEvent] = []
    with open_text(board.port) as link:
        board.say(page(samples(10)))
        found += receive(link, 10)
        board.vanish()
        with pytest.raises(LinkError, match=r"the board is gone .*plug it in.*waited 1 s"):
            found += link.events()
    assert len(times_us(found)) == 10
    assert isinstance(found[-1], LinkInterrupted)


def test_the_port_is_free_after_the_board_has_vanished(board: Terminal) -> None:
    before = len(os.listdir("/dev/fd"))  # noqa: PTH208 - a listing, not paths
    with open_text(board.port):
        board.vanish()
    assert len(os.listdir("/dev/fd")) == before - 1  # noqa: PTH208


def test_a_board_that_says_nothing_at_all_is_told(board: Terminal) -> None:
    with (
        open_text(board.port, silence_s=0.2) as link,
        pytest.raises(BoardError, match=r"nothing for 0\.2 s; .*print its samples all the time"),
    ):
        list(link.events())


def test_a_board_that_falls_silent_is_waited_for(board: Terminal) -> None:
    with open_text(board.port, silence_s=0.2) as link:
        events = link.events()
        board.say(page(samples(2)))
        next(events)
        interrupted = next(events)
        assert isinstance(interrupted, LinkInterrupted)
        assert "nothing for 0.2 s; does the sketch still print?" in interrupted.reason
        with printing(board, page(samples(20, first=100))):
            assert next(events) == LinkResumed()
            assert next(events) == SamplesLost(None)


@pytest.mark.parametrize(
    ("text", "columns", "message"),
    [
        (
            b"0.01,0.02,0.98\r\n",
            TIMED,
            r"\d+ lines .* not 7 fields \(time_us,.*\), the last is '0\.01,.*': 3 .* ax,ay,az$",
        ),
        (b"12 1 2 3 4 5 6\r\n", "ax,ay,az", r"7 numbers in 7 fields.*time_ms,ax,ay,az,gx,gy,gz$"),
        (b"roll: 1.0 pitch: 2.0\r\n", "ax,ay,az", r"'roll: 1\.0 pitch: 2\.0': 2 numbers in 4"),
        (b"\xc3\x28\xff\x81\x07\r\n", "ax,ay,az", "0 numbers in 1 fields"),
        (b"\x00\x12\x07,\x81\n\x33\x00\r\n", "ax,ay,az", "sends packets, not text; .*without"),
        (b"1;2;3\r\n", None, r"\d+ lines in a row have no header, the last is.*ax,ay,az$"),
        (
            b"time,ax,ay,az\r\n" + b"1,2,3,4\r\n" * 3,
            None,
            r"no header \(column 'time': its unit is missing.*time_ms,ax,ay,az$",
        ),
    ],
)
def test_a_hopeless_stream_says_what_was_seen_and_what_to_declare(
    board: Terminal, text: bytes, columns: str | None, message: str
) -> None:
    with (
        printing(board, text * 5),
        pytest.raises(BoardError, match=message),
        open_text(board.port, columns) as link,
    ):
        list(link.events())


@pytest.mark.parametrize(
    ("printed_us", "declared", "message"),
    [
        (1, "time_ms", r"times of \d+ lines in a row do not follow .* time_us, time_ms or time_s"),
        (1000, "time_us", r"advances 0\.001 s in a second; its unit may be time_ms$"),
        (1e6, "time_ms", r"advances 0\.001 s in a second; its unit may be time_s$"),
    ],
)
def test_a_wrong_unit_of_time_is_noticed(
    board: Terminal, printed_us: float, declared: str, message: str
) -> None:
    started_s, ending = time.monotonic(), threading.Event()

    def print_on() -> None:
        while not ending.wait(0.01):
            time_us = (time.monotonic() - started_s) * 1e6
            board.say(f"{time_us / printed_us:.6g},1,2,3\r\n".encode())

    thread = threading.Thread(target=print_on)
    thread.start()
    try:
        with (
            pytest.raises(BoardError, match=message),
            open_text(board.port, f"{declared},ax,ay,az") as link,
        ):
            list(link.events())
    finally:
        ending.set()
        thread.join()


def test_damage_among_good_lines_does_not_end_the_link(board: Terminal) -> None:
    found: list[LinkEvent] = []
    with open_text(board.port) as link:
        events = link.events()
        for first in range(0, 150, 30):
            mixed = [part for text in samples(30, first) for part in (b"?" * 5, text)]
            board.say(page(mixed))
            found += islice(events, 60)
    assert len(times_us(found)) == 150
    assert sum(isinstance(event, LineDamaged) for event in found) == 150


def test_a_thousand_lines_a_second_cost_little(board: Terminal) -> None:
    """The bound is twice what is promised; `benchmarks/text.py` measures it properly."""
    columns = "ax,ay,az,gx,gy,gz,mx,my,mz"
    heap = b"0.250000,0.500000,0.750000,1.0000,2.0000,3.0000,40.00,50.00,60.00\r\n" * 10
    with printing(board, heap), open_text(board.port, columns) as link:
        started_s, cpu_s = time.monotonic(), time.thread_time()
        count = 0
        for event in link.events():
            count += isinstance(event, SamplesReceived) and len(event.samples)
            if time.monotonic() - started_s > 2.5:
                break
        busy = (time.thread_time() - cpu_s) / (time.monotonic() - started_s)
    assert count > 1000
    assert busy < 0.1
