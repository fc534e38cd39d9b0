"""The magnetometer's online calibration: iron put onto BROAD's and onto simulated readings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from broad import Trial
from estimators import single
from form import Row, say
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from imu_gesture import _core

Float64Array = NDArray[np.float64]

_HARD_UT = 100.0
_SOFT = 0.1
_RATE_HZ = 20.0
_SECONDS = 60.0
_FIELD_UT = np.array([0.0, 19.0, -45.0])  # east, north, up
_NOISE_UT = 0.4
_ROTATIONS = ("02", "05", "08", "21", "30")
_TRANSLATIONS = ("15",)


@dataclass(frozen=True)
class Outcome:
    """Of one calibration: heading error after the last fit accepted, and whether there was any."""

    accepted: bool
    heading_deg: float


def iron(rng: np.random.Generator) -> tuple[Float64Array, Float64Array]:
    """Soft iron (3, 3), a symmetric change by a tenth, and hard iron (3,) in any direction."""
    change = rng.normal(size=(3, 3))
    change = change + change.T
    direction = rng.normal(size=3)
    soft = np.eye(3) + _SOFT * change / np.abs(np.linalg.eigvalsh(change)).max()
    return soft, _HARD_UT * direction / np.linalg.norm(direction)


def calibrate(field_ut: Float64Array, attitude: Rotation, rng: np.random.Generator) -> Outcome:
    """Readings of a true field (n, 3), iron added, taken in one by one."""
    soft, hard_ut = iron(rng)
    calibrator = _core.MagCalibrator()
    corrected, verdict = calibrator.run(single(field_ut @ soft.T + hard_ut))
    if not calibrator.accepted:
        return Outcome(False, float("nan"))
    after = int(np.flatnonzero(verdict == _core.MagFit.ACCEPTED)[-1])
    error = _heading_deg(attitude[after:], corrected[after:].astype(np.float64), field_ut[after:])
    return Outcome(True, float(np.sqrt(np.nanmean(error**2))))


def _heading_deg(attitude: Rotation, found: Float64Array, true: Float64Array) -> Float64Array:
    """Between the horizontal parts of two fields, with the true attitude."""
    east, north, _ = attitude.apply(found).T
    true_east, true_north, _ = attitude.apply(true).T
    turn = np.arctan2(east, north) - np.arctan2(true_east, true_north)
    angle: Float64Array = np.degrees(np.angle(np.exp(1j * turn)))
    return angle


def simulated_iron(seeds: int) -> Iterator[Row]:
    """A minute of turning about all axes, and about one, which must be refused."""
    say("magnetometer with iron")
    turned = [_dance(seed) for seed in range(4 * seeds)]
    note = f"{_HARD_UT:.0f} µT hard, {_SOFT:.0%} soft iron, simulated"
    yield from _accepted("mag.heading_deg", turned, note)
    about_one = [_one_axis(seed) for seed in range(4 * seeds)]
    yield _refused("mag.one_axis_accepted", about_one, "simulated")


def broad_iron(trials: list[Trial], seeds: int) -> Iterator[Row]:
    """The same iron on BROAD's readings: turning, and translation, which must be refused."""
    turned = [_on_trial(t, s) for t in trials if t.name in _ROTATIONS for s in range(seeds)]
    note = f"trials {', '.join(_ROTATIONS)}; 30 has a magnet beside its path"
    yield from _accepted("mag.broad_heading_deg", turned, note)
    pushed = [_on_trial(t, s) for t in trials if t.name in _TRANSLATIONS for s in range(seeds)]
    yield _refused("mag.translation_accepted", pushed, f"trial {_TRANSLATIONS[0]}")


def _accepted(name: str, outcomes: list[Outcome], note: str) -> Iterator[Row]:
    heading = [outcome.heading_deg for outcome in outcomes if outcome.accepted]
    found = f"{note}; accepted {len(heading)} of {len(outcomes)}"
    if heading:
        yield Row(name, float(np.mean(heading)), "deg", note=f"{found}, worst {max(heading):.2f}")


def _refused(name: str, outcomes: list[Outcome], note: str) -> Row:
    accepted = sum(outcome.accepted for outcome in outcomes)
    return Row(name, accepted, "fits", note=f"{note}; of {len(outcomes)}")


def _on_trial(trial: Trial, seed: int) -> Outcome:
    every = round(trial.rate_hz / _RATE_HZ)
    known = ~np.isnan(trial.attitude[::every]).any(axis=1)
    attitude = Rotation.from_quat(trial.attitude[::every][known], scalar_first=True)
    return calibrate(trial.mag_ut[::every][known], attitude, np.random.default_rng(seed))


def _dance(seed: int) -> Outcome:
    """A minute of smooth turning about all axes, 100 deg/s on each."""
    rng = np.random.default_rng(seed)
    n = round(_SECONDS * _RATE_HZ)
    smooth = np.convolve(rng.normal(size=3 * n), np.hanning(11), "same").reshape(3, n).T
    steps = np.radians(100.0) / _RATE_HZ * smooth / smooth.std()
    return _turned(steps, rng)


def _one_axis(seed: int) -> Outcome:
    """A minute about one axis, with a wobble of three degrees."""
    rng = np.random.default_rng(seed)
    n = round(_SECONDS * _RATE_HZ)
    axis = rng.normal(size=3)
    steps = np.tile(axis / np.linalg.norm(axis), (n, 1)) / _RATE_HZ
    return _turned(steps, rng, wobble_deg=3.0)


def _turned(steps: Float64Array, rng: np.random.Generator, wobble_deg: float = 0.0) -> Outcome:
    attitude = [Rotation.random(random_state=int(rng.integers(2**31)))]
    for step in steps[1:]:
        attitude.append(attitude[-1] * Rotation.from_rotvec(step))
    wobble = Rotation.from_rotvec(np.radians(wobble_deg) * rng.normal(size=steps.shape))
    turned = Rotation.concatenate(attitude) * wobble
    field_ut = turned.inv().apply(_FIELD_UT) + _NOISE_UT * rng.normal(size=steps.shape)
    return calibrate(field_ut, turned, rng)
