"""What the sensors say while the board lies still, where the truth is known.

At rest an accelerometer reads 1 g, a gyroscope nothing but its offset, anywhere on Earth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imu_gesture.recording.problem import Problem, found
from imu_gesture.recording.timing import Timing
from imu_gesture.samples import Float32Array, Samples

_BLOCK_S = 0.5
_FEWEST_BLOCKS = 2
# A hand that holds still trembles by 50 mg and 10 deg/s, which half a second averages out. A share
# of gravity, as the unit may be wrong; in g where gravity was removed.
_CALM_ACC_SHARE = 0.1
_CALM_ACC_G = 0.05
_CALM_GYR_DPS = 15.0
# LSM9DS1 datasheet, table 3: 90 mg of offset on each of three axes are 0.16 g, and 3 % of scale.
_USUAL_ACC_ERROR_G = 0.2
# Nearer to half or twice the truth than to the truth: another full scale, or another unit.
_LEAST_ACC_G, _MOST_ACC_G = 0.7, 1.4
_STILL_GRAVITY_G = 0.5
# Never at rest: the strongest gestures seen have a median of 2.7 g; m/s2 taken for g have 9.8.
_MOST_RESTLESS_G, _LEAST_RESTLESS_G = 5.0, 0.3
# LSM9DS1 datasheet, table 3: 30 deg/s on each axis is still a healthy sensor.
_MOST_OFFSET_DPS = 45.0
# The Earth's field has 22 to 67 µT (WMM), a magnet or iron on the board adds up to 1 gauss.
_LEAST_FIELD_UT, _MOST_FIELD_UT = 5.0, 200.0

_UNITS = (  # size at rest, within a tenth, and what it looks like
    (9.80665, "m/s2 taken for g; import again with --acc-unit m/s2"),
    (1000.0, "mg taken for g; import again with --acc-unit mg"),
    (1 / 9.80665, "g taken for m/s2; import again with --acc-unit g"),
    (1e-3, "g taken for mg; import again with --acc-unit g"),
)


@dataclass(frozen=True, eq=False)
class Stillness:
    """Means over the calm half seconds; None where there were too few, or no such sensor.

    Attributes:
        acc_g: size of the acceleration at rest.
        gyr_dps: the gyroscope's offset on each axis.
        acc_median_g: median size of the acceleration, at rest or not; None without samples.
        field_ut: median size of the magnetic field, at rest or not.
        first_s: where the first calm half second begins.
    """

    acc_g: float | None
    gyr_dps: tuple[float, float, float] | None
    acc_median_g: float | None
    field_ut: float | None
    first_s: float | None


def stillness(samples: Samples, time: Timing) -> Stillness:
    """Look for calm half seconds, and average them."""
    acc_median_g, field_ut = _median_size(samples.acc_g), _median_size(samples.mag_ut)
    size = max(5, round(_BLOCK_S * time.rate_hz))
    acc_mean, acc_spread = _blocks(samples.acc_g, size)
    gyr_mean, gyr_spread = _blocks(samples.gyr_or_zero_dps, size)
    acc_size = np.linalg.norm(acc_mean, axis=1)
    calm = acc_spread < np.maximum(_CALM_ACC_SHARE * acc_size, _CALM_ACC_G)
    calm &= gyr_spread < _CALM_GYR_DPS
    if calm.sum() < _FEWEST_BLOCKS:
        return Stillness(None, None, acc_median_g, field_ut, None)
    x, y, z = np.median(gyr_mean[calm], axis=0).tolist()
    return Stillness(
        acc_g=float(np.median(acc_size[calm])),
        gyr_dps=None if samples.gyr_dps is None else (x, y, z),
        acc_median_g=acc_median_g,
        field_ut=field_ut,
        first_s=float(time.time_s[np.argmax(calm) * size]),
    )


def _median_size(values: Float32Array) -> float | None:
    sizes = np.linalg.norm(values.astype(np.float64), axis=1)
    finite = sizes[np.isfinite(sizes)]
    return float(np.median(finite)) if len(finite) else None


def _blocks(values: Float32Array, size: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean (n_blocks, 3) and spread (n_blocks,) over all axes; a last part of a block is left."""
    count = len(values) // size
    blocks = values[: count * size].reshape(count, size, 3).astype(np.float64)
    return blocks.mean(axis=1), np.sqrt(blocks.var(axis=1).sum(axis=1))


def stillness_problems(still: Stillness, has_gravity: bool) -> Iterator[Problem]:
    """Wrong units and scales, an offset beyond any sensor's, a field not of this Earth."""
    if still.acc_g is None:
        yield from _restless(still.acc_median_g, has_gravity)
    elif has_gravity:
        yield from _gravity(still.acc_g, still.first_s)
    elif still.acc_g > _STILL_GRAVITY_G:
        yield found(
            "bad",
            "acceleration",
            f"{still.acc_g:.2f} g at rest in readings said to be without gravity",
            "gravity is still in them, or the unit is wrong; check the import",
            still.first_s,
        )
    yield from _offset(still)
    yield from _field(still.field_ut)


def _gravity(acc_g: float, first_s: float | None) -> Iterator[Problem]:
    if _LEAST_ACC_G <= acc_g <= _MOST_ACC_G:
        if abs(acc_g - 1) > _USUAL_ACC_ERROR_G:
            yield found(
                "warning",
                "acceleration",
                f"{acc_g:.3f} g at rest instead of 1 g",
                "the accelerometer is far off; lie the board still on each of its faces and "
                "compare, and do not mix its recordings with another board's",
                first_s,
            )
        return
    unit = [text for size, text in _UNITS if abs(acc_g / size - 1) < 0.1]
    looks = f"this looks like {unit[0]}" if unit else "check range and unit of the accelerometer"
    yield found("bad", "acceleration", f"{acc_g:.4g} g at rest instead of 1 g", looks, first_s)


def _restless(median_g: float | None, has_gravity: bool) -> Iterator[Problem]:
    if median_g is None:
        return
    if median_g > _MOST_RESTLESS_G or (has_gravity and median_g < _LEAST_RESTLESS_G):
        yield found(
            "bad",
            "acceleration",
            f"never at rest, and half of the accelerations are below {median_g:.4g} g, which no "
            "hand does in readings with gravity",
            "check range and unit of the accelerometer (--acc-unit), and whether gravity was "
            "removed",
        )


def _offset(still: Stillness) -> Iterator[Problem]:
    largest_dps = max(map(abs, still.gyr_dps or (0.0,)))
    if largest_dps > _MOST_OFFSET_DPS:
        yield found(
            "warning",
            "gyroscope",
            f"{largest_dps:.1f} deg/s at rest, more than any sensor's offset",
            "was the board turning evenly? otherwise check unit and range of the gyroscope",
            still.first_s,
        )


def _field(field_ut: float | None) -> Iterator[Problem]:
    if field_ut is not None and not _LEAST_FIELD_UT <= field_ut <= _MOST_FIELD_UT:
        yield found(
            "warning",
            "field",
            f"a magnetic field of {field_ut:.3g} µT throughout, where the Earth's is 22 to 67 µT",
            "check the unit (--mag-unit), and move magnets and steel away",
        )
