"""Printed numbers: good lines become samples, a bad line costs itself and nothing else."""

import numpy as np
import pytest

from imu_gesture.link.link import (
    BoardFailed,
    GestureReported,
    LineDamaged,
    SamplesReceived,
)
from imu_gesture.link.text_lines import TextDecoder
from tests.link.lines import HEADER, STEP_US, decode, flat, line, page, samples, times_us

BEFORE, AFTER = line(1000, 1), line(3000, 3)


def between(text: bytes) -> list[object]:
    """What becomes of a line between two good ones, which must both arrive."""
    first, *middle, last = flat(decode(page([BEFORE, text, AFTER])))
    assert [first, last] == flat(decode(page([BEFORE, AFTER])))
    return middle


def test_numbers_arrive_in_their_columns_and_units() -> None:
    (event,) = decode(page([line(123456, 0.5, -1.25, 4, 2000, -0.07, 0.0125), line(131859)]))
    assert isinstance(event, SamplesReceived)
    assert event.samples.device_time_us.tolist() == [123456, 131859]
    assert event.samples.acc_g[0].tolist() == [0.5, -1.25, 4]
    assert np.allclose(event.samples.gyr_or_zero_dps[0], [2000, -0.07, 0.0125])
    assert event.samples.sequence.tolist() == [0, 1]


@pytest.mark.parametrize(
    "text",
    [
        line(2000, 2),
        b"2000, 2.0, 0, 0, 0, 0, 0",
        b"  2000 ,2,0,0,0,0,0\t",
        b"2000,2e0,0,0,-0,+0,.0",
    ],
)
def test_ways_to_write_the_same_sample(text: bytes) -> None:
    expected = flat(decode(page([BEFORE, line(2000, 2), AFTER])))
    assert flat(decode(page([BEFORE, text, AFTER]))) == expected
    assert len(expected) == 3


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\n\n", b"\r\n\r\n"])
def test_line_ends(end: bytes) -> None:
    assert flat(decode(page(samples(5), end))) == flat(decode(page(samples(5))))


@pytest.mark.parametrize("text", [b"", b"   ", b"# hello", b"#", HEADER, b"# gestures: none"])
def test_lines_that_say_nothing_are_skipped(text: bytes) -> None:
    assert between(text) == []


@pytest.mark.parametrize(
    "text",
    [
        b"Hello, world!",
        b"2000,0,0,1",
        b"2000,0,0,1,0,0",
        b"2000,0,0,1,0,0,0,1,2,3",
        b"0,0,1,0,0,0",
        b"2000\t0\t0\t1\t0\t0\t0",
        b"2000;0;0;1;0;0;0",
        b"2000,0,,1,0,0,0",
        b"2000,0,0,1,0,0,",
        b"2000,0,0,1.2.3,0,0,0",
        b"2000,nan,0,1,0,0,0",
        b"2000,0,0,1,0,0,inf",
        b"2000,0,0,1,0,0,ovf",
        b"2000,0,0,1,0,0,1e300",
        b"-1,0,0,1,0,0,0",
        b"4294967296,0,0,1,0,0,0",
        b"2000,0,0,1,0,0,0x10",
        b"device_time_us,aX,aY,aZ,gX,gY",
        b"# gesture,1",
        b"# gesture,soon,0.9,wave",
        b"# gesture,1,high,wave",
        b"# gesture,1,nan,wave",
        b"# gesture,1,1.5,wave",
        b"# gesture,1,-0.5,wave",
        b"# gesture,-1,0.5,wave",
        b"# gesture,1,0.5,",
    ],
)
def test_a_damaged_line_is_told_and_costs_only_itself(text: bytes) -> None:
    assert between(text) == [LineDamaged(text.decode())]


def test_bytes_that_are_no_text_are_told_and_cost_only_their_line() -> None:
    (event,) = between(b"\xff\xfe2000,\x80,0,1,0,0,0")
    assert isinstance(event, LineDamaged)
    assert "2000" in event.text


@pytest.mark.parametrize("label", ["wave", "two words", "a,b", "señal ✓", '"?'])
def test_the_boards_own_gestures(label: str) -> None:
    text = f"# gesture,1500,0.875,{label}".encode()
    assert between(text) == [GestureReported(1500, label, 0.875)]


def test_the_board_may_say_why_it_cannot_work() -> None:
    assert decode(b"# error: no IMU answers\r\n") == [BoardFailed("no IMU answers")]


def test_what_precedes_the_first_line_end_is_not_trusted() -> None:
    assert times_us(decode(b"000,0,0,1,0,0,0\r\n" + line(5000) + b"\n")) == [5000]
    assert flat(decode(b"3456,0,0,1,0,0,0\n")) == []


@pytest.mark.parametrize("text", [HEADER, b"# gesture,1500,0.5,wave"])
def test_a_first_line_that_shows_its_start_is_read(text: bytes) -> None:
    assert len(flat(decode(text + b"\n" + line(5000) + b"\n"))) == 1 + text.startswith(b"#")


@pytest.mark.parametrize("length", [257, 300, 5000, 100_000])
@pytest.mark.parametrize("chunk", [1, 64, 1 << 20])
def test_an_endless_line_is_told_once_and_the_next_one_is_good(length: int, chunk: int) -> None:
    stream = page([BEFORE, b"7" * length, AFTER])
    events = decode(*(stream[i : i + chunk] for i in range(0, len(stream), chunk)))
    assert [type(event) for event in events].count(LineDamaged) == 1
    assert times_us(events) == [1000, 3000]


@pytest.mark.parametrize("start", [line(2000, 2), b"# gesture,1500,0.5,x", b"# hello"])
def test_a_line_that_is_too_long_is_damaged_even_if_it_could_be_read(start: bytes) -> None:
    longest = start + b"0" * (255 - len(start))  # and its carriage return
    assert not any(isinstance(event, LineDamaged) for event in decode(page([longest])))
    (event,) = between(longest + b"0")
    assert isinstance(event, LineDamaged)


def test_a_stream_without_line_ends_is_told_once() -> None:
    events = decode(page([BEFORE]), *[b"\x00" * 100] * 1000)
    assert [type(event) for event in events] == [SamplesReceived, LineDamaged]


def test_the_clock_goes_on_when_it_wraps() -> None:
    start_us = 2**32 - 3 * STEP_US
    sent = [(start_us + i * STEP_US) % 2**32 for i in range(10)]
    found = times_us(decode(page(line(time) for time in sent)))
    assert found == [start_us + i * STEP_US for i in range(10)]


@pytest.mark.parametrize("wrong_us", [0, 4_000_000_000])
def test_a_time_that_jumps_is_damage(wrong_us: int) -> None:
    good = [50_000_000 + i * STEP_US for i in range(6)]
    events = decode(page(line(time) for time in [*good[:3], wrong_us, *good[3:]]))
    assert times_us(events) == good
    assert [type(event) for event in events].count(LineDamaged) == 1


def test_jumps_far_apart_are_no_restart() -> None:
    good = [50_000_000 + i * STEP_US for i in range(30)]
    sent = [time for i, time_us in enumerate(good) for time in (time_us, 1000 + i)]
    assert times_us(decode(page(line(time) for time in sent))) == good


def test_a_board_that_restarts_is_followed_after_a_clear_gap() -> None:
    before, after = samples(100, first=20_000), samples(100)
    events = decode(page([*before, *after]))
    steps_us = np.diff(times_us(events))
    assert np.all(steps_us > 0)
    assert np.sum(steps_us != STEP_US) == 1
    assert steps_us.max() > 1_000_000
    assert len(steps_us) > 185


def test_numbers_of_samples_go_on_from_chunk_to_chunk() -> None:
    decoder = TextDecoder()
    events = [event for text in samples(20) for event in decoder.feed(page([text]))]
    found = [e.samples.sequence.tolist() for e in events if isinstance(e, SamplesReceived)]
    assert found == [[i] for i in range(20)]
