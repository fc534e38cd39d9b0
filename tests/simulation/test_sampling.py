"""Clocks of chips: right for hours, whatever the pieces in which a signal comes."""

from __future__ import annotations

import numpy as np
import pytest

from imu_gesture.simulation.sampling import Means, Moments, Ticks

RATE_HZ = 119.0 * 1.037
STEP_RATE_HZ = 400.0


@pytest.mark.parametrize("piece_s", [0.5, 600.0])
def test_ticks_keep_their_phase_for_hours(piece_s: float) -> None:
    ticks, hours = Ticks(RATE_HZ), 8 if piece_s > 1 else 1
    steps = round(piece_s * STEP_RATE_HZ)
    pieces = [ticks.within(steps, STEP_RATE_HZ) for _ in range(round(hours * 3600 / piece_s))]
    numbers = np.concatenate([numbers for numbers, _ in pieces])
    assert np.array_equal(numbers, np.arange(np.ceil(hours * 3600 * RATE_HZ)))
    last, places = pieces[-1]
    time_s = hours * 3600 - piece_s + places / STEP_RATE_HZ
    assert np.allclose(time_s, last / RATE_HZ, atol=1e-9, rtol=0)
    assert all(places[0] >= 0 and places[-1] < steps for _, places in pieces)


def test_a_tick_at_the_edge_of_two_pieces_is_in_the_second() -> None:
    ticks = Ticks(100.0)
    found = [ticks.within(8, STEP_RATE_HZ) for _ in range(3)]
    assert [numbers.tolist() for numbers, _ in found] == [[0, 1], [2, 3], [4, 5]]
    assert all(places.tolist() == [0, 4] for _, places in found)


def test_a_piece_shorter_than_a_period_may_have_no_tick() -> None:
    ticks = Ticks(100.0)
    assert [len(ticks.within(1, STEP_RATE_HZ)[0]) for _ in range(8)] == [1, 0, 0, 0, 1, 0, 0, 0]


def test_steps_do_not_change_their_length() -> None:
    ticks = Ticks(RATE_HZ)
    ticks.within(8, STEP_RATE_HZ)
    with pytest.raises(ValueError, match="began otherwise"):
        ticks.within(8, 2 * STEP_RATE_HZ)


def test_each_mean_is_over_the_period_before_its_tick() -> None:
    edges_s = np.arange(401) / STEP_RATE_HZ
    steps = np.diff(np.sin(5 * edges_s))[:, None] * STEP_RATE_HZ
    numbers, means = Means(RATE_HZ).take(steps, STEP_RATE_HZ)
    time_s = numbers / RATE_HZ
    expected = np.diff(np.sin(5 * time_s)) * RATE_HZ
    assert np.allclose(means[1:, 0], expected, atol=2e-3)
    assert means[0] == pytest.approx(steps[0])


def test_what_is_faster_than_the_clock_does_not_fold() -> None:
    wobble = np.tile([1.0, -1.0], 400)[:, None]
    _, means = Means(RATE_HZ).take(wobble, STEP_RATE_HZ)
    assert np.abs(means[1:]).max() < 0.3
    assert np.abs(means[1:].mean()) < 0.01


def test_a_mean_stays_exact_after_a_month() -> None:
    means = Means(RATE_HZ)
    means.take(np.full((1000, 3), 1e6), STEP_RATE_HZ)  # adds up to a month of ones
    _, late = means.take(np.ones((800, 3)), STEP_RATE_HZ)
    assert np.allclose(late[1:], 1.0, atol=1e-6)


def test_a_moment_lies_between_the_ends_of_steps() -> None:
    ends_s = np.arange(1, 401) / STEP_RATE_HZ
    numbers, found = Moments(20.0).take(3 * ends_s[:, None], STEP_RATE_HZ)
    assert found[0] == 3 * ends_s[0]  # before power-on it was the same
    assert np.allclose(found[1:, 0], 3 * numbers[1:] / 20.0)
