"""Sensors' newest readings as three curves each, on a scale that follows them in steps.

Axes and grid stay as they are on every scale, so a new one costs no more than three new figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from imu_gesture.live import theme
from imu_gesture.live.theme import AXIS_COLOURS, Sizes
from imu_gesture.samples import AXIS_NAMES, Float32Array

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.text import Text

_FULL = 0.9  # share of the scale that readings may fill
_ROOMY = 0.6  # a smaller scale is taken once they fill less than this share of it
_TICK = 2 / 3  # of the scale
_APART = 0.8  # distance of the letters at the curves' ends, relative to their size


@dataclass(frozen=True)
class TraceScale:
    """Name and unit of a sensor, and the scales it may have: from -limit to +limit."""

    name: str
    unit: str
    limits: tuple[float, ...]


SCALES = {
    "acc": TraceScale("accelerometer", "g", (1.5, 3, 6, 24)),
    "gyr": TraceScale("gyroscope", "deg/s", (45, 150, 450, 1500, 3000)),
    "mag": TraceScale("magnetometer", "µT", (75, 150, 300, 750, 3000)),
}


class TracePanel:
    """One sensor's curves in given axes, over so many seconds."""

    def __init__(self, axes: Axes, scale: TraceScale, seconds: float, sizes: Sizes) -> None:
        self._axes, self._scale = axes, scale
        self._step = 0
        letter_px = sizes.normal * theme.figure_of(axes).dpi / 72  # pixels
        self._apart = _APART * letter_px / (axes.bbox.height / 2)
        axes.set_xlim(-seconds, 0)
        axes.set_ylim(-1, 1)
        axes.set_facecolor(theme.PAPER)
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=sizes.small, labelcolor=theme.FAINT, color=theme.FAINT)
        axes.grid(visible=True, color=theme.EMPTY)
        axes.set_xticks(range(-round(seconds), 1), labels=[])
        axes.set_yticks([-_TICK, 0, _TICK], labels=[])
        axes.set_title(
            f"{scale.name}, {scale.unit}", loc="left", size=sizes.normal, color=theme.INK, pad=3
        )
        self._lines = [
            axes.plot([], [], color=AXIS_COLOURS[name], linewidth=2)[0] for name in AXIS_NAMES
        ]
        self._letters = [
            axes.text(0, 0, "", label=name, color=colour, size=sizes.normal, va="center")
            for name, colour in AXIS_COLOURS.items()
        ]
        for letter in self._letters:
            letter.set_fontweight("bold")
        self._figures = [_tick_figure(axes, place, sizes) for place in (-_TICK, 0, _TICK)]
        self._rescale()

    def show_times(self) -> None:
        """Write them below the axes."""
        ticks = self._axes.get_xticks().tolist()
        labels = [f"-{-tick:g}" for tick in ticks[:-1]]
        self._axes.set_xticks(ticks, labels=[*labels, "now, s"])

    @property
    def settled(self) -> list[Artist]:
        """What changes with the scale."""
        return [*self._figures]

    @property
    def artists(self) -> list[Artist]:
        """What moves."""
        return [*self._lines, *self._letters]

    @property
    def curves(self) -> list[Float32Array]:
        """What is drawn of x, y and z: (n,) each, in the sensor's unit."""
        limit = self._scale.limits[self._step]
        return [limit * np.asarray(line.get_ydata(), np.float32) for line in self._lines]

    @property
    def figures(self) -> list[str]:
        """What stands beside the ticks, from below."""
        return [figure.get_text() for figure in self._figures]

    def update(self, times_s: NDArray[np.float64], values: Float32Array) -> bool:
        """Show readings (n, 3) at times (n,) up to 0; True where the scale has changed."""
        before = self._step
        self._step = fitting_step(self._scale.limits, before, float(np.abs(values).max(initial=0)))
        shares = values / self._scale.limits[self._step]
        for axis, line in enumerate(self._lines):
            line.set_data(times_s, shares[:, axis])
        self._place_letters(shares)
        if self._step == before:
            return False
        self._rescale()
        return True

    def show(self, axes: bool, curves: bool) -> None:
        """What of it is there at all."""
        self._axes.set_visible(axes)
        for artist in self.artists:
            artist.set_visible(axes and curves)
        for figure in self._figures:
            figure.set_visible(axes)

    def _place_letters(self, shares: Float32Array) -> None:
        ends = shares[-1] if len(shares) else np.zeros(3, np.float32)
        for letter, height in zip(
            self._letters, spread_apart(ends.tolist(), self._apart), strict=True
        ):
            letter.set_position((0.05, height))
            letter.set_text(letter.get_label() if len(shares) else "")

    def _rescale(self) -> None:
        tick = self._scale.limits[self._step] * _TICK
        for figure, said in zip(self._figures, (f"-{tick:g}", "0", f"{tick:g}"), strict=True):
            figure.set_text(said)


def _tick_figure(axes: Axes, height: float, sizes: Sizes) -> Text:
    """Left of the axes, where a tick is."""
    return axes.text(
        -0.02,
        height,
        "",
        size=sizes.small,
        color=theme.FAINT,
        ha="right",
        va="center",
        transform=axes.get_yaxis_transform(),
    )


def fitting_step(limits: tuple[float, ...], step: int, largest: float) -> int:
    """Which scale suits readings up to `largest`, keeping the present one where it is not bad."""
    wanted = next(
        (i for i, limit in enumerate(limits) if largest <= _FULL * limit), len(limits) - 1
    )
    if wanted < step and largest > _ROOMY * limits[wanted]:
        return min(step, wanted + 1)
    return wanted


def spread_apart(values: list[float], distance: float) -> list[float]:
    """Values moved as little as makes neighbours differ by `distance`, in the same order.

    Least squares: without the distances, the moved values are a monotonic regression.
    """
    order = np.argsort(values, kind="stable")
    steps = distance * np.arange(len(values))
    placed = np.empty(len(values))
    placed[order] = isotonic_regression(np.array(values)[order] - steps).x + steps
    moved: list[float] = placed.tolist()
    return moved
