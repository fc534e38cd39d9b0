"""The sphere on the screen: each region in its place, as large as it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from imu_gesture.calibration.seen import Seen
from imu_gesture.calibration.sphere import region_borders, region_directions
from imu_gesture.live import theme
from imu_gesture.live.sphere_panel import HalfSphere
from imu_gesture.live.theme import sizes_for
from tests.screen import Pixels, share_of

SIDE = 400


def drawn(upper: bool, seen: Seen) -> Pixels:
    """(SIDE, SIDE, 3) one half of the sphere."""
    figure = Figure(figsize=(SIDE / 100, SIDE / 100), dpi=100)
    canvas: Any = FigureCanvasAgg(figure)
    half = HalfSphere(figure.add_axes((0, 0, 1, 1)), upper, sizes_for(figure))
    half.update(seen)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba(), np.uint8)[:, :, :3].copy()


def middle_of(pixels: Pixels, colour: str) -> tuple[float, float]:
    """Mean place of a colour: right and up from the picture's middle."""
    wanted = np.frombuffer(bytes.fromhex(colour.removeprefix("#")), np.uint8)
    rows, columns = np.nonzero((pixels == wanted).all(axis=-1))
    return float(columns.mean()) - SIDE / 2, SIDE / 2 - float(rows.mean())


@pytest.mark.parametrize("upper", [True, False])
def test_regions_have_equal_areas_on_the_screen(upper: bool) -> None:
    own = range(50) if upper else range(50, 100)
    shares = [share_of(drawn(upper, Seen(regions=frozenset({one}))), theme.BLUE) for one in own]
    assert np.ptp(shares) < 0.25 * np.mean(shares)  # borders take more of some than of others
    everything = share_of(drawn(upper, Seen(regions=frozenset(own))), theme.BLUE)
    assert everything == pytest.approx(sum(shares), rel=0.01)


@pytest.mark.parametrize("region", [0, 3, 20, 49, 50, 61, 84, 99])
def test_a_region_is_where_its_direction_points(region: int) -> None:
    """From above; from below, turned over about x."""
    upper = region < 50
    x, y, _ = region_directions()[region].tolist()
    right, up = middle_of(drawn(upper, Seen(regions=frozenset({region}))), theme.BLUE)
    expected = np.array([x, y if upper else -y])
    if region in {0, 99}:  # the poles' caps
        assert np.hypot(right, up) < 3
    else:
        assert np.array([right, up]) @ expected > 0.99 * np.hypot(right, up) * np.hypot(x, y)


def test_the_newest_reading_is_marked_in_its_half_only() -> None:
    upper, lower = (drawn(up, Seen(newest_region=70)) for up in (True, False))
    assert (upper < 80).all(axis=-1).sum() == 0
    assert (lower < 80).all(axis=-1).sum() >= 4


def test_borders_enclose_their_directions() -> None:
    for borders, (x, y, z) in zip(region_borders(), region_directions().tolist(), strict=True):
        assert borders.low <= z <= borders.high
        if borders.last - borders.first < np.pi:
            assert borders.first < np.arctan2(y, x) < borders.last
