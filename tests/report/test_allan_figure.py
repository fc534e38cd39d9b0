"""The figure of the Allan deviation says what was found, and nothing that was not."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from imu_gesture.calibration.allan import FLICKER, allan_deviation, noise_figures
from imu_gesture.calibration.characterise import Characteristics
from imu_gesture.calibration.timebase import TimeBase
from imu_gesture.report.allan_figure import draw_allan, save_allan

RATE_HZ = 50.0
GYR_SD_DPS, ACC_SD_G = np.array([0.05, 0.1, 0.2]), np.array([1e-3, 2e-3, 4e-3])
WALK_DPS = 0.004  # after one second


def found(minutes: float) -> Characteristics:
    """Of white noise, and a gyroscope that wanders."""
    rng = np.random.default_rng(0)
    n = int(minutes * 60 * RATE_HZ)
    gyr = rng.normal(0, GYR_SD_DPS, (n, 3))
    gyr += np.cumsum(rng.normal(0, WALK_DPS / np.sqrt(RATE_HZ), (n, 3)), axis=0)
    acc = rng.normal(0, ACC_SD_G, (n, 3))
    gyr_allan, acc_allan = allan_deviation(gyr, RATE_HZ), allan_deviation(acc, RATE_HZ)
    base = TimeBase(rate_hz=RATE_HZ, rate_sd_hz=0.0, stated_hz=RATE_HZ, jitter_us=0.0, lost=0)
    figures = noise_figures(gyr_allan), noise_figures(acc_allan)
    return Characteristics(n / RATE_HZ, base, gyr_allan, acc_allan, *figures, None, ())


def drawn(minutes: float) -> tuple[Characteristics, dict[str, Axes], str]:
    """What was to be drawn, the axes by sensor, and all words beside them."""
    figure, what = Figure(figsize=(12.8, 7.2), dpi=100), found(minutes)
    draw_allan(figure, what, "rest.mcap")
    words = "\n".join(text.get_text() for text in figure.texts)
    return what, {str(axes.get_label()): axes for axes in figure.axes}, words


def lines(axes: Axes, style: str) -> list[np.ndarray]:
    """(2 or more, 2) points of the lines in this style."""
    return [np.asarray(line.get_xydata()) for line in axes.lines if line.get_linestyle() == style]


def slope(line: np.ndarray) -> float:
    (x0, y0), (x1, y1) = line[0], line[-1]
    return math.log(y1 / y0) / math.log(x1 / x0)


def test_the_curves_are_those_of_the_axes() -> None:
    what, axes, _ = drawn(3)
    for name, allan in (("gyroscope", what.gyr_allan), ("accelerometer", what.acc_allan)):
        curves = lines(axes[name], "-")
        assert len(curves) == 3
        for place, curve in enumerate(curves):
            assert np.allclose(curve, np.stack([allan.tau_s, allan.deviation[:, place]], axis=1))
    assert [axes[name].get_ylabel().split(", ")[1] for name in axes] == ["deg/s", "g"]
    assert axes["gyroscope"].get_xlabel().endswith(", s")


def test_noise_is_a_line_of_slope_minus_a_half_through_the_density_at_one_second() -> None:
    what, axes, words = drawn(3)
    dashed = lines(axes["gyroscope"], "--")
    assert [slope(line) for line in dashed] == pytest.approx([-0.5] * 3)
    at_1_s = [math.sqrt(line[0][1] * line[-1][1]) for line in dashed]  # in its middle
    assert at_1_s == pytest.approx((GYR_SD_DPS / math.sqrt(RATE_HZ)).tolist(), rel=0.15)
    assert what.acc.density is not None
    assert f"x {what.acc.density[0] * 1e6:.3g}" in words


def test_instability_is_level_where_the_curve_is_lowest() -> None:
    what, axes, words = drawn(15)
    level = lines(axes["gyroscope"], ":")
    assert [slope(line) for line in level] == pytest.approx([0, 0, 0])
    lowest = what.gyr_allan.deviation.min(axis=0)
    assert [line[0][1] for line in level] == pytest.approx(lowest.tolist())
    assert f"x {lowest[0] / FLICKER * 3600:.3g}" in words


@pytest.mark.parametrize(
    ("minutes", "missing", "dashed", "dotted"),
    [
        (1, "noise density: 60 s of rest, 120 s are needed", 0, 0),
        (3, "bias instability: 3 min of rest, 10 min are needed", 3, 0),
    ],
)
def test_what_the_length_does_not_support_is_not_drawn_but_said(
    minutes: float, missing: str, dashed: int, dotted: int
) -> None:
    _, axes, words = drawn(minutes)
    assert len(lines(axes["gyroscope"], "--")) == dashed
    assert len(lines(axes["gyroscope"], ":")) == dotted
    assert missing in " ".join(words.split())


def test_longer_times_than_the_recording_supports_are_grey() -> None:
    what, axes, _ = drawn(3)
    (grey,) = axes["gyroscope"].patches
    box = grey.get_extents().transformed(axes["gyroscope"].transData.inverted())
    assert (box.x0, box.x1) == pytest.approx((what.gyr_allan.tau_s[-1], what.duration_s))


@pytest.mark.parametrize(
    ("ending", "magic"),
    [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF"), ("PNG", b"\x89")],
)
def test_files_have_their_format_and_the_same_bytes_every_time(
    ending: str, magic: bytes, tmp_path: Path
) -> None:
    first, second = tmp_path / f"a.{ending}", tmp_path / f"b.{ending}"
    for path in (first, second):
        save_allan(found(3), "rest.mcap", path)
    assert first.read_bytes().startswith(magic)
    assert first.read_bytes() == second.read_bytes()
