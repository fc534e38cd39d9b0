"""The newest readings, and the scale they are drawn on."""

from __future__ import annotations

import numpy as np
import pytest

from imu_gesture.live.trace_buffer import TraceBuffer
from imu_gesture.live.trace_panel import SCALES, fitting_step, spread_apart

PERIOD_US = 8403


def fed(pieces: list[int], seconds: float = 5.0, capacity: int = 2048) -> TraceBuffer:
    """With samples that count up from 0, in pieces of these sizes."""
    buffer, at = TraceBuffer(seconds, capacity), 0
    for size in pieces:
        numbers = np.arange(at, at + size)
        buffer.append(numbers * PERIOD_US, np.repeat(numbers[:, None], 3, axis=1).astype("f4"))
        at += size
    return buffer


@pytest.mark.parametrize(
    ("pieces", "first", "last"),
    [
        ([1], 0, 0),
        ([100], 0, 99),
        ([1] * 50, 0, 49),
        ([700], 700 - 596, 699),  # 5 s are 595 periods
        ([7] * 1000, 7000 - 596, 6999),
        ([5000], 5000 - 596, 4999),
        ([0, 3, 0], 0, 2),
    ],
)
def test_it_holds_the_last_seconds_whatever_the_pieces(
    pieces: list[int], first: int, last: int
) -> None:
    times_s, values = fed(pieces).read()
    assert values[:, 1].tolist() == list(range(first, last + 1))
    assert times_s[-1] == 0
    assert np.allclose(np.diff(times_s), PERIOD_US * 1e-6)


def test_it_holds_no_more_than_its_capacity() -> None:
    _, values = fed([90] * 20, seconds=60.0, capacity=100).read()
    assert values[:, 0].tolist() == list(range(1700, 1800))


def test_a_clock_that_begins_anew_empties_it() -> None:
    buffer = fed([200])
    buffer.append(np.array([5, 6], np.int64), np.ones((2, 3), np.float32))
    times_s, values = buffer.read()
    assert len(times_s) == len(values) == 2


def test_what_was_read_does_not_change_any_more() -> None:
    buffer = fed([3000])
    _, before = buffer.read()
    kept = before.copy()
    for _ in range(50):
        buffer.append(np.arange(3000, 3100) * PERIOD_US, np.zeros((100, 3), np.float32))
    assert np.array_equal(before, kept)


@pytest.mark.parametrize(
    ("largest", "before", "after"),
    [
        (10.0, 0, 0),
        (44.0, 0, 1),  # more than nine tenths of 45
        (100.0, 0, 1),
        (2000.0, 0, 4),
        (99999.0, 4, 4),
        (30.0, 1, 1),  # would fit below, but hardly
        (20.0, 1, 0),
        (20.0, 4, 0),
        (30.0, 4, 1),
    ],
)
def test_the_scale_follows_in_steps_and_does_not_flutter(
    largest: float, before: int, after: int
) -> None:
    limits = SCALES["gyr"].limits
    assert fitting_step(limits, before, largest) == after
    assert fitting_step(limits, after, largest) == after


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0, 5.0, 9.0], [0.0, 5.0, 9.0]),
        ([0.0, 0.0, 9.0], [-0.5, 0.5, 9.0]),
        ([2.0, 1.0, 9.0], [2.0, 1.0, 9.0]),
        ([0.2, 0.0, -9.0], [0.6, -0.4, -9.0]),
    ],
)
def test_letters_are_spread_apart_as_little_as_possible(
    values: list[float], expected: list[float]
) -> None:
    assert spread_apart(values, 1.0) == pytest.approx(expected)


def test_letters_keep_their_order_and_their_distance() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        values = rng.normal(0, 1, 3)
        placed = np.array(spread_apart(values.tolist(), 0.8))
        order = np.argsort(values)
        assert np.all(np.diff(placed[order]) > 0.8 - 1e-9)
