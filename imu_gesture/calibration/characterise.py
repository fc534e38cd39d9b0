"""What a board's inertial sensors are like, from one recording at rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu_gesture.calibration.affine import Float64Array
from imu_gesture.calibration.allan import (
    AllanDeviation,
    NoiseFigures,
    TemperatureSlope,
    allan_deviation,
    noise_figures,
    temperature_slope,
)
from imu_gesture.calibration.timebase import TimeBase, measure_time_base
from imu_gesture.errors import CalibrationError
from imu_gesture.link.link import TemperatureMeasured
from imu_gesture.recording.mcap_file import Recording
from imu_gesture.samples import Float32Array, Samples

_STILL_G, _STILL_DPS = 0.05, 5.0  # largest departure of a second's mean from the median
_SECOND_US = 1_000_000
_BLOCK_US = 10_000_000  # of readings that are set against one temperature


@dataclass(frozen=True, eq=False)
class Characteristics:
    """Figures of a board, each None where the recording does not support it.

    Attributes:
        gyr, acc: noise density and bias instability, in deg/s and g.
        slope: of the gyroscope's offset, deg/s for each kelvin.
        refusals: why figures are missing, and what to do for them.
    """

    duration_s: float
    time_base: TimeBase
    gyr_allan: AllanDeviation
    acc_allan: AllanDeviation
    gyr: NoiseFigures
    acc: NoiseFigures
    slope: TemperatureSlope | None
    refusals: tuple[str, ...]


def characterise(recording: Recording) -> Characteristics:
    """Judge a recording of a board that lay still.

    Raises:
        CalibrationError: it moved, samples are missing, or there is no gyroscope.
    """
    samples = recording.samples
    if samples.gyr_dps is None:
        raise CalibrationError("characterise: the recording has no gyroscope")
    time_base = measure_time_base(samples, recording.info.stated_rate_hz)
    if time_base.lost:
        raise CalibrationError(
            f"characterise: {time_base.lost} samples are missing, and an even row of them is "
            "needed; record again over a cable"
        )
    _check_still(samples)
    gyr_allan = allan_deviation(samples.gyr_dps.astype(np.float64), time_base.rate_hz)
    acc_allan = allan_deviation(samples.acc_g.astype(np.float64), time_base.rate_hz)
    gyr = noise_figures(gyr_allan)
    slope, why_not = _slope(recording)
    return Characteristics(
        duration_s=samples.duration_s,
        time_base=time_base,
        gyr_allan=gyr_allan,
        acc_allan=acc_allan,
        gyr=gyr,
        acc=noise_figures(acc_allan),
        slope=slope,
        refusals=(*gyr.refusals, *why_not),
    )


def _check_still(samples: Samples) -> None:
    """Each second's mean stays near the others'."""
    second = (samples.device_time_us - samples.device_time_us[0]) // _SECOND_US
    for name, values, limit in (
        ("accelerometer", samples.acc_g, _STILL_G),
        ("gyroscope", samples.gyr_or_zero_dps, _STILL_DPS),
    ):
        means = _means(values, second)
        away = np.abs(means - np.median(means, axis=0)).max(axis=1)
        if away.max() > limit:
            raise CalibrationError(
                f"characterise: the board moved at {int(away.argmax())} s ({name}); lay it on "
                "something heavy, leave it alone, and record again"
            )


def _slope(recording: Recording) -> tuple[TemperatureSlope | None, tuple[str, ...]]:
    """The gyroscope's offset against temperature, by blocks."""
    measured = [event for event in recording.events if isinstance(event, TemperatureMeasured)]
    if not measured:
        return None, ("characterise: no temperature was recorded, so there is no slope",)
    samples = recording.samples
    block = (samples.device_time_us - samples.device_time_us[0]) // _BLOCK_US
    offsets = _means(samples.gyr_or_zero_dps, block)
    middle_us = samples.device_time_us[0] + (np.unique(block) + 0.5) * _BLOCK_US
    times_us = np.array([event.device_time_us for event in measured], np.float64)
    temperature_c = np.interp(middle_us, times_us, [event.celsius for event in measured])
    try:
        return temperature_slope(temperature_c, offsets), ()
    except CalibrationError as error:
        return None, (str(error),)


def _means(values: Float32Array, group: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Float64Array:
    """(groups, axes) means of rows (n, axes) that belong together; groups stand in a row."""
    starts = np.flatnonzero(np.diff(group, prepend=group[0] - 1))
    sums = np.add.reduceat(values.astype(np.float64), starts, axis=0)
    means: Float64Array = sums / np.diff(np.append(starts, len(values)))[:, None]
    return means
