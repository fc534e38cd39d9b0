"""Allan deviation of a board at rest, and only those figures that its length supports.

IEEE Std 952-1997, annex C; the overlapping estimator is that of Riley, NIST SP 1065, section 5.2.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from imu_gesture.calibration.affine import Float64Array
from imu_gesture.errors import CalibrationError

NOISE_LEAST_S = 120.0
BIAS_LEAST_S = 600.0
_POINTS_PER_DECADE = 10
_FEWEST_CLUSTERS = 5  # longer times are averages of fewer: they say little
_NOISE_BAND_S = (0.3, 3.0)
_SLOPE_OFF = 0.2
FLICKER = 0.664  # minimum of the deviation for a flicker of 1: sqrt(2 ln 2 / pi)
_TEMPERATURE_LEAST_K = 5.0


@dataclass(frozen=True, eq=False)
class AllanDeviation:
    """Deviations of one sensor's axes.

    Attributes:
        tau_s: (k,) averaging times.
        deviation: (k, axes) in the sensor's unit.
        relative_sd: (k,) standard deviation of the deviation, relative.
        duration_s: of the recording.
    """

    tau_s: Float64Array
    deviation: Float64Array
    relative_sd: Float64Array
    duration_s: float


@dataclass(frozen=True, eq=False)
class NoiseFigures:
    """What a datasheet would say; None where the recording does not support it.

    Attributes:
        density: (axes,) unit / sqrt(Hz): deviation at 1 s. Times 60 is the angular random walk in
            deg / sqrt(h), for a gyroscope.
        bias_instability: (axes,) unit.
        bias_tau_s: (axes,) where it was found.
        refusals: why a figure is missing.
    """

    density: Float64Array | None
    bias_instability: Float64Array | None
    bias_tau_s: Float64Array | None
    refusals: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class TemperatureSlope:
    """Change for each kelvin (axes,), its standard deviation, value at 25 °C, and the span seen."""

    per_k: Float64Array
    sd_per_k: Float64Array
    at_25_c: Float64Array
    span_k: float


def allan_deviation(values: Float64Array, rate_hz: float) -> AllanDeviation:
    """Overlapping Allan deviation of evenly sampled readings (n, axes) at rest.

    Raises:
        CalibrationError: fewer than 100 readings.
    """
    count = len(values)
    if count < 100:
        raise CalibrationError(
            f"characterise: {count} samples, at least 100 are needed; record for two minutes or "
            "more, the board at rest"
        )
    clusters = _cluster_sizes(count)
    away = values.astype(np.float64) - values.mean(axis=0)
    integral = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(away, axis=0)])
    deviation = np.array([_deviation(integral, int(size)) for size in clusters])
    return AllanDeviation(
        tau_s=clusters / rate_hz,
        deviation=deviation,
        relative_sd=1 / np.sqrt(2 * (count / clusters - 1)),
        duration_s=count / rate_hz,
    )


def noise_figures(allan: AllanDeviation) -> NoiseFigures:
    """Noise density and bias instability, or the reasons why there is none."""
    refusals = (*_no_density(allan), *_no_instability(allan))
    density = None if any(_no_density(allan)) else _density(allan)
    if any(_no_instability(allan)):
        return NoiseFigures(density, None, None, refusals)
    lowest = allan.deviation.argmin(axis=0)
    instability = allan.deviation.min(axis=0) / FLICKER
    return NoiseFigures(density, instability, allan.tau_s[lowest], refusals)


def temperature_slope(temperature_c: Float64Array, offsets: Float64Array) -> TemperatureSlope:
    """A line through offsets (n, axes) at rest against temperatures (n,).

    Raises:
        CalibrationError: the temperature changed too little.
    """
    span_k = float(np.ptp(temperature_c)) if len(temperature_c) else 0.0
    if span_k < _TEMPERATURE_LEAST_K or len(temperature_c) < 5:
        raise CalibrationError(
            f"characterise: the temperature changed by {span_k:.1f} K, "
            f"{_TEMPERATURE_LEAST_K:.0f} K are needed for a slope; start the recording with a "
            "cold board, and let it warm up"
        )
    design = np.column_stack([temperature_c - 25.0, np.ones(len(temperature_c))])
    solution, *_ = np.linalg.lstsq(design, offsets, rcond=None)
    left = offsets - design @ solution
    variance = (left**2).sum(axis=0) / (len(offsets) - 2)
    spread = np.linalg.inv(design.T @ design)[0, 0]
    return TemperatureSlope(solution[0], np.sqrt(variance * spread), solution[1], span_k)


def _cluster_sizes(count: int) -> Float64Array:
    longest = count // _FEWEST_CLUSTERS
    points = max(2, round(_POINTS_PER_DECADE * np.log10(longest)))
    sizes: Float64Array = np.unique(np.geomspace(1, longest, points).round())
    return sizes


def _deviation(integral: Float64Array, size: int) -> Float64Array:
    second = integral[2 * size :] - 2 * integral[size:-size] + integral[: -2 * size]
    deviation: Float64Array = np.sqrt(np.mean(second**2, axis=0) / 2) / size
    return deviation


def _band(allan: AllanDeviation) -> Float64Array:
    """(axes,) slope of the deviation around 1 s, both logarithmic: -1/2 for white noise."""
    low, high = _NOISE_BAND_S
    inside = (allan.tau_s >= low) & (allan.tau_s <= high)
    slopes: Float64Array = np.polyfit(
        np.log(allan.tau_s[inside]), np.log(np.maximum(allan.deviation[inside], 1e-12)), 1
    )[0]
    return slopes


def _density(allan: AllanDeviation) -> Float64Array:
    low, high = _NOISE_BAND_S
    inside = (allan.tau_s >= low) & (allan.tau_s <= high)
    scaled = allan.deviation[inside] * np.sqrt(allan.tau_s[inside])[:, None]
    density: Float64Array = np.exp(np.log(np.maximum(scaled, 1e-12)).mean(axis=0))
    return density


def _no_density(allan: AllanDeviation) -> Iterator[str]:
    if allan.duration_s < NOISE_LEAST_S:
        yield (f"noise density: {allan.duration_s:.0f} s of rest, {NOISE_LEAST_S:.0f} s are needed")
        return
    slopes = _band(allan)
    if np.any(np.abs(slopes + 0.5) > _SLOPE_OFF):
        yield (
            f"noise density: around 1 s the deviation falls with a slope of {slopes.min():.2f} to "
            f"{slopes.max():.2f}, white noise has -0.5; was the board shaken, or its temperature "
            "changing quickly?"
        )


def _no_instability(allan: AllanDeviation) -> Iterator[str]:
    if allan.duration_s < BIAS_LEAST_S:
        yield (
            f"bias instability: {allan.duration_s / 60:.0f} min of rest, "
            f"{BIAS_LEAST_S / 60:.0f} min are needed"
        )
    elif np.any(allan.deviation.argmin(axis=0) >= len(allan.tau_s) - 2):
        yield (
            "bias instability: the deviation still falls at the longest time that this recording "
            "supports; record for longer"
        )
