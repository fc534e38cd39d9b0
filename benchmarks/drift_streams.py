"""Streams as a board sees them: rest, gesture, rest, ... around real gestures that were cut out.

What lies around a cut-out gesture was not recorded. It is made up so that a sensor could have read
it: the rate fades in to the gesture's first reading over 0.3 s and out from its last; the attitude
follows the rate; gravity is the gesture's own (its mean acceleration in one frame); what the first
reading has beyond gravity fades likewise. Between two gestures the board rests, is turned to the
next one's pose, and rests again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from imu_gesture.dataset.segments import LabelledRecording

Float64Array = NDArray[np.float64]

RATE_HZ = 119.0
FADE_S, REST_AFTER_S, TURN_S, REST_BEFORE_S = 0.3, 0.5, 0.7, 1.8


@dataclass(frozen=True, eq=False)
class Segment:
    """One gesture at RATE_HZ: acc_g, gyr_dps (n, 3)."""

    label: str
    acc_g: Float64Array
    gyr_dps: Float64Array


@dataclass(frozen=True, eq=False)
class Stream:
    """Readings of a perfect sensor at RATE_HZ, and where the gestures are.

    Attributes:
        acc_g, gyr_dps: (n, 3).
        labels: of the gestures, in order.
        start_s, end_s: (k,) of the gestures.
        rest_s: (k, 2) start and end of the rest before each gesture; empty where there is none.
    """

    acc_g: Float64Array
    gyr_dps: Float64Array
    labels: tuple[str, ...]
    start_s: Float64Array
    end_s: Float64Array
    rest_s: Float64Array

    @property
    def time_s(self) -> Float64Array:
        """(n,) of the readings."""
        times: Float64Array = np.arange(len(self.acc_g)) / RATE_HZ
        return times


def segments_of(recordings: Sequence[LabelledRecording]) -> list[Segment]:
    """Every labelled gesture, in the order of the files."""
    found = []
    for labelled in recordings:
        samples = labelled.recording.samples
        time_s = (samples.device_time_us - labelled.start_us) * 1e-6
        for label in labelled.gestures:
            rows = (time_s >= label.start_s - 1e-4) & (time_s <= label.end_s + 1e-4)
            acc_g, gyr_dps = samples.acc_g[rows], samples.gyr_or_zero_dps[rows]
            found.append(Segment(label.name, acc_g.astype(float), gyr_dps.astype(float)))
    return found


def still(up: Float64Array, seconds: float) -> Stream:
    """Nothing but rest; `up` (3,) in the board's frame."""
    nothing = np.zeros(0)
    acc_g, gyr_dps = _rest(up / np.linalg.norm(up), seconds)
    return Stream(acc_g, gyr_dps, (), nothing, nothing, np.zeros((0, 2)))


def stream_of(segments: Sequence[Segment], first_rest_s: float = REST_BEFORE_S) -> Stream:
    """All segments one after the other, `first_rest_s` of rest before the first."""
    parts: list[tuple[Float64Array, Float64Array]] = []
    spans: list[tuple[float, float, float, float]] = []
    up: Float64Array | None = None
    for segment in segments:
        around = _surroundings(segment)
        if up is not None:
            parts += [_rest(up, REST_AFTER_S), _turn(up, around.up_before)]
        rest_start_s = _length_s(parts)
        parts.append(_rest(around.up_before, first_rest_s if up is None else REST_BEFORE_S))
        rest_end_s = _length_s(parts)
        parts.append(around.fade_in)
        start_s = _length_s(parts)
        parts += [(segment.acc_g, segment.gyr_dps), around.fade_out]
        spans.append((start_s, start_s + len(segment.acc_g) / RATE_HZ, rest_start_s, rest_end_s))
        up = around.up_after
    if up is not None:
        parts.append(_rest(up, REST_AFTER_S))
    acc_g, gyr_dps = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    spanned = np.array(spans)
    labels = tuple(segment.label for segment in segments)
    return Stream(acc_g, gyr_dps, labels, spanned[:, 0], spanned[:, 1], spanned[:, 2:])


@dataclass(frozen=True, eq=False)
class _Surroundings:
    """What is made up around a segment: fades, and upwards (3,) in the board's frame at rest."""

    up_before: Float64Array
    up_after: Float64Array
    fade_in: tuple[Float64Array, Float64Array]
    fade_out: tuple[Float64Array, Float64Array]


def _surroundings(segment: Segment) -> _Surroundings:
    path = _attitudes(segment.gyr_dps)
    mean_g = path.apply(segment.acc_g).mean(axis=0)
    up_first = mean_g / np.linalg.norm(mean_g)
    up_last = path[-1].inv().apply(up_first)
    after = _fade(segment.acc_g[-1], segment.gyr_dps[-1], up_last)
    # Backwards in time, rates change their sign and accelerations do not.
    acc_g, gyr_dps = _fade(segment.acc_g[0], -segment.gyr_dps[0], up_first)
    return _Surroundings(acc_g[-1], after[0][-1], (acc_g[::-1], -gyr_dps[::-1]), after)


def _fade(
    acc_g: Float64Array, gyr_dps: Float64Array, up: Float64Array
) -> tuple[Float64Array, Float64Array]:
    """From a reading to rest."""
    n = round(FADE_S * RATE_HZ)
    share = _smooth(1 - np.arange(1, n + 1) / n)[:, None]
    rates = share * gyr_dps
    path = _attitudes(np.vstack([gyr_dps, rates]))[1:]
    return path.inv().apply(up + share * (acc_g - up)), rates


def _attitudes(gyr_dps: Float64Array) -> Rotation:
    """(n) from the board's frame at each reading to that at the first."""
    steps = np.radians((gyr_dps[1:] + gyr_dps[:-1]) / 2) / RATE_HZ
    path = [Rotation.identity()]
    for step in Rotation.from_rotvec(steps):
        path.append(path[-1] * step)
    return Rotation.concatenate(path)


def _turn(up: Float64Array, then: Float64Array) -> tuple[Float64Array, Float64Array]:
    """From a board at rest with `up` upwards to one with `then` upwards, by the shortest way."""
    n = round(TURN_S * RATE_HZ)
    normal = np.cross(up, then)
    sine = float(np.linalg.norm(normal))
    axis = normal / sine if sine > 1e-9 else np.zeros(3)
    angle = np.arctan2(sine, up @ then) * _smooth(np.arange(n + 1) / n)
    rates = -np.degrees(np.diff(angle))[:, None] * axis * RATE_HZ
    return Rotation.from_rotvec(angle[1:, None] * axis).apply(up), rates


def _rest(up: Float64Array, seconds: float) -> tuple[Float64Array, Float64Array]:
    n = round(seconds * RATE_HZ)
    return np.tile(up, (n, 1)), np.zeros((n, 3))


def _smooth(share: Float64Array) -> Float64Array:
    """From 0 to 1 without a jump in speed."""
    step: Float64Array = share**2 * (3 - 2 * share)
    return step


def _length_s(parts: list[tuple[Float64Array, Float64Array]]) -> float:
    return sum(len(acc_g) for acc_g, _ in parts) / RATE_HZ
