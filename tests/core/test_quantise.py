"""`quantise.h` against numpy's half-to-even rounding."""

import numpy as np
import pytest

from imu_gesture import _core


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.5, 0),
        (1.5, 2),
        (2.5, 2),
        (-0.5, 0),
        (-1.5, -2),
        (126.5, 126),
        (127.5, 127),
        (-128.5, -128),
        (1e30, 127),
        (-1e30, -128),
        (np.inf, 127),
        (-np.inf, -128),
        (np.nan, 0),
    ],
)
def test_halves_go_to_even_and_extremes_saturate(value: float, expected: int) -> None:
    quantised = _core.quantise(_core.QuantisationParams(1.0, 0), np.array([value], np.float32))
    assert quantised[0] == expected


def test_equals_numpy_on_random_values() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(0, 6, 100_000).astype(np.float32)
    for scale, zero_point in [(0.0645, -11), (0.1, 0), (0.003, 127)]:
        expected = np.clip(np.rint(values / np.float32(scale)) + zero_point, -128, 127)
        found = _core.quantise(_core.QuantisationParams(scale, zero_point), values)
        assert np.array_equal(found, expected.astype(np.int8))


def test_shape_is_kept_and_not_a_number_is_the_zero_point() -> None:
    values = np.full((2, 3, 6), np.nan, np.float32)
    found = _core.quantise(_core.QuantisationParams(0.5, -7), values)
    assert found.shape == (2, 3, 6)
    assert (found == -7).all()


def test_features_are_offset_and_gain_by_channel() -> None:
    offset = np.arange(6, dtype=np.float32)
    gain = np.array([1, 2, 4, 8, 16, 32], np.float32)
    rows = np.random.default_rng(1).normal(size=(4, 5, 6)).astype(np.float32)
    found = _core.features(_core.FeatureParams(offset, gain), rows)
    assert np.array_equal(found, (rows - offset) * gain)


def test_bad_parameters_are_refused() -> None:
    with pytest.raises(ValueError, match="scale"):
        _core.QuantisationParams(0.0, 0)
    with pytest.raises(ValueError, match="zero_point"):
        _core.QuantisationParams(1.0, 128)
    with pytest.raises(ValueError, match="3 or 6 channels"):
        _core.FeatureParams(np.zeros(4, np.float32), np.ones(4, np.float32))
