"""`calibration.h` and `sample.h`."""

import numpy as np
import pytest

from imu_gesture import _core


def test_affine_is_matrix_times_measured_minus_offset() -> None:
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(3, 3)).astype(np.float32)
    offset = rng.normal(size=3).astype(np.float32)
    measured = rng.normal(size=(50, 3)).astype(np.float32)
    found = _core.apply_affine(_core.AffineParams(matrix, offset), measured)
    expected = (measured.astype(np.float64) - offset) @ matrix.astype(np.float64).T
    assert np.allclose(found, expected, atol=1e-5)


def test_identity_changes_no_bit() -> None:
    measured = np.random.default_rng(1).normal(size=(100, 3)).astype(np.float32)
    assert np.array_equal(_core.apply_affine(_core.AffineParams(), measured), measured)


def test_parameters_are_kept() -> None:
    matrix = np.arange(9, dtype=np.float32).reshape(3, 3)
    offset = np.array([0.1, 0.2, 0.3], np.float32)
    params = _core.CalibrationParams(_core.AffineParams(matrix, offset), _core.AffineParams())
    assert np.array_equal(params.acc.matrix, matrix)
    assert np.array_equal(params.acc.offset, offset)
    assert np.array_equal(params.gyr.matrix, np.eye(3, dtype=np.float32))


def test_counts_times_scale_in_single_precision() -> None:
    counts = np.array([-32768, -1, 0, 1, 32767], np.int16)
    found = _core.counts_to_units(counts, 0.000122)
    assert np.array_equal(found, counts.astype(np.float32) * np.float32(0.000122))


def test_wrong_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(3, 3\)"):
        _core.AffineParams(np.zeros((2, 3), np.float32), np.zeros(3, np.float32))
    with pytest.raises(ValueError, match=r"\(n, 3\)"):
        _core.apply_affine(_core.AffineParams(), np.zeros((5, 2), np.float32))
