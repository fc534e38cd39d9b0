"""Printed numbers: good lines become samples, a bad line costs itself and nothing else."""

from typing import Any

import numpy as np
import pytest

from imu_gesture.link.link import LineDamaged, SamplesLost, SamplesReceived
from imu_gesture.link.text.columns import parse_columns
from imu_gesture.link.text.decoder import TextDecoder
from tests.link.lines import HEADER, STEP_US, TIMED, decode, flat, line, page, samples, times_us

BEFORE, AFTER = line(1000, 1), line(3000, 3)


def without_numbers(events: list[object]) -> list[object]:
    """Samples apart from their sequence numbers, which tell of damage."""
    return [(e[0], e[2]) if isinstance(e, tuple) else e for e in events]


def between(text: bytes) -> list[object]:
    """What becomes of a line between two good ones, which must both arrive."""
    first, *middle, last = without_numbers(flat(decode(page([BEFORE, text, AFTER]))))
    assert [first, last] == without_numbers(flat(decode(page([BEFORE, AFTER]))))
    return middle


def test_numbers_arrive_in_their_columns_and_units() -> None:
    (event,) = decode(page([line(123456, 0.5, -1.25, 4, 2000, -0.07, 0.0125), line(131859)]))
    assert isinstance(event, SamplesReceived)
    assert event.samples.device_time_us.tolist() == [123456, 131859]
    assert event.samples.acc_g[0].tolist() == [0.5, -1.25, 4]
    assert np.allclose(event.samples.gyr_or_zero_dps[0], [2000, -0.07, 0.0125])
    assert event.samples.sequence.tolist() == [0, 1]


def test_units_and_skipped_columns_and_a_magnetometer() -> None:
    columns = "time_ms,mx_gauss,my_gauss,mz_gauss,-,ax_ms2,ay_mg,az,gz_rads,gy_rads,gx_rads"
    text = b"\n12.5\t0.25\t0\t-0.5\tnot_a number\t9.80665\t-500\t2\t3.14159265\t0\t1\n"
    (event,) = decode(text, columns=columns)
    assert isinstance(event, SamplesReceived)
    found = event.samples
    assert found.device_time_us.tolist() == found.mag_time_us.tolist() == [12_500]
    assert found.acc_g[0].tolist() == [1, -0.5, 2]
    assert found.gyr_or_zero_dps[0].tolist() == pytest.approx([57.29578, 0, 180])
    assert found.mag_ut[0].tolist() == [25, 0, -50]


def test_an_accelerometer_alone_has_no_gyroscope() -> None:
    (event,) = decode(b"\n5,1,2,3\n", columns="time_us,ax,ay,az")
    assert isinstance(event, SamplesReceived)
    assert event.samples.gyr_dps is None


@pytest.mark.parametrize(
    "text",
    [
        line(2000, 2),
        b"2000, 2.0, 0, 0, 0, 0, 0",
        b"  2000 ,2,0,0,0,0,0\t",
        b"2000,2e0,0,0,-0,+0,.0",
        b"2000\t2\t0\t0\t0\t0\t0",
        b"2000;2;0;0;0;0;0",
        b"2000 2  0 0 0 0 0 ",
        b"2000.0,2,0,0,0,0,0",
    ],
)
def test_ways_to_write_the_same_sample(text: bytes) -> None:
    expected = flat(decode(page([BEFORE, line(2000, 2), AFTER])))
    assert flat(decode(page([BEFORE, text, AFTER]))) == expected
    assert len(expected) == 3


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\n\n", b"\r\n\r\n"])
def test_line_ends(end: bytes) -> None:
    assert flat(decode(page(samples(5), end))) == flat(decode(page(samples(5))))


@pytest.mark.parametrize("text", [b"", b"   ", b"# hello", b"#", HEADER, b"t_us;ax;ay;az"])
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
        b"2000,0;0,1,0,0,0",
        b"2000,0,,1,0,0,0",
        b"2000,0,0,1,0,0,",
        b"2000,0,0,1,0,0,0,",
        b"2000,0,0,1.2.3,0,0,0",
        b"2000,nan,0,1,0,0,0",
        b"2000,0,0,1,0,0,inf",
        b"2000,0,0,1,0,0,ovf",
        b"2000,0,0,1,0,0,1e300",
        b"2000,0,0,1,0,0,1_0",
        "2000,0,0,1,0,0,\uff11".encode(),
        b"-1,0,0,1,0,0,0",
        b"1e17,0,0,1,0,0,0",
        b"2000,0,0,1,0,0,0x10",
        b"device_time_us,aX,aY,aZ,gX,gY",
        line(2000, 0)[:-1] + line(2000, 0),
    ],
)
def test_a_damaged_line_is_told_and_costs_only_itself(text: bytes) -> None:
    assert between(text) == [LineDamaged(text.decode())]


def test_bytes_that_are_no_text_are_told_and_cost_only_their_line() -> None:
    (event,) = between(b"\xff\xfe2000,\x80,0,1,0,0,0")
    assert isinstance(event, LineDamaged)
    assert "2000" in event.text


@pytest.mark.parametrize(
    ("text", "taken"), [(b"2000,0,?", 1), (b"-0.5,", 1), (b"calibrating ...", 0), (b"?", 0)]
)
def test_a_damaged_sample_leaves_a_hole_in_the_numbers_and_a_word_does_not(
    text: bytes, taken: int
) -> None:
    numbers = [
        entry[1] for entry in flat(decode(page([BEFORE, text, AFTER]))) if isinstance(entry, tuple)
    ]
    assert numbers == [0, 1 + taken]


def test_no_time_is_negative() -> None:
    (event,) = decode(b"#\n-5,1,2,3\n", columns="time_us,ax,ay,az")
    assert event == LineDamaged("-5,1,2,3")


def test_what_precedes_the_first_line_end_is_not_trusted() -> None:
    assert times_us(decode(b"000,0,0,1,0,0,0\r\n" + line(5000) + b"\n")) == [5000]
    assert flat(decode(b"3456,0,0,1,0,0,0\n")) == []


def test_a_header_says_what_the_columns_are_even_in_the_first_line() -> None:
    header = b"aX\taY\taZ\tmillis\r\n"
    (event,) = decode(header + b"1\t2\t3\t40\r\n", columns=None)
    assert isinstance(event, SamplesReceived)
    assert event.samples.device_time_us.tolist() == [40_000]
    assert event.samples.acc_g.tolist() == [[1, 2, 3]]


def test_what_is_declared_counts_more_than_a_header() -> None:
    events = decode(b"ax,ay,az,time_ms\n1,2,3,40\n", columns="ax,ay,az,-")
    assert not events  # times are measured, so nothing is settled yet
    (event,) = decode(b"ax,ay,az,time_ms\n1,2,3,40\n", columns="az,ay,ax,time_us")
    assert isinstance(event, SamplesReceived)
    assert event.samples.acc_g.tolist() == [[3, 2, 1]]
    assert event.samples.device_time_us.tolist() == [40]


def test_without_columns_nothing_is_read_and_the_header_at_fault_is_remembered() -> None:
    decoder = TextDecoder()
    events = list(decoder.feed(b"\ntime,ax,ay,az\n1,2,3,4\n5,6,7,8\n", 0.0))
    assert [type(event) for event in events] == [LineDamaged] * 3
    assert decoder.columns is None
    assert decoder.bad_in_a_row == 3
    assert "its unit is missing" in decoder.header_problem


@pytest.mark.parametrize("length", [513, 600, 5000, 100_000])
@pytest.mark.parametrize("chunk", [1, 64, 1 << 20])
def test_an_endless_line_is_told_once_and_the_next_one_is_good(length: int, chunk: int) -> None:
    stream = page([BEFORE, b"7" * length, AFTER])
    events = decode(*(stream[i : i + chunk] for i in range(0, len(stream), chunk)))
    assert [type(event) for event in events].count(LineDamaged) == 1
    assert times_us(events) == [1000, 3000]


def test_a_line_that_is_too_long_is_damaged_even_if_it_could_be_read() -> None:
    start = line(2000, 2)
    longest = start + b"0" * (511 - len(start))  # and its carriage return
    assert not any(isinstance(event, LineDamaged) for event in decode(page([longest])))
    (event,) = between(longest + b"0")
    assert isinstance(event, LineDamaged)


def test_a_stream_without_line_ends_is_told_once() -> None:
    events = decode(page([BEFORE]), *[b"\x00" * 100] * 1000)
    assert [type(event) for event in events] == [SamplesReceived, LineDamaged]


@pytest.mark.parametrize(
    ("name", "unit_us", "wrap"),
    [("time_us", 1, 2**32), ("time_ms", 1000, 2**32), ("time_us", 1, 2**53), ("time_ms", 1, 2**32)],
)
def test_the_clock_goes_on_when_it_wraps(name: str, unit_us: int, wrap: int) -> None:
    """Also clocks of 64 bits, which do not, and microseconds printed as fractions."""
    step = 9000 // unit_us
    times = [(wrap - 3 * step + i * step) % wrap for i in range(10)]
    scale = 1000 if (name, unit_us) == ("time_ms", 1) else 1
    lines = [f"{time / scale if scale > 1 else time},1,2,3\n".encode() for time in times]
    events = decode(b"#\n", *lines[: 3 if wrap > 2**32 else 10], columns=f"{name},ax,ay,az")
    found = times_us(events)
    assert np.diff(found) == pytest.approx(9000, abs=1)
    assert found[0] == pytest.approx(times[0] * unit_us, abs=1)
    assert len(found) == (3 if wrap > 2**32 else 10)


@pytest.mark.parametrize("wrong_us", [0, 4_000_000_000, 49_900_000])
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
    assert len(steps_us) == 199
    assert np.sum(steps_us != STEP_US) == 1
    assert steps_us.max() == 1_000_000
    kinds = [type(event) for event in events]
    assert kinds == [SamplesReceived, SamplesLost, SamplesReceived]


@pytest.mark.parametrize(
    ("host_s", "gap_us"), [(30.2, 30_000_000), (5.0, 5_000_000), (0.0, 1_000_000)]
)
def test_a_long_jump_is_believed_if_the_hosts_clock_agrees(host_s: float, gap_us: int) -> None:
    decoder = TextDecoder(parse_columns(TIMED))
    events = list(decoder.feed(page(samples(100)), 100.0))
    times = [100 * STEP_US - STEP_US + 30_000_000 + i * STEP_US for i in range(10)]
    events += decoder.feed(page(line(time) for time in times), 100.0 + host_s)
    assert np.diff(times_us(events)).max() == gap_us
    assert [e.count for e in events if isinstance(e, SamplesLost)] == [None]


def test_numbers_of_samples_go_on_from_chunk_to_chunk() -> None:
    decoder = TextDecoder(parse_columns(TIMED))
    events = [event for text in samples(20) for event in decoder.feed(page([text]), 0.0)]
    found = [e.samples.sequence.tolist() for e in events if isinstance(e, SamplesReceived)]
    assert found == [[i] for i in range(20)]


@pytest.mark.parametrize("away", [11, 2000])
def test_after_an_interruption_one_loss_is_told_before_the_next_sample(away: int) -> None:
    decoder = TextDecoder(parse_columns(TIMED))
    first = list(decoder.feed(page(samples(9)) + b"75627,0.1,0", 0.0))
    decoder.restart()
    lines = b"4,5\r\n" + b"".join(text + b"\n" for text in samples(9, first=away))
    second: list[Any] = list(decoder.feed(lines, 17.0))
    assert [type(event) for event in first] == [SamplesReceived]
    assert second[0] == SamplesLost(None)
    assert [type(event) for event in second[1:]] == [SamplesReceived]
    assert times_us(second)[0] == away * STEP_US
