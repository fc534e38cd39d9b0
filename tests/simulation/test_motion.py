"""Motions: ideal sensors read what mechanics says."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from imu_gesture.simulation.motion import KEYFRAME_RATE_HZ, Motion, motion_through

FloatArray = NDArray[np.float64]

G = 9.80665
KEYFRAMES_S = np.arange(101) / KEYFRAME_RATE_HZ
INSIDE_S = np.linspace(0.2, 1.8, 400)  # splines know less at their ends
ZERO = np.zeros_like(KEYFRAMES_S)
LEVEL = np.zeros((len(KEYFRAMES_S), 3))
TILT_30 = Rotation.from_rotvec([np.radians(30), 0, 0])
HALF, ROOT = 0.5, np.sqrt(0.75)  # sine and cosine of 30 degrees


def moving(position_m: list[FloatArray], rotation_vector: FloatArray = LEVEL) -> Motion:
    return motion_through(np.stack(position_m, axis=1), rotation_vector, [])


def turning(rate_dps: float, start: Rotation) -> Motion:
    """About the vertical, from a posture."""
    turn = Rotation.from_rotvec(np.radians(rate_dps) * KEYFRAMES_S[:, None] * [0, 0, 1])
    return moving([ZERO, ZERO, ZERO], (turn * start).as_rotvec())


RADIUS_M, TURN_RAD_S = 0.2, 2 * np.pi
CIRCLE = [RADIUS_M * np.cos(TURN_RAD_S * KEYFRAMES_S), RADIUS_M * np.sin(TURN_RAD_S * KEYFRAMES_S)]
CENTRIPETAL_G = RADIUS_M * TURN_RAD_S**2 / G


@pytest.mark.parametrize(
    ("name", "motion", "expected_g"),
    [
        ("level and still", moving([ZERO, ZERO, ZERO]), [0, 0, 1]),
        (
            "tilted and still",
            moving([ZERO, ZERO, ZERO], np.tile(TILT_30.as_rotvec(), (len(KEYFRAMES_S), 1))),
            [0, HALF, ROOT],
        ),
        ("free fall", moving([ZERO, ZERO, -G / 2 * KEYFRAMES_S**2]), [0, 0, 0]),
        ("pushed along x", moving([KEYFRAMES_S**2, ZERO, ZERO]), [2 / G, 0, 1]),
        ("steady speed", moving([3 * KEYFRAMES_S, ZERO, ZERO]), [0, 0, 1]),
        (
            "on a circle",
            moving([*CIRCLE, ZERO]),
            np.stack(
                [
                    -CENTRIPETAL_G * np.cos(TURN_RAD_S * INSIDE_S),
                    -CENTRIPETAL_G * np.sin(TURN_RAD_S * INSIDE_S),
                    np.ones_like(INSIDE_S),
                ],
                axis=1,
            ),
        ),
    ],
)
def test_specific_force_of_a_known_trajectory(
    name: str, motion: Motion, expected_g: FloatArray | list[float]
) -> None:
    found_g = motion.specific_force_g(INSIDE_S)
    assert np.allclose(found_g, expected_g, atol=2e-3), name


@pytest.mark.parametrize(
    ("name", "start", "expected_dps"),
    [
        ("level", Rotation.identity(), [0, 0, 90]),
        ("tilted: the board's own axes share the rate", TILT_30, [0, 90 * HALF, 90 * ROOT]),
    ],
)
def test_angular_rate_is_that_of_the_boards_axes(
    name: str, start: Rotation, expected_dps: list[float]
) -> None:
    found_dps = turning(90.0, start).angular_rate_dps(INSIDE_S)
    assert np.allclose(found_dps, expected_dps, atol=0.01), name


def test_rates_agree_with_the_change_of_attitude() -> None:
    rng = np.random.default_rng(0)
    phases = rng.uniform(0, 6, 3)
    motion = moving([ZERO, ZERO, ZERO], np.sin(3 * KEYFRAMES_S[:, None] + phases))
    step_s = 1e-4
    before, after = motion.attitude(INSIDE_S - step_s / 2), motion.attitude(INSIDE_S + step_s / 2)
    expected_dps = np.degrees((before.inv() * after).as_rotvec()) / step_s
    assert np.abs(expected_dps).max() > 50
    assert np.allclose(motion.angular_rate_dps(INSIDE_S), expected_dps, atol=0.01)
