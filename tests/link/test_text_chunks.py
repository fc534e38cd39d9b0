"""However a stream is cut into chunks, and whatever is in it, the same events come out."""

from itertools import accumulate, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imu_gesture.link.link import LineDamaged, SamplesReceived
from imu_gesture.link.text.columns import parse_columns
from imu_gesture.link.text.decoder import TextDecoder
from tests.link.lines import HEADER, decode, flat, line, times_us

SETTINGS = settings(derandomize=True, database=None, deadline=None, max_examples=150)

NUMBERS = st.floats(-4000, 4000, width=32)
GOOD_LINES = st.builds(line, st.integers(0, 5_000_000), NUMBERS, NUMBERS, NUMBERS, NUMBERS)
LONG_LINES = st.sampled_from(
    [line(1000, 1) + b"0" * 500, b"#" * 512, b"#" * 513, b"z" * 512, b"z" * 512 + b"\r", b"9" * 900]
)
LINES = st.one_of(
    GOOD_LINES,
    LONG_LINES,
    st.sampled_from([HEADER, b"", b"# hello", b"1,2,3", b"1\t2\t3"]),
    st.binary(max_size=40),
)
STREAMS = st.lists(st.builds(bytes.__add__, LINES, st.sampled_from([b"\n", b"\r\n"]))).map(b"".join)


@st.composite
def cut_streams(draw: st.DrawFn) -> tuple[bytes, list[bytes]]:
    stream = draw(STREAMS)
    cuts = sorted(draw(st.lists(st.integers(0, len(stream)), max_size=30)))
    edges = [0, *cuts, len(stream)]
    return stream, [stream[a:b] for a, b in pairwise(edges)]


@SETTINGS
@given(cut_streams())
def test_any_cut_gives_the_same_events(cut: tuple[bytes, list[bytes]]) -> None:
    stream, chunks = cut
    assert b"".join(chunks) == stream
    assert flat(decode(*chunks)) == flat(decode(stream))


@SETTINGS
@given(STREAMS)
def test_byte_by_byte_gives_the_same_events(stream: bytes) -> None:
    assert flat(decode(*(bytes([byte]) for byte in stream))) == flat(decode(stream))


@pytest.mark.parametrize("columns", [None, "time_ms,ax,ay,az", "ax,-,ay,az,mx,my,mz"])
@SETTINGS
@given(chunks=st.lists(st.tuples(st.binary(max_size=300), st.floats(0, 2))))
def test_no_noise_is_raised_and_whatever_it_yields_is_sound(
    columns: str | None, chunks: list[tuple[bytes, float]]
) -> None:
    decoder = TextDecoder(parse_columns(columns) if columns else None)
    now_s, newest_us = 0.0, 0
    for chunk, pause_s in [(b"#\n", 0.0), *chunks]:
        now_s += pause_s
        for event in decoder.feed(chunk, now_s):
            if isinstance(event, SamplesReceived):
                times = event.samples.device_time_us
                assert len(times) > 0
                assert times[0] >= newest_us
                assert np.all(np.diff(times) >= 0)
                newest_us = int(times[-1])
                assert np.isfinite(event.samples.acc_g).all()
                assert np.isfinite(event.samples.gyr_or_zero_dps).all()


PRINTED = st.sampled_from(
    ["0.5", "-1", "12", "+3.25e1", ".5", "0", "nan", "", "1 2", "0x1", "1_0", "z"]
)
ROWS = st.lists(st.lists(PRINTED, min_size=2, max_size=4), max_size=60)


@SETTINGS
@given(ROWS, st.sampled_from([",", ";", "\t", ", "]))
def test_exactly_the_lines_that_read_as_a_whole_become_samples(
    rows: list[list[str]], separator: str
) -> None:
    """Judged by the list the lines were made from, not by reading them again."""
    bad = {"nan", "", "1 2", "0x1", "1_0", "z"}
    lines = [separator.join([str(1000 * i), *row]) for i, row in enumerate(rows)]
    good = [
        (1000 * i, [float(field) for field in row])
        for i, row in enumerate(rows)
        if len(row) == 3 and not bad & set(row)
    ]
    events = decode(b"#\n", *(f"{text}\n".encode() for text in lines), columns="time_us,ax,ay,az")
    found = [(entry[0], entry[2][:3]) for entry in flat(events) if isinstance(entry, tuple)]
    assert found == good
    assert sum(isinstance(event, LineDamaged) for event in events) == len(rows) - len(good)


NOISE = st.binary(max_size=60).map(lambda noise: noise.translate(bytes.maketrans(b",\n", b"??")))


@SETTINGS
@given(st.lists(st.tuples(NOISE, st.integers(1, 50_000), NUMBERS)))
def test_noise_costs_no_good_line(parts: list[tuple[bytes, int, float]]) -> None:
    sent_us = list(accumulate(step_us for _, step_us, _ in parts))
    lines = [
        noise + b"\n" + line(time_us, number) + b"\n"
        for time_us, (noise, _, number) in zip(sent_us, parts, strict=True)
    ]
    assert times_us(decode(b"#\n", *lines)) == sent_us
