"""Which side of an input is time: told by the window or the channels, else asked for."""

from __future__ import annotations

import numpy as np
import pytest

from imu_gesture.errors import ModelError
from imu_gesture.learning.foreign.axes import Layout, WindowShape, find_axes


@pytest.mark.parametrize(
    ("shape", "window", "layout", "found", "order"),
    [
        ((1, 64, 6), None, None, (64, 6), "samples-channels"),
        ((1, 6, 64), None, None, (64, 6), "channels-samples"),
        ((1, 64, 1, 6), None, None, (64, 6), "samples-channels"),
        ((1, 6, 64, 1), None, None, (64, 6), "channels-samples"),
        ((1, 6, 1, 64), None, None, (64, 6), "channels-samples"),
        ((1, 1, 64, 6), None, None, (64, 6), "samples-channels"),
        ((1, 3, 40), None, None, (40, 3), "channels-samples"),
        ((1, 3, 40), (40, 3), None, (40, 3), "channels-samples"),
        ((1, 64, 9), (64, 9), None, (64, 9), "samples-channels"),
        ((1, 9, 9), (9, 9), "channels-samples", (9, 9), "channels-samples"),
        ((1, 384), (64, 6), "samples-channels", (64, 6), "samples-channels"),
    ],
)
def test_the_sides_are_told_apart(
    shape: tuple[int, ...],
    window: WindowShape | None,
    layout: Layout | None,
    found: WindowShape,
    order: str,
) -> None:
    axes = find_axes(shape, window, layout)
    assert (axes.window, axes.layout) == (found, order)


@pytest.mark.parametrize(
    ("shape", "window", "layout", "message"),
    [
        ((1, 9, 9), (9, 9), None, "in two orders; say which with --layout"),
        ((1, 384), (64, 6), None, "in two orders"),
        ((1, 384), None, "samples-channels", "name a run with --like"),
        ((1, 64, 6), (48, 6), None, "does not fit windows of 48 samples and 6 channels"),
        ((1, 64, 6), None, "channels-samples", "as channels-samples: two sides"),
        ((1, 64, 9), None, None, "3 or 6 channels"),
        ((1, 64, 2, 6), None, None, "two sides are wanted"),
        ((1, 4, 6), None, None, "8 to 256 samples"),
        ((1, 257, 6), None, None, "8 to 256 samples"),
    ],
)
def test_what_fits_no_window_or_two_ways_is_refused(
    shape: tuple[int, ...], window: WindowShape | None, layout: Layout | None, message: str
) -> None:
    with pytest.raises(ModelError, match=message):
        find_axes(shape, window, layout)


def test_windows_are_arranged_as_the_model_wants_them() -> None:
    windows = np.arange(2 * 16 * 6, dtype=np.float32).reshape(2, 16, 6)
    assert np.array_equal(find_axes((1, 16, 1, 6), None, None).arranged(windows)[:, :, 0], windows)
    turned = find_axes((1, 6, 16, 1), None, None).arranged(windows)
    assert np.array_equal(turned[..., 0], windows.transpose(0, 2, 1))
    flat = find_axes((1, 96), (16, 6), "channels-samples").arranged(windows)
    assert np.array_equal(flat, windows.transpose(0, 2, 1).reshape(2, 96))
