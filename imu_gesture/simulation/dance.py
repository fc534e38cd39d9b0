"""Hands that carry a board through a calibration: rests, faces, full turns, a figure-eight.

Every draw comes from the seed: poses are off by a few degrees, turns do not close exactly, and
moving hands tremble and swing the board on a lever.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.spatial.transform import Rotation

from imu_gesture.simulation.motion import KEYFRAME_RATE_HZ, Float64Array, Motion, motion_through
from imu_gesture.simulation.performer import Action

CALIBRATION = "calibration"  # an action, for those who know it
_UNTIL_TOLD_S = 90.0  # figure-eights go on until somebody says that it is enough
_STILL_S = 2.5
_MOVE_S = 1.5
_TURN_S = 4.0
_POSE_ERROR_DEG = 2.0
_CLOSURE_ERROR_DEG = 1.5
_SWAY_M = 0.03
_TREMOR_RAD = 0.01
_LEVER_M = 0.08
_WAVERING = 0.3

FACES = ((0, 0, 1), (0, 0, -1), (1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0))
EDGES = ((1, 1, 0), (-1, 0, 1), (0, 1, 1), (-1, -1, 0), (1, 0, -1), (0, -1, -1))


@dataclass(frozen=True)
class DancePlan:
    """What is done, in this order: rest, poses (upward directions), turns an axis, figure-eight.

    `pace` is how fast the figure-eight is, `strap` how the board is turned in the hand.
    """

    rest_s: float = 5.0
    poses: tuple[tuple[int, int, int], ...] = (*FACES, *EDGES)
    turns: int = 2
    eight_s: float = 60.0
    pace: float = 1.0
    closure_error_deg: float = _CLOSURE_ERROR_DEG
    strap: Rotation = field(default_factory=Rotation.identity)


class Dancer:
    """One person who follows a `DancePlan`."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng((seed, 30))
        self._attitudes: list[Rotation] = []
        self._moving: list[Float64Array] = []
        self._now = Rotation.identity()
        self._begun = False

    def perform(self, plan: DancePlan) -> Motion:
        """The whole calibration, as one motion, from where the last one ended."""
        self._start(plan.rest_s)
        for upward in plan.poses:
            self._go_to(self._pose(np.array(upward, float)))
            self._rest(_STILL_S)
        for axis in range(3) if plan.turns else ():
            self._turns(axis, plan)
        if plan.eight_s:
            self._eight(plan)
            self._rest(_STILL_S)
        return self._motion(strap=plan.strap)

    def turning(self, turning_s: float, rest_s: float = 1.0) -> Motion:
        """Lie flat, be turned about all axes for a few seconds, rest."""
        return self.perform(DancePlan(rest_s, (), 0, turning_s, pace=1.5))

    def rest(self, rest_s: float) -> Motion:
        """Go on lying as it lies."""
        self._attitudes, self._moving = [], []
        self._rest(rest_s)
        return self._motion()

    def sliding(self, sliding_s: float) -> Motion:
        """Be pushed about for a while, without being turned."""
        self._start(2.0)
        frames = round(sliding_s * KEYFRAME_RATE_HZ)
        self._append(Rotation.concatenate([self._now] * frames), _fade(frames))
        return self._motion(steady=True)

    def _start(self, rest_s: float) -> None:
        self._attitudes, self._moving = [], []
        flat = self._pose(np.array([0.0, 0.0, 1.0]))
        if self._begun:
            self._go_to(flat)
        self._now, self._begun = flat, True
        self._rest(rest_s)

    def _pose(self, upward: Float64Array) -> Rotation:
        """That direction of the board up, within the hand's accuracy, heading as it comes."""
        upward = upward / np.linalg.norm(upward)
        rotation, _ = Rotation.align_vectors(np.array([[0.0, 0.0, 1.0]]), upward[None])
        heading = Rotation.from_rotvec([0.0, 0.0, self._rng.uniform(-0.6, 0.6)])
        error = Rotation.from_rotvec(np.radians(self._rng.normal(0, _POSE_ERROR_DEG, 3)))
        return error * heading * rotation

    def _rest(self, rest_s: float) -> None:
        frames = round(rest_s * KEYFRAME_RATE_HZ)
        self._append(Rotation.concatenate([self._now] * frames), np.zeros(frames))

    def _go_to(self, goal: Rotation) -> None:
        path = (goal * self._now.inv()).as_rotvec()
        frames = round(_MOVE_S * self._rng.uniform(0.8, 1.4) * KEYFRAME_RATE_HZ)
        self._append(Rotation.from_rotvec(_ease(frames)[:, None] * path) * self._now, _fade(frames))
        self._now = goal

    def _turns(self, axis: int, plan: DancePlan) -> None:
        """Full turns on the table, there and back, with this axis up."""
        self._go_to(self._pose(np.eye(3)[axis]))
        self._rest(_STILL_S)
        for turn in range(plan.turns):
            error = np.radians(self._rng.normal(0, plan.closure_error_deg))
            angle = (2 * np.pi if turn % 2 == 0 else -2 * np.pi) + error
            frames = round(_TURN_S * self._rng.uniform(0.8, 1.4) * KEYFRAME_RATE_HZ)
            vertical = np.array([0.0, 0.0, angle])
            before = self._now
            turned = Rotation.from_rotvec(_ease(frames)[:, None] * vertical) * before
            self._append(turned, np.zeros(frames))
            self._now = Rotation.from_rotvec(vertical) * before
            self._rest(_STILL_S)

    def _eight(self, plan: DancePlan) -> None:
        frames = round(plan.eight_s * KEYFRAME_RATE_HZ)
        time_s = np.arange(frames) / KEYFRAME_RATE_HZ
        rate_hz = np.array([0.23, 0.11, 0.07]) * self._rng.uniform(0.85, 1.15, 3) * plan.pace
        noise = self._noise(frames, 3.0)
        wavering = 1 + _WAVERING * (noise - noise.mean(axis=0))  # no hand repeats itself
        phase = 2 * np.pi * np.cumsum(rate_hz * wavering, axis=0) / KEYFRAME_RATE_HZ
        roll, yaw = phase[:, 0], phase[:, 2]
        pitch = np.pi / 2 * np.sin(phase[:, 1])
        ramp = _eased(np.clip(time_s / 1.5, 0, 1))[:, None]  # from rest into the movement
        angles = np.stack([yaw, pitch, roll], axis=1) * ramp
        path = self._now * Rotation.from_euler("ZYX", angles)
        self._append(path, _fade(frames))
        self._now = path[-1]

    def _append(self, attitudes: Rotation, moving: Float64Array) -> None:
        self._attitudes.append(attitudes)
        self._moving.append(moving)

    def _motion(self, steady: bool = False, strap: Rotation | None = None) -> Motion:
        moving = np.concatenate(self._moving)[:, None]
        attitude = Rotation.concatenate(self._attitudes)
        if not steady:
            tremor = self._noise(len(moving), 0.05) * _TREMOR_RAD * moving
            attitude = attitude * Rotation.from_rotvec(tremor)
        sway = self._noise(len(moving), 0.2) * _SWAY_M * moving
        position = sway + attitude.apply([_LEVER_M, 0.0, 0.0])
        attitude = attitude * (strap or Rotation.identity())
        return motion_through(position, attitude.as_rotvec(), [])

    def _noise(self, frames: int, smooth_s: float) -> Float64Array:
        """(frames, 3) smooth, with unit deviation."""
        white = self._rng.normal(size=(frames, 3))
        smooth = gaussian_filter1d(white, smooth_s * KEYFRAME_RATE_HZ, axis=0)
        noise: Float64Array = smooth / smooth.std(axis=0)
        return noise


class DancingHand:
    """A hand that goes through one calibration, whatever it is asked to do, and then rests.

    When it is asked for a `CALIBRATION` it goes through another one; or it does so `again` and
    again.
    """

    def __init__(self, seed: int, plan: DancePlan | None = None, again: bool = False) -> None:
        self._dancer = Dancer(seed)
        self._plan = plan or DancePlan(eight_s=_UNTIL_TOLD_S)
        self._asked, self._again = True, again

    def perform(self, actions: list[Action]) -> Motion:
        """The whole dance at first; later the time that the actions take, at rest."""
        asked = self._asked or any(action.name == CALIBRATION for action in actions)
        self._asked = self._again
        if asked:
            return self._dancer.perform(self._plan)
        return self._dancer.rest(max(2.0, sum(action.duration_s for action in actions)))


class PosingHand:
    """Holds the two poses that tell a mount, again and again; the board is strapped on askew."""

    def __init__(self, seed: int, askew_deg: float = 40.0) -> None:
        axis = np.random.default_rng((seed, 31)).normal(size=3)
        strap = Rotation.from_rotvec(np.radians(askew_deg) * axis / np.linalg.norm(axis))
        self._dancer = Dancer(seed)
        self._plan = DancePlan(4.0, poses=((0, -1, 0),), turns=0, eight_s=0.0, strap=strap)

    def perform(self, actions: list[Action]) -> Motion:  # noqa: ARG002 - whatever it is asked to do
        """Both poses once."""
        return self._dancer.perform(self._plan)


def _ease(frames: int) -> Float64Array:
    """From 0 to 1 in so many frames."""
    return _eased(np.linspace(0, 1, frames))


def _eased(phase: Float64Array) -> Float64Array:
    """Minimum jerk (Flash and Hogan 1985)."""
    eased: Float64Array = phase**3 * (10 - 15 * phase + 6 * phase**2)
    return eased


def _fade(frames: int) -> Float64Array:
    """1 in the middle of a movement and 0 at both its ends."""
    to_end = np.minimum(np.arange(frames), np.arange(frames)[::-1]) / KEYFRAME_RATE_HZ
    faded: Float64Array = np.sin(np.pi / 2 * np.clip(to_end / 0.3, 0, 1)) ** 2
    return faded
