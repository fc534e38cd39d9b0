"""Faults by name, alone and together."""

from __future__ import annotations

import numpy as np
import pytest

from imu_gesture.simulation.faults import FAULTS, Fault, together

FLIP, SWAP = FAULTS["gyroscope x flipped"], FAULTS["gyroscope x and y swapped"]


def test_each_permutes_axes_or_misses_a_scale() -> None:
    for fault in FAULTS.values():
        assert np.array_equal(np.abs(fault.axes).sum(axis=0), [1, 1, 1])
        assert np.array_equal(np.abs(fault.axes).sum(axis=1), [1, 1, 1])
        assert (fault.factor != 1) == np.array_equal(fault.axes, np.eye(3))


@pytest.mark.parametrize(
    ("faults", "sensor", "expected"),
    [
        ([], "gyr", (1, 2, 3)),
        ([FLIP], "acc", (1, 2, 3)),
        ([FLIP], "gyr", (-1, 2, 3)),
        ([FLIP, SWAP], "gyr", (2, -1, 3)),
        ([SWAP, FLIP], "gyr", (-2, 1, 3)),
    ],
)
def test_one_comes_after_the_other(
    faults: list[Fault], sensor: str, expected: tuple[int, ...]
) -> None:
    both = together(faults, sensor)
    assert tuple(both.axes @ [1, 2, 3]) == expected
    assert both.factor == 1


def test_wrong_scales_multiply() -> None:
    scales = [FAULTS["accelerometer in m/s2"], FAULTS["accelerometer in mg"]]
    assert together(scales, "acc").factor == pytest.approx(9806.65)
