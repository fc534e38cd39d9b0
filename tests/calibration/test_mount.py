"""Two poses at rest turn any mount back into that of training, or are refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from imu_gesture import _core
from imu_gesture.calibration.mount import align_mount, mounted, pose_g
from imu_gesture.errors import CalibrationError
from imu_gesture.samples import Samples
from tests import make

Float64Array = NDArray[np.float64]
HANGING, FORWARD = np.array([0.1, -0.9, 0.42]), np.array([0.05, 0.2, 0.98])
THEN = np.array([pose / np.linalg.norm(pose) for pose in (HANGING, FORWARD)])


def resting(
    pose: Float64Array, seconds: float = 2.0, seed: int = 0, tremor: float = 0.0
) -> Samples:
    """On a table, or (`tremor` 1) on an arm that is held still."""
    n = int(seconds * 119)
    rng = np.random.default_rng(seed)
    samples = make.noise(n, seed)
    acc_g = pose + rng.normal(0, 0.004 + 0.03 * tremor, (n, 3))
    gyr_dps = 7.0 + rng.normal(0, 0.1 + 6 * tremor, (n, 3))
    return replace(samples, acc_g=acc_g.astype(np.float32), gyr_dps=gyr_dps.astype(np.float32))


def angle_deg(matrix: Float64Array, truth: Rotation) -> float:
    return float(np.degrees((Rotation.from_matrix(matrix) * truth).magnitude()))


@pytest.mark.parametrize("seed", range(8))
def test_any_mount_is_found(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sits = Rotation.random(rng=rng)
    now = np.array([pose_g(resting(sits.apply(pose), seed=seed)) for pose in THEN])
    mount = align_mount(THEN, now)
    assert angle_deg(mount.matrix, sits) < 0.2
    assert mount.angle_deg == pytest.approx(np.degrees(sits.magnitude()), abs=0.2)
    assert mount.disagreement_deg < 0.2


def test_poses_held_a_few_degrees_otherwise_cost_as_much() -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        sits = Rotation.random(rng=rng)
        off = Rotation.from_rotvec(np.radians(rng.normal(0, 2, (2, 3))))
        mount = align_mount(THEN, sits.apply(off.apply(THEN)))
        assert angle_deg(mount.matrix, sits) < 9


def test_the_calibration_turns_both_sensors_and_keeps_what_it_corrected() -> None:
    rng = np.random.default_rng(1)
    sits = Rotation.random(rng=rng)
    offset = np.array([0.05, -0.02, 0.01], np.float32)
    scale = np.diag([1.02, 0.97, 1.0]).astype(np.float32)
    affine = _core.AffineParams(scale, offset)
    found = mounted(_core.CalibrationParams(affine, affine), align_mount(THEN, sits.apply(THEN)))
    true = rng.normal(size=(50, 3))
    measured = (sits.apply(true) / np.diag(scale) + offset).astype(np.float32)
    for sensor in (found.acc, found.gyr):
        assert np.abs(_core.apply_affine(sensor, measured) - true).max() < 1e-5


def test_a_trembling_arm_is_calm_enough() -> None:
    assert np.linalg.norm(pose_g(resting(THEN[0], tremor=1.0)) - THEN[0]) < 0.02


def test_a_rest_within_movement_is_the_pose() -> None:
    still, moving = resting(THEN[0]), make.noise(300)
    times_us = np.concatenate([moving.device_time_us, still.device_time_us + 2_530_000])
    whole = Samples(
        times_us,
        np.concatenate([moving.acc_g, still.acc_g]),
        np.concatenate([moving.gyr_or_zero_dps, still.gyr_or_zero_dps]),
        np.arange(len(times_us)),
    )
    assert np.linalg.norm(pose_g(whole) - THEN[0]) < 0.01


@pytest.mark.parametrize(
    ("samples", "says"),
    [
        (make.noise(600), "no 1 s of rest"),
        (resting(THEN[0], 0.7), r"0\.7 s are too short"),
        (resting(THEN[0] * 1.4), r"reads 1\.40 g"),
    ],
    ids=["moving", "short", "not one g"],
)
def test_what_is_no_pose_is_refused(samples: Samples, says: str) -> None:
    with pytest.raises(CalibrationError, match=says):
        pose_g(samples)


@pytest.mark.parametrize(
    ("then", "now", "says"),
    [
        (THEN[[0, 0]], THEN, "held in training are only 0 degrees apart"),
        (THEN, THEN[[1, 1]], "held now are only 0 degrees apart"),
        (THEN, np.array([THEN[0], -THEN[0]]), "held now are only 0 degrees apart"),
        (THEN, np.array([[1.0, 0, 0], [0.5, 0.866, 0]]), "not the same"),
    ],
    ids=["training", "now", "upside down", "another pose"],
)
def test_poses_that_do_not_tell_are_refused(
    then: Float64Array, now: Float64Array, says: str
) -> None:
    with pytest.raises(CalibrationError, match=says):
        align_mount(then, now)
