"""`mag_calibrator.h`: iron is found by turning the board about; otherwise nothing is made up."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.spatial.transform import Rotation

from imu_gesture import _core
from tests.core.trajectories import FIELD_UT, Course, FloatArray, perform, single

HARD_UT = np.array([60.0, -70.0, 40.0])  # 100 µT
SOFT = np.eye(3) + 0.1 * np.array([[0.6, 0.5, -0.3], [0.5, -0.8, 0.4], [-0.3, 0.4, 0.5]])
NOISE_UT = 0.4
READINGS = 1200


def measured(
    attitude: Rotation, seed: int, hard_ut: FloatArray | float = HARD_UT
) -> NDArray[np.float32]:
    """What the magnetometer of a board in these attitudes reads, twenty times a second."""
    field_ut = attitude.inv().apply(FIELD_UT)
    noise_ut = np.random.default_rng(seed).normal(size=field_ut.shape) * NOISE_UT
    return single(field_ut @ SOFT.T + hard_ut + noise_ut)


def dance(seed: int) -> Rotation:
    """A minute of turning about all axes."""
    course = Course(seed=seed, before_s=0.0, moving_s=60.0, after_s=0.0, turning_dps=100.0)
    return perform(course).attitude(np.linspace(0.1, 59.9, READINGS))


def wobble(degrees: float, seed: int) -> Rotation:
    """Slowly to and fro about one attitude; `degrees` is a standard deviation on each axis."""
    rng = np.random.default_rng(seed)
    smooth = gaussian_filter1d(rng.normal(size=(READINGS, 3)), 10, axis=0)
    turns = Rotation.from_rotvec(np.radians(degrees) * smooth / smooth.std())
    return turns * Rotation.from_rotvec(rng.normal(size=3))


def about_one_axis(wobble_deg: float, seed: int) -> Rotation:
    """Turning about a fixed axis for a minute, not quite steadily."""
    rng = np.random.default_rng(seed)
    axis = rng.normal(size=3)
    angle = np.arange(READINGS)[:, None] / 20
    turns = Rotation.from_rotvec(angle * axis / np.linalg.norm(axis))
    shaking = Rotation.from_rotvec(np.radians(wobble_deg) * rng.normal(size=(READINGS, 3)))
    return turns * shaking * Rotation.from_rotvec(rng.normal(size=3))


def angles_deg(found: NDArray[np.float32], attitude: Rotation) -> FloatArray:
    """Between corrected readings and the true field."""
    true = attitude.inv().apply(FIELD_UT)
    cosine = np.sum(found * true, axis=1)
    cosine /= np.linalg.norm(found, axis=1) * np.linalg.norm(true, axis=1)
    angles: FloatArray = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    return angles


@pytest.mark.parametrize("seed", range(5))
def test_a_dance_finds_hard_and_soft_iron(seed: int) -> None:
    attitude = dance(seed)
    calibrator = _core.MagCalibrator()
    corrected, verdict = calibrator.run(measured(attitude, seed))
    accepted = int(np.argmax(verdict == _core.MagFit.ACCEPTED))
    assert calibrator.accepted
    assert angles_deg(corrected[:accepted], attitude[:accepted]).mean() > 20
    assert angles_deg(corrected[accepted:], attitude[accepted:]).mean() < 1.5
    assert np.abs(calibrator.correction.offset - HARD_UT).max() < 1.5
    assert calibrator.field_ut == pytest.approx(np.linalg.norm(FIELD_UT), rel=0.05)


REFUSED = {
    "still": lambda seed: wobble(0.01, seed),
    "translation, a hand that shakes": lambda seed: wobble(2.0, seed),
    "wobbling by 10 degrees": lambda seed: wobble(10.0, seed),
    "one axis": lambda seed: about_one_axis(0.0, seed),
    "one axis, 3 degrees of wobble": lambda seed: about_one_axis(3.0, seed),
}


@pytest.mark.parametrize("name", REFUSED)
def test_too_few_directions_are_refused(name: str) -> None:
    for seed in range(5):
        calibrator = _core.MagCalibrator()
        raw = measured(REFUSED[name](seed), seed)
        corrected, verdict = calibrator.run(raw)
        assert not calibrator.accepted
        assert set(np.unique(verdict)) <= {
            _core.MagFit.NONE,
            _core.MagFit.TOO_FEW_READINGS,
            _core.MagFit.TOO_FEW_DIRECTIONS,
            _core.MagFit.NOT_EARTHS_FIELD,
        }
        assert np.array_equal(corrected, raw)


def test_a_changing_field_around_a_board_at_rest_is_refused() -> None:
    for seed in range(5):
        drift = gaussian_filter1d(
            np.random.default_rng(seed).normal(size=(READINGS, 3)), 20, axis=0
        )
        calibrator = _core.MagCalibrator()
        calibrator.run(measured(wobble(0.01, seed), seed) + single(150 * drift))
        assert not calibrator.accepted


def test_wrong_units_are_named() -> None:
    calibrator = _core.MagCalibrator(_core.MagCalibratorParams(step_ut=0.04))
    _, verdict = calibrator.run(measured(dance(0), 0) / np.float32(100))  # gauss
    assert not calibrator.accepted
    assert _core.MagFit.NOT_EARTHS_FIELD in verdict


def test_new_iron_is_followed() -> None:
    calibrator = _core.MagCalibrator()
    calibrator.run(measured(dance(1), 1))
    moved_ut = HARD_UT + np.array([30.0, 10.0, -20.0])
    for seed in range(2, 6):
        calibrator.run(measured(dance(seed), seed, moved_ut))
    assert np.abs(calibrator.correction.offset - moved_ut).max() < 2.0


def test_a_run_cut_in_two_has_the_same_bits() -> None:
    raw = measured(dance(3), 3)
    whole, first, second = _core.MagCalibrator(), _core.MagCalibrator(), _core.MagCalibrator()
    expected, _ = whole.run(raw)
    first.run(raw[:500])
    second.restore(first.state())
    found, _ = second.run(raw[500:])
    assert np.array_equal(found, expected[500:])
    assert second.state() == whole.state()


def test_a_calibration_from_before_is_used_at_once() -> None:
    matrix: FloatArray = np.linalg.inv(SOFT).astype(np.float64)
    attitude = dance(4)
    calibrator = _core.MagCalibrator()
    calibrator.know(_core.AffineParams(single(matrix), single(HARD_UT)))
    corrected, _ = calibrator.run(measured(attitude, 4)[:50])
    assert angles_deg(corrected, attitude[:50]).mean() < 1.0
