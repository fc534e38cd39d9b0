"""The Allan deviation of a board's inertial sensors, with the figures that were read from it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from imu_gesture.calibration.affine import Float64Array
from imu_gesture.calibration.allan import FLICKER, AllanDeviation, NoiseFigures
from imu_gesture.calibration.characterise import Characteristics
from imu_gesture.live import theme
from imu_gesture.live.display import check_packages
from imu_gesture.live.layers import Artists, Redraw
from imu_gesture.live.theme import AXIS_COLOURS, Sizes, sizes_for

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = ("png", "svg", "pdf")
_SIZE_INCHES, _DPI = (12.8, 7.2), 100
_METADATA = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
_MARKERS = {"x": "o", "y": "s", "z": "^"}
_WORDS_HEIGHT = 0.27  # below the axes, with the labels of these
_DENSITY_REACH = 30.0  # its line is drawn from 1 s divided by this to 1 s multiplied by it
_BIAS_REACH = 4.0


def save_allan(found: Characteristics, name: str, path: Path) -> None:
    """Write the figure in the format of the file's ending; the same input gives the same bytes.

    Raises:
        WindowError: matplotlib is not installed.
    """
    check_packages("matplotlib")
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=_SIZE_INCHES, dpi=_DPI, facecolor=theme.PAPER)
    FigureCanvasAgg(figure)
    draw_allan(figure, found, name)
    ending = path.suffix.removeprefix(".").lower()
    with mpl.rc_context({"svg.hashsalt": "imu-gesture"}):
        figure.savefig(path, format=ending, metadata=_METADATA[ending])


class AllanView:
    """The figure in a window."""

    def __init__(self, found: Characteristics, name: str) -> None:
        self.title = f"imu-gesture characterise: {name}"
        self._found, self._name = found, name

    def build(self, figure: Figure, bottom: float) -> Artists:
        """Draw it."""
        draw_allan(figure, self._found, self._name, bottom)
        return Artists()

    def update(self) -> Redraw:
        """Nothing ever changes."""
        return Redraw.NOTHING


@dataclass(frozen=True, eq=False)
class _Sensor:
    """What is drawn of a sensor; its figures in the units of datasheets, each with a factor."""

    name: str
    unit: str
    allan: AllanDeviation
    figures: NoiseFigures
    noise: tuple[str, float]
    instability: tuple[str, float]

    @property
    def words(self) -> str:
        """Figures of the axes, and why some are missing."""
        found = (
            ("- -  noise", self.figures.density, *self.noise),
            (
                "\N{MIDDLE DOT}" * 3 + "  instability",
                self.figures.bias_instability,
                *self.instability,
            ),
        )
        said = [
            f"{name} {_by_axis(values * factor)} {unit}"
            for name, values, unit, factor in found
            if values is not None
        ]
        return "\n".join([*said, *self.figures.refusals])


def draw_allan(figure: Figure, found: Characteristics, name: str, bottom: float = 0.0) -> None:
    """Gyroscope and accelerometer side by side, above `bottom` (share of the height)."""
    sizes = sizes_for(figure)
    minutes = found.duration_s / 60
    title = f"{name}: {minutes:.1f} min at rest, {found.time_base.rate_hz:.1f} Hz"
    figure.text(0.03, 0.945, title, size=sizes.large, color=theme.INK)
    hourly, micro = ("deg/h", 3600), ("µg", 1e6)
    sensors = (
        _Sensor("gyroscope", "deg/s", found.gyr_allan, found.gyr, ("deg/s/√Hz", 1), hourly),
        _Sensor("accelerometer", "g", found.acc_allan, found.acc, ("µg/√Hz", 1e6), micro),
    )
    low = bottom + _WORDS_HEIGHT
    for sensor, left in zip(sensors, (0.03, 0.53), strict=True):
        axes = figure.add_axes((left + 0.06, low, 0.39, 0.88 - low), label=sensor.name)
        _draw_sensor(axes, sensor, sizes)
        room = (0.45, 0.13)
        words, size = theme.fitted(sensor.words, figure, room, (sizes.normal, sizes.small))
        figure.text(left, low - 0.125, words, size=size, color=theme.INK, va="top")


def _draw_sensor(axes: Axes, sensor: _Sensor, sizes: Sizes) -> None:
    allan = sensor.allan
    _prepare(axes, sensor, sizes)
    for place, (name, colour) in enumerate(AXIS_COLOURS.items()):
        deviation, sd = allan.deviation[:, place], allan.relative_sd
        low, high = deviation / (1 + sd), deviation * (1 + sd)
        axes.fill_between(allan.tau_s, low, high, color=colour, alpha=0.15, lw=0)
        axes.plot(
            allan.tau_s, deviation, color=colour, marker=_MARKERS[name], markersize=4, label=name
        )
        _draw_figures(axes, sensor.figures, place)
    _grey_unsupported(axes, allan, sizes)
    axes.legend(fontsize=sizes.normal, loc="lower left", frameon=False)


def _prepare(axes: Axes, sensor: _Sensor, sizes: Sizes) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(float(sensor.allan.tau_s[0]), sensor.allan.duration_s)
    axes.tick_params(labelsize=sizes.small)
    axes.grid(visible=True, which="both", color=theme.EMPTY)
    axes.set_title(sensor.name, loc="left", size=sizes.normal, color=theme.INK)
    axes.set_ylabel(f"Allan deviation, {sensor.unit}", size=sizes.normal, color=theme.INK)
    axes.set_xlabel("averaging time τ, s", size=sizes.normal, color=theme.INK)


def _draw_figures(axes: Axes, figures: NoiseFigures, place: int) -> None:
    """Lines of slope -1/2 through the density at 1 s, and of slope 0 at the least deviation."""
    if figures.density is not None:
        tau_s = np.array([1 / _DENSITY_REACH, _DENSITY_REACH])
        line = figures.density[place] / np.sqrt(tau_s)
        axes.plot(tau_s, line, "--", color=theme.INK, lw=1.2, scalex=False, zorder=3)
    if figures.bias_instability is not None and figures.bias_tau_s is not None:
        tau_s = figures.bias_tau_s[place] * np.array([1 / _BIAS_REACH, _BIAS_REACH])
        level = np.full(2, figures.bias_instability[place] * FLICKER)
        axes.plot(tau_s, level, ":", color=theme.INK, lw=2.0, scalex=False, zorder=3)


def _grey_unsupported(axes: Axes, allan: AllanDeviation, sizes: Sizes) -> None:
    """Averaging times of which the recording holds too few."""
    longest_s = float(allan.tau_s[-1])
    axes.axvspan(longest_s, allan.duration_s, color=theme.EMPTY, zorder=0)
    middle_s = float(np.sqrt(longest_s * allan.duration_s))
    text = axes.text(middle_s, 0.5, "recording too short", transform=axes.get_xaxis_transform())
    text.set(rotation=90, ha="center", va="center", size=sizes.small, color=theme.FAINT)


def _by_axis(values: Float64Array) -> str:
    x, y, z = values
    return f"x {x:.3g}  y {y:.3g}  z {z:.3g}"
