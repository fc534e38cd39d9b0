"""However a stream is cut into chunks, and whatever is in it, the same events come out."""

from itertools import accumulate, pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from imu_gesture.link.link import GestureReported, SamplesReceived
from tests.link.lines import HEADER, decode, flat, line, times_us

SETTINGS = settings(derandomize=True, database=None, deadline=None, max_examples=150)

NUMBERS = st.floats(-4000, 4000, width=32)
GOOD_LINES = st.builds(line, st.integers(0, 5_000_000), NUMBERS, NUMBERS, NUMBERS, NUMBERS)
GESTURE_LINES = st.builds(
    lambda time_us, label: f"# gesture,{time_us},0.500,{label}".encode(),
    st.integers(0, 2**32 - 1),
    st.sampled_from(["wave", "a,b", "señal", "x" * 300]),
)
LONG_LINES = st.sampled_from(
    [line(1000, 1) + b"0" * 250, b"#" * 256, b"#" * 257, b"z" * 256, b"z" * 256 + b"\r", b"9" * 900]
)
LINES = st.one_of(
    GOOD_LINES,
    GESTURE_LINES,
    LONG_LINES,
    st.sampled_from([HEADER, b"", b"# hello", b"# error: no IMU", b"1,2,3"]),
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


@SETTINGS
@given(st.lists(st.binary(max_size=300)))
def test_no_noise_is_raised_and_whatever_it_yields_is_sound(chunks: list[bytes]) -> None:
    for event in decode(b"#\n", *chunks):
        if isinstance(event, SamplesReceived):
            assert len(event.samples) > 0
            assert np.isfinite(event.samples.acc_g).all()
            assert np.isfinite(event.samples.gyr_or_zero_dps).all()
        elif isinstance(event, GestureReported):
            assert 0 <= event.score <= 1


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
