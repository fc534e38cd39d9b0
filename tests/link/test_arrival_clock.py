"""Samples without times: the rate is measured from their arrival, in simulated time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from imu_gesture.link.link import LineDamaged, LinkEvent, SamplesLost, SamplesReceived
from imu_gesture.link.text.columns import parse_columns
from imu_gesture.link.text.decoder import TextDecoder
from imu_gesture.samples import Samples, concatenate

UNIX_S = 1.8e9
Arrival = Callable[[NDArray[np.float64], np.random.Generator], NDArray[np.float64]]


@dataclass
class Heard:
    """What came of lines whose x tells when they were printed, in seconds."""

    events: list[LinkEvent] = field(default_factory=list)
    decoder: TextDecoder = field(default_factory=lambda: TextDecoder(parse_columns("ax,ay,az")))

    def __post_init__(self) -> None:
        self.events += self.decoder.feed(b"# the next line is a whole one\n", UNIX_S)

    def take(self, printed_s: NDArray[np.float64], arrive_s: NDArray[np.float64]) -> Samples:
        """Lines printed at these times arrive at those, and are read every 20 ms."""
        ticks = np.floor(arrive_s / 0.02).astype(int)
        for tick in np.unique(ticks):
            lines = (
                f"{time:.5f},0,1\n" if time >= 0 else "-0,,\n" for time in printed_s[ticks == tick]
            )
            now_s = UNIX_S + (tick + 1) * 0.02
            self.events += self.decoder.feed("".join(lines).encode(), now_s)
        return self.samples

    @property
    def samples(self) -> Samples:
        return concatenate([e.samples for e in self.events if isinstance(e, SamplesReceived)])

    @property
    def losses(self) -> int:
        return sum(isinstance(event, SamplesLost) for event in self.events)


def even(rate_hz: float, seconds: float, start_s: float = 0.0) -> NDArray[np.float64]:
    return start_s + np.arange(round(rate_hz * seconds)) / rate_hz


def at_once(printed_s: NDArray[np.float64], _: np.random.Generator) -> NDArray[np.float64]:
    return printed_s


def jittery(printed_s: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    return np.maximum.accumulate(printed_s + rng.exponential(0.01, len(printed_s)))


def in_heaps(printed_s: NDArray[np.float64], _: np.random.Generator) -> NDArray[np.float64]:
    return np.ceil(printed_s / 0.1) * 0.1


def behind_a_backlog(printed_s: NDArray[np.float64], _: np.random.Generator) -> NDArray[np.float64]:
    return np.maximum(printed_s, 0.8)


def behind_a_trickle(printed_s: NDArray[np.float64], _: np.random.Generator) -> NDArray[np.float64]:
    """Two seconds of lines had been waiting, and take a fifth of a second to arrive."""
    return np.where(printed_s < 2, 2 + printed_s / 10, np.maximum(printed_s, 2.2))


def with_stalls(printed_s: NDArray[np.float64], _: np.random.Generator) -> NDArray[np.float64]:
    """Twice the host looks away for two thirds of a second; then everything comes, in pieces."""
    arrive_s = printed_s.copy()
    for start_s in (5.0, 9.0):
        late = (printed_s > start_s) & (printed_s < start_s + 0.65)
        arrive_s[late] = start_s + 0.65 + (printed_s[late] - start_s) / 10
    return np.maximum.accumulate(arrive_s)


@pytest.mark.parametrize("rate_hz", [25.0, 104.0, 1000.0])
@pytest.mark.parametrize(
    "arrival", [at_once, jittery, in_heaps, behind_a_backlog, behind_a_trickle, with_stalls]
)
def test_times_are_even_and_at_the_rate_of_the_board(arrival: Arrival, rate_hz: float) -> None:
    printed_s, heard = even(rate_hz, 20.0), Heard()
    samples = heard.take(printed_s, arrival(printed_s, np.random.default_rng(0)))
    assert heard.losses == 0
    assert np.allclose(samples.acc_g[:, 0], printed_s, atol=1e-5)
    steps_us = np.diff(samples.device_time_us)
    assert steps_us[-10:].mean() == pytest.approx(1e6 / rate_hz, rel=0.005)
    assert np.all(np.abs(steps_us / steps_us.mean() - 1) < 0.04)
    assert steps_us.mean() == pytest.approx(1e6 / rate_hz, rel=0.002)
    assert heard.decoder.rate_hz == pytest.approx(rate_hz, rel=0.002)


@pytest.mark.parametrize("arrival", [at_once, jittery, in_heaps])
def test_over_minutes_the_rate_is_exact_and_times_follow_the_host(arrival: Arrival) -> None:
    printed_s, heard = even(119.3, 180.0), Heard()
    samples = heard.take(printed_s, arrival(printed_s, np.random.default_rng(1)))
    assert heard.decoder.rate_hz == pytest.approx(119.3, rel=2e-4)
    off_s = samples.device_time_us * 1e-6 - printed_s
    assert np.ptp(off_s[2400:]) < 0.02


def test_damaged_lines_keep_their_place() -> None:
    printed_s, heard = even(100.0, 10.0), Heard()
    spoilt = printed_s.copy()
    spoilt[[300, 301, 500]] = -1
    samples = heard.take(spoilt, printed_s)
    assert sum(isinstance(event, LineDamaged) for event in heard.events) == 3
    assert heard.losses == 0
    assert np.flatnonzero(np.diff(samples.sequence) > 1).tolist() == [299, 497]
    steps_us = np.diff(samples.device_time_us) / np.diff(samples.sequence)
    assert np.all(np.abs(steps_us - 10_000) < 250)


@pytest.mark.parametrize("pause_s", [0.6, 3.0, 20.0])
def test_lines_that_stay_away_leave_a_gap_of_their_length(pause_s: float) -> None:
    printed_s = np.concatenate([even(100.0, 6.0), even(100.0, 6.0, 6.0 + pause_s)])
    heard = Heard()
    samples = heard.take(printed_s, printed_s)
    assert heard.losses == 1
    assert len(samples) == len(printed_s)
    steps_us = np.diff(samples.device_time_us)
    assert int(np.argmax(steps_us)) == 599
    assert steps_us[599] == pytest.approx((pause_s + 0.01) * 1e6, abs=60_000)
    assert np.all(np.abs(np.delete(steps_us, 599) - 10_000) < 500)


@pytest.mark.parametrize(("first_hz", "then_hz"), [(50.0, 100.0), (100.0, 50.0), (100.0, 80.0)])
def test_a_rate_that_changes_is_measured_anew(first_hz: float, then_hz: float) -> None:
    printed_s = np.concatenate([even(first_hz, 10.0), even(then_hz, 20.0, 10.0)])
    heard = Heard()
    samples = heard.take(printed_s, printed_s)
    steps_us = np.diff(samples.device_time_us)
    assert np.all(steps_us > 0)
    assert steps_us[-200:].mean() == pytest.approx(1e6 / then_hz, rel=0.01)
    assert samples.device_time_us[-1] == pytest.approx(30e6, abs=0.2e6)
    assert heard.losses == 1


def test_after_an_interruption_times_go_on_behind_the_gap() -> None:
    heard = Heard()
    printed_s = even(100.0, 5.0)
    heard.take(printed_s, printed_s)
    heard.decoder.restart()
    again_s = even(100.0, 5.0, 9.0)
    samples = heard.take(again_s, again_s)
    assert heard.losses == 1
    steps_us = np.diff(samples.device_time_us)
    assert steps_us.max() == pytest.approx(4.02e6, abs=60_000)
    assert len(samples) == 999  # the first line after it may be half a line


@settings(derandomize=True, database=None, deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 40), st.floats(0, 3)), max_size=200))
def test_however_lines_come_times_advance_and_none_is_lost(
    heaps: list[tuple[int, float]],
) -> None:
    heard, now_s, sent = Heard(), UNIX_S, 0
    for count, pause_s in heaps:
        now_s += pause_s
        heard.events += heard.decoder.feed(b"0,0,1\n" * count, now_s)
        sent += count
    parts = [e.samples for e in heard.events if isinstance(e, SamplesReceived)]
    times = np.concatenate([part.device_time_us for part in parts]) if parts else np.zeros(0)
    sequence = [int(number) for part in parts for number in part.sequence]
    assert np.all(np.diff(times) > 0)
    assert sequence == list(range(len(sequence)))
    assert len(sequence) <= sent
