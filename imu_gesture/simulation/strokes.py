"""Gestures that nobody has named: random movements of a hand, as many as are wanted.

What a network learns from before it meets a user's gestures: strokes from point to point, loops of
few harmonics, thrusts out and back, with the turns of the wrist that go with them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.spatial.transform import Rotation

from imu_gesture.simulation.motion import Float64Array

Shape = Callable[[Float64Array], tuple[Float64Array, Float64Array]]

_KNOTS = 61  # of a shape's curve over its phase
_SIZE_M = (0.03, 0.2)
_FLATNESS = 0.35  # thickness of a drawing across its plane, relative
_LEVER_RAD_PER_M = 2.5
_TURN_RAD = (0.05, 1.2)
_TURN_SHARE = 0.6  # of gestures in which the wrist also turns on its own


def random_gesture(seed: int) -> Shape:
    """A gesture over its phase (n,) in [0, 1], in the form of `performer.GESTURES`.

    It begins and ends in the same posture; the same seed moves in the same way.
    """
    rng = np.random.default_rng((seed, 40))
    path = _PATHS[rng.integers(len(_PATHS))](rng)
    path *= rng.uniform(*_SIZE_M) / max(float(np.abs(path).max()), 1e-9)
    turn = path @ (_LEVER_RAD_PER_M * rng.normal(size=(3, 3)) / np.sqrt(3))
    if rng.random() < _TURN_SHARE:
        own = _PATHS[rng.integers(len(_PATHS))](rng) * rng.dirichlet([0.5] * 3) ** 0.5
        turn += rng.uniform(*_TURN_RAD) * own / max(float(np.abs(own).max()), 1e-9)
    curve = CubicSpline(np.linspace(0, 1, _KNOTS), np.hstack([path, turn]))

    def shape(phase: Float64Array) -> tuple[Float64Array, Float64Array]:
        position, rotation = np.split(curve(np.clip(phase, 0, 1)), 2, axis=1)
        return position, rotation

    return shape


def _strokes(rng: np.random.Generator) -> Float64Array:
    """(knots, 3) from point to point in a plane, corners rounded by the hand."""
    corners = rng.normal(size=(rng.integers(2, 7), 3)) * (1, 1, _FLATNESS)
    corners = np.vstack([np.zeros(3), corners])
    corners[-1] = 0
    lengths = np.linalg.norm(np.diff(corners, axis=0), axis=1) ** 0.7  # far strokes are faster
    times = np.concatenate([[0], np.cumsum(lengths + 1e-6)])
    phase = np.linspace(0, times[-1], _KNOTS)
    part = np.clip(np.searchsorted(times, phase, side="right") - 1, 0, len(lengths) - 1)
    share = (phase - times[part]) / (lengths + 1e-6)[part]
    eased = share**3 * (10 - 15 * share + 6 * share**2)  # minimum jerk (Flash and Hogan 1985)
    path = corners[part] + eased[:, None] * (corners[part + 1] - corners[part])
    return _placed(_rounded(path, rng.uniform(0.5, 3.0)), rng)


def _loops(rng: np.random.Generator) -> Float64Array:
    """(knots, 3) of one to three harmonics: circles, eights, waves."""
    phase = 2 * np.pi * np.linspace(0, 1, _KNOTS)[:, None]
    path = np.zeros((_KNOTS, 3))
    for _ in range(rng.integers(1, 4)):
        harmonic = rng.choice([1, 1, 2, 2, 3, 4])
        sine, cosine = rng.normal(size=(2, 3)) * (1, 1, _FLATNESS) / harmonic
        path += sine * np.sin(harmonic * phase) + cosine * (np.cos(harmonic * phase) - 1)
    return _placed(path, rng)


def _thrust(rng: np.random.Generator) -> Float64Array:
    """(knots, 3) out and back, once or a few times, sharply or gently."""
    phase = np.linspace(0, 1, _KNOTS)[:, None]
    out = np.abs(np.sin(np.pi * rng.integers(1, 4) * phase)) ** rng.uniform(1.5, 5.0)
    bend = np.sin(np.pi * phase) ** 2 * rng.normal(size=3) * 0.3
    return _rounded(out * rng.normal(size=3) + bend, 0.7)


_PATHS = (_strokes, _strokes, _loops, _loops, _thrust)


def _rounded(path: Float64Array, knots: float) -> Float64Array:
    reach = np.arange(-9, 10)
    kernel = np.exp(-0.5 * (reach / knots) ** 2)
    kernel /= kernel.sum()
    padded = np.pad(path, ((9, 9), (0, 0)), mode="edge")
    smooth = np.stack([np.convolve(column, kernel, "valid") for column in padded.T], axis=1)
    fade = np.linspace(0, 1, len(path))[:, None]
    return np.asarray(smooth - smooth[0] - fade * (smooth[-1] - smooth[0]), np.float64)


def _placed(path: Float64Array, rng: np.random.Generator) -> Float64Array:
    """The drawing on a plane of any direction."""
    return np.asarray(Rotation.random(random_state=rng).apply(path), np.float64)
