"""`front_end.h`: what the model sees, against the same by scipy in double precision."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import cumulative_trapezoid
from scipy.spatial.transform import Rotation

from imu_gesture import _core
from tests.core.trajectories import Course, FloatArray, record, single

Float32Array = NDArray[np.float32]
SENSOR, GRAVITY, STROKE = _core.FrontEnd.SENSOR, _core.FrontEnd.GRAVITY, _core.FrontEnd.STROKE
PERIOD_US = 20_000
PERIOD_S = 0.02
SAMPLES = 48
UPS = {"z": (0.0, 0.0, 1.0), "y": (0.0, 1.0, 0.0), "between": (0.6, -0.48, 0.64)}


def seen(kind: _core.FrontEnd, windows: FloatArray, up: str = "z") -> Float32Array:
    params = _core.FrontEndParams(kind, UPS[up])
    return _core.front_end(params, PERIOD_US, single(windows))


def moving_windows(seed: int = 0) -> FloatArray:
    """(n, SAMPLES, 6) of a hand that turns and pushes."""
    course = Course(seed=seed, before_s=0.0, moving_s=12.0, after_s=0.0, rate_hz=50.0)
    trajectory = record(course)
    rows = np.hstack([trajectory.acc_g, trajectory.gyr_dps])
    n = len(rows) // SAMPLES
    return rows[: n * SAMPLES].reshape(n, SAMPLES, 6)


def turned(windows: FloatArray, mount: Rotation) -> FloatArray:
    """The same movement by a board that is mounted otherwise."""
    triples = windows.reshape(-1, 3) @ mount.as_matrix().T
    return triples.reshape(windows.shape)


def aligned_by_scipy(window: FloatArray, up: str) -> FloatArray:
    """(SAMPLES, 6) in double precision, from the definition."""
    acc_g, gyr_dps = window[:, :3], window[:, 3:]
    steps = np.radians((gyr_dps[1:] + gyr_dps[:-1]) / 2) * PERIOD_S
    attitude = [Rotation.identity()]
    for step in steps:
        attitude.append(attitude[-1] * Rotation.from_rotvec(step))
    path = Rotation.concatenate(attitude)
    gravity = path.apply(acc_g).mean(axis=0)
    gravity /= np.linalg.norm(gravity)
    usual = np.array(UPS[up])
    level = shortest(usual, np.array([0.0, 0.0, 1.0])) * shortest(gravity, usual)
    return np.hstack([(level * path).apply(acc_g), (level * path).apply(gyr_dps)])


def shortest(start: FloatArray, end: FloatArray) -> Rotation:
    axis = np.cross(start, end)
    sine = np.linalg.norm(axis)
    angle = np.arctan2(sine, start @ end)
    return Rotation.from_rotvec(axis * (angle / sine if sine > 0 else 0.0))


@pytest.mark.parametrize("channels", [3, 6])
def test_the_sensors_frame_is_what_comes_in(channels: int) -> None:
    windows = single(np.random.default_rng(0).normal(size=(5, SAMPLES, channels)))
    assert np.array_equal(_core.front_end(_core.FrontEndParams(), PERIOD_US, windows), windows)


@pytest.mark.parametrize("up", UPS)
@pytest.mark.parametrize("seed", range(3))
def test_gravity_frame_equals_the_definition(seed: int, up: str) -> None:
    windows = moving_windows(seed)
    expected = np.array([aligned_by_scipy(window, up) for window in windows])
    found = seen(GRAVITY, windows, up)
    assert np.abs(found[..., :3] - expected[..., :3]).max() < 1e-4
    assert np.abs(found[..., 3:] - expected[..., 3:]).max() < 0.02


@pytest.mark.parametrize("seed", range(3))
def test_stroke_is_the_gravity_frame_integrated(seed: int) -> None:
    windows = moving_windows(seed)
    aligned = np.array([aligned_by_scipy(window, "z") for window in windows])
    moving_g = aligned[..., :3] - [0, 0, 1] * np.linalg.norm(
        aligned[..., :3].mean(axis=1), axis=1
    ).reshape(-1, 1, 1)
    angle_deg = cumulative_trapezoid(aligned[..., 3:], dx=PERIOD_S, axis=1, initial=0)
    velocity_mps = cumulative_trapezoid(moving_g * 9.80665, dx=PERIOD_S, axis=1, initial=0)
    found = seen(STROKE, windows)
    assert np.abs(found[..., :3] - angle_deg).max() < 0.02
    assert np.abs(found[..., 3:] - velocity_mps).max() < 2e-3


@pytest.mark.parametrize("seed", range(6))
def test_at_rest_only_gravity_is_left_in_any_pose(seed: int) -> None:
    pose = Rotation.random(rng=np.random.default_rng(seed))
    window = np.zeros((1, SAMPLES, 6))
    window[..., :3] = pose.apply([0.0, 0.0, 1.0])
    for up in UPS:
        gravity = np.broadcast_to([0, 0, 1, 0, 0, 0], window.shape)
        assert np.abs(seen(GRAVITY, window, up) - gravity).max() < 1e-5
        assert np.abs(seen(STROKE, window, up)).max() < 1e-4


@pytest.mark.parametrize("kind", [GRAVITY, STROKE])
@pytest.mark.parametrize("seed", range(3))
def test_any_mount_changes_nothing_but_the_heading(kind: _core.FrontEnd, seed: int) -> None:
    windows = moving_windows(seed)
    mount = Rotation.random(rng=np.random.default_rng(seed))
    before, after = (
        seen(kind, w).reshape(-1, SAMPLES, 2, 3) for w in (windows, turned(windows, mount))
    )
    assert np.abs(before[..., 2] - after[..., 2]).max() < 0.05
    across = [np.linalg.norm(values[..., :2], axis=-1) for values in (before, after)]
    assert np.abs(across[0] - across[1]).max() < 0.05


@pytest.mark.parametrize("tilt_deg", [5, 20, 45, 80])
def test_a_grip_tilted_from_the_usual_one_changes_nothing(tilt_deg: float) -> None:
    window = np.zeros((1, SAMPLES, 6))
    window[..., :3] = [0.0, 0.0, 1.0]
    swing = np.sin(np.linspace(0, 2 * np.pi, SAMPLES))
    window[0, :, 0] += 0.5 * swing
    window[0, :, 1] -= 0.3 * swing
    axis = np.array([np.cos(0.4), np.sin(0.4), 0.0])
    tilted = turned(window, Rotation.from_rotvec(np.radians(tilt_deg) * axis))
    assert np.abs(seen(GRAVITY, window) - seen(GRAVITY, tilted)).max() < 1e-5


def test_half_a_turn_about_the_vertical_is_180_degrees_without_a_jump() -> None:
    window = np.zeros((1, SAMPLES, 6))
    window[..., :3] = [0, -1, 0]
    window[..., 3:] = [0, -180 / (PERIOD_S * (SAMPLES - 1)), 0]
    angle_deg = seen(STROKE, window, "z")[0, :, :3]
    assert np.allclose(angle_deg[-1], [0, 0, 180], atol=0.01)
    assert np.all(np.diff(angle_deg[:, 2]) > 0)


@pytest.mark.parametrize("up", UPS)
def test_upside_down_is_a_frame_too(up: str) -> None:
    window = np.zeros((1, SAMPLES, 6))
    window[..., :3] = -np.array(UPS[up])
    found = seen(GRAVITY, window, up)
    assert np.allclose(found[0, :, :3], [0, 0, 1], atol=1e-5)


def test_weightless_windows_stay_finite() -> None:
    for kind in (GRAVITY, STROKE):
        assert np.all(np.isfinite(seen(kind, np.zeros((1, SAMPLES, 6)))))


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="length 1"):
        _core.FrontEndParams(GRAVITY, (0.0, 0.0, 2.0))
    with pytest.raises(ValueError, match="6 channels wanted, got 3"):
        _core.front_end(_core.FrontEndParams(STROKE), PERIOD_US, np.zeros((1, 4, 3), np.float32))
