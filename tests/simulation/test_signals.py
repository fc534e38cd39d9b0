"""Ideal signals: step by step what a motion makes perfect sensors read."""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

from imu_gesture.simulation.dance import Dancer
from imu_gesture.simulation.signals import FIELD_UT, ideal_signals

MOTION = Dancer(1).turning(6.0)
IDEAL = ideal_signals(MOTION)
EDGES_S = np.arange(len(IDEAL) + 1) / IDEAL.rate_hz


def test_steps_cover_the_motion() -> None:
    assert abs(IDEAL.duration_s - MOTION.duration_s) < 1e-9
    shapes = {IDEAL.acc_g.shape, IDEAL.gyr_dps.shape, IDEAL.mag_ut.shape}
    assert shapes == {(len(IDEAL), 3)}


def test_a_step_turns_by_what_the_board_turned_in_it() -> None:
    attitude = MOTION.attitude(EDGES_S)
    turned_deg = (attitude[:-1].inv() * attitude[1:]).as_rotvec(degrees=True)
    assert np.abs(IDEAL.gyr_dps).max() > 100
    assert np.allclose(IDEAL.gyr_dps / IDEAL.rate_hz, turned_deg, atol=1e-3)
    end = MOTION.attitude(0.0)
    for step in IDEAL.gyr_dps / IDEAL.rate_hz:
        end = end * Rotation.from_rotvec(step, degrees=True)
    assert np.degrees((end.inv() * attitude[-1]).magnitude()) < 0.1


def test_a_step_gains_the_speed_that_the_board_gained() -> None:
    middles = MOTION.attitude(EDGES_S[:-1] + 0.5 / IDEAL.rate_hz)
    gained_m_s = (middles.apply(IDEAL.acc_g) - [0, 0, 1]) * 9.80665 / IDEAL.rate_hz
    speed_m_s = MOTION.position_m(EDGES_S, 1)
    assert np.abs(speed_m_s).max() > 0.1
    assert np.allclose(gained_m_s.cumsum(axis=0), speed_m_s[1:] - speed_m_s[0], atol=2e-3)


def test_the_field_is_that_at_the_end_of_a_step() -> None:
    expected = MOTION.attitude(EDGES_S[1:]).inv().apply(FIELD_UT)
    assert np.allclose(IDEAL.mag_ut, expected)


def test_some_steps_are_what_they_were_in_the_whole() -> None:
    part = IDEAL.steps(slice(100, 150))
    assert len(part) == 50
    assert np.array_equal(part.mag_ut, IDEAL.mag_ut[100:150])
    assert part.rate_hz == IDEAL.rate_hz
