"""MotionCal's figures on readings whose figures are known."""

from __future__ import annotations

import numpy as np
import pytest

from imu_gesture.calibration.sphere import (
    covered,
    region_directions,
    regions_of,
    sphere_quality,
)


def directions(count: int, seed: int = 0) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    vectors = np.random.default_rng(seed).normal(size=(count, 3))
    unit: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = vectors / np.linalg.norm(
        vectors, axis=1, keepdims=True
    )
    return unit


def test_regions_have_equal_areas() -> None:
    counts = np.bincount(regions_of(directions(200_000)), minlength=100)
    assert len(counts) == 100
    assert np.abs(counts / 2000 - 1).max() < 0.12


def test_each_region_contains_its_middle() -> None:
    assert np.array_equal(regions_of(region_directions()), np.arange(100))


@pytest.mark.parametrize("missing", [0, 1, 37, 99])
def test_gaps_count_regions_without_readings(missing: int) -> None:
    middles = region_directions()[: 100 - missing]
    assert covered(middles).sum() == 100 - missing
    assert sphere_quality(50 * middles).gaps == pytest.approx(missing / 100)


def test_variance_and_fit_error_are_those_of_the_size() -> None:
    rng = np.random.default_rng(0)
    quality = sphere_quality(directions(20_000) * rng.normal(50, 1.0, (20_000, 1)))
    assert quality.variance == pytest.approx(0.02, rel=0.05)
    assert quality.fit_error == pytest.approx(0.02, rel=0.05)
    assert quality.field_ut == pytest.approx(50, abs=0.1)
    assert quality.wobble < 0.005


def test_wobble_is_a_centre_that_is_off() -> None:
    quality = sphere_quality(directions(20_000) * 50 + np.array([0, 0, 5.0]))
    # A shift lengthens readings along it: a third of it is left in the mean over all directions.
    assert quality.wobble == pytest.approx(0.1 / 3, rel=0.25)
    assert sphere_quality(directions(20_000) * 50).wobble < 0.005
