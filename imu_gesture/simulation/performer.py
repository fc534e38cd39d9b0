"""A person with habits who performs gestures, pauses and everyday movements.

Every draw comes from seeded generators: the same person and seed move in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.spatial.transform import Rotation

from imu_gesture.errors import InputError
from imu_gesture.labels import BACKGROUND, Label, is_background
from imu_gesture.simulation.motion import KEYFRAME_RATE_HZ, Float64Array, Motion, motion_through
from imu_gesture.simulation.strokes import Shape

REST = "rest"
_GESTURE_S = 0.9
_TREMOR_M = 3e-4
_TREMOR_RAD = 4e-3
_EVERYDAY_M = 0.06
_EVERYDAY_RAD = 0.5


def _circle(phase: Float64Array) -> tuple[Float64Array, Float64Array]:
    angle = 2 * np.pi * phase
    zero = np.zeros_like(phase)
    position = 0.14 * np.stack([np.sin(angle), zero, 1 - np.cos(angle)], axis=1)
    return position, 0.25 * np.stack([zero, np.sin(angle), zero], axis=1)


def _push(phase: Float64Array) -> tuple[Float64Array, Float64Array]:
    out_and_back = np.sin(np.pi * phase) ** 2
    zero = np.zeros_like(phase)
    return 0.28 * np.stack([zero, out_and_back, zero], axis=1), 0.3 * np.stack(
        [out_and_back, zero, zero], axis=1
    )


def _twist(phase: Float64Array) -> tuple[Float64Array, Float64Array]:
    turn = np.sin(np.pi * phase) ** 2
    zero = np.zeros_like(phase)
    return 0.02 * np.stack([turn, zero, zero], axis=1), 1.7 * np.stack([zero, turn, zero], axis=1)


def _wave(phase: Float64Array) -> tuple[Float64Array, Float64Array]:
    swing = np.sin(4 * np.pi * phase) * np.sin(np.pi * phase)
    zero = np.zeros_like(phase)
    return 0.12 * np.stack([swing, zero, zero], axis=1), 0.8 * np.stack([zero, zero, swing], axis=1)


# Shape of each gesture over its phase (n,) in [0, 1]: position (n, 3) in m, rotation vector (n, 3)
# in rad, both relative to the posture they start from and return to.
GESTURES: dict[str, Shape] = {
    "circle": _circle,
    "push": _push,
    "twist": _twist,
    "wave": _wave,
}


@dataclass(frozen=True)
class Action:
    """Something to do: a gesture's name, `background` or `rest`; a duration for the latter two."""

    name: str
    duration_s: float = 0.0


class Hand(Protocol):
    """Whoever moves a virtual board."""

    def perform(self, actions: list[Action]) -> Motion:
        """Do one thing after the other, starting and ending at rest."""
        ...


class Performer:
    """One person: size, tempo and tilt of all their movements, and the grip of the board.

    `gestures` are those that the person knows.
    """

    def __init__(self, seed: int, gestures: Mapping[str, Shape] = GESTURES) -> None:
        rng = np.random.default_rng((seed, 0))
        self._size = np.exp(rng.normal(0, 0.2))
        self._tempo = np.exp(rng.normal(0, 0.15))
        self._grip = rng.normal(0, 0.2, 3)
        self._plane = Rotation.from_rotvec(rng.normal(0, 0.15, 3))
        self._rng = np.random.default_rng((seed, 1))
        self._gestures = gestures

    def perform(self, actions: list[Action]) -> Motion:
        """Do one thing after the other, starting and ending at rest.

        Raises:
            InputError: an action is not known.
        """
        positions, rotations, labels, frames = [], [], [], 0
        for action in actions:
            position, rotation = self._keyframes(action)
            if action.name != REST:
                start_s, end_s = (
                    frames / KEYFRAME_RATE_HZ,
                    (frames + len(position)) / KEYFRAME_RATE_HZ,
                )
                labels.append(Label(start_s, end_s, action.name))
            frames += len(position)
            positions.append(position)
            rotations.append(rotation)
        position = np.concatenate(positions)
        rotation = np.concatenate(rotations) + self._grip
        position += self._noise(len(position), _TREMOR_M, 0.03)
        rotation += self._noise(len(rotation), _TREMOR_RAD, 0.03)
        return motion_through(position, rotation, labels)

    def _keyframes(self, action: Action) -> tuple[Float64Array, Float64Array]:
        if action.name in self._gestures:
            return self._gesture(action.name)
        frames = max(2, round(action.duration_s * KEYFRAME_RATE_HZ))
        if action.name == REST:
            return np.zeros((frames, 3)), np.zeros((frames, 3))
        if is_background(action.name):
            return self._everyday(frames)
        raise InputError(
            f"the virtual person cannot perform {action.name!r}; "
            f"choose from {', '.join((*self._gestures, BACKGROUND))}"
        )

    def _gesture(self, name: str) -> tuple[Float64Array, Float64Array]:
        rng = self._rng
        duration_s = _GESTURE_S / self._tempo * np.exp(rng.normal(0, 0.08))
        time = np.linspace(0, 1, round(duration_s * KEYFRAME_RATE_HZ))
        ease = time**3 * (10 - 15 * time + 6 * time**2)  # minimum jerk (Flash and Hogan 1985)
        warped = ease + rng.normal(0, 0.02) * np.sin(np.pi * ease)
        position, rotation = self._gestures[name](warped)
        size = self._size * np.exp(rng.normal(0, 0.1))
        plane = self._plane * Rotation.from_rotvec(rng.normal(0, 0.08, 3))
        return plane.apply(position) * size, rotation * size

    def _everyday(self, frames: int) -> tuple[Float64Array, Float64Array]:
        """Reaching, turning and stillness of changing vigour; begins and ends in the posture."""
        vigour = np.abs(self._noise(frames, 1.0, 1.5)[:, :1])
        fade = np.minimum(np.arange(frames), np.arange(frames)[::-1]) / KEYFRAME_RATE_HZ
        envelope = vigour * np.clip(fade, 0, 1)[:, None]
        position = self._noise(frames, _EVERYDAY_M, 0.25) * envelope
        rotation = self._noise(frames, _EVERYDAY_RAD, 0.3) * envelope
        return position, rotation

    def _noise(self, frames: int, spread: float, smooth_s: float) -> Float64Array:
        """(frames, 3) smooth noise of the given standard deviation."""
        sigma = smooth_s * KEYFRAME_RATE_HZ
        white = self._rng.normal(size=(frames, 3))
        smooth = np.asarray(gaussian_filter1d(white, sigma, axis=0, mode="nearest"), np.float64)
        return smooth * (spread * float(np.sqrt(2 * np.sqrt(np.pi) * sigma)))
