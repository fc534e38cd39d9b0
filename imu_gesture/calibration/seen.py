"""What a guided calibration has seen so far, for people to look at while it goes on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu_gesture.calibration.affine import Float64Array
from imu_gesture.calibration.sphere import covered, regions_of


@dataclass(frozen=True)
class Seen:
    """Poses, turns and directions that count already.

    Attributes:
        faces: those that were up, of "x+", "x-", ... "z-".
        axes: those that were turned about, of "x", "y", "z".
        regions: numbers of the regions of the sphere that the field was seen in; see `sphere`.
        newest_region: where the newest reading of the field is.
    """

    faces: frozenset[str] = frozenset()
    axes: frozenset[str] = frozenset()
    regions: frozenset[int] = frozenset()
    newest_region: int | None = None


@dataclass(frozen=True)
class Residuals:
    """How far readings are from what they ought to be; each None while it is not known.

    Attributes:
        gyr_offset_dps: x, y, z at the newest rest.
        gyr_offset_sd_dps: how well it is known, the worst axis.
        gravity_off_g: |acc| - 1 g at rests, root mean square, as it is read.
        gravity_left_g: the same, corrected.
        inclination_error_deg: that is expected of the correction.
        scale_sd: how well the gyroscope's scale is known, relative, the worst axis.
        field_spread: standard deviation of |mag|, relative; around the best centre so far, and
            corrected as soon as there is a fit.
    """

    gyr_offset_dps: tuple[float, float, float] | None = None
    gyr_offset_sd_dps: float | None = None
    gravity_off_g: float | None = None
    gravity_left_g: float | None = None
    inclination_error_deg: float | None = None
    scale_sd: float | None = None
    field_spread: float | None = None


def gravity_off_g(acc_g: Float64Array) -> float | None:
    """Root mean square of |acc| - 1 g over rests (n, 3)."""
    if not len(acc_g):
        return None
    return float(np.sqrt(np.mean((np.linalg.norm(acc_g, axis=1) - 1) ** 2)))


def field_spread(centred_ut: Float64Array) -> float | None:
    """Standard deviation of the size of (n, 3), relative to its mean."""
    sizes = np.linalg.norm(centred_ut, axis=1)
    return float(sizes.std() / sizes.mean()) if len(sizes) and sizes.any() else None


def regions_seen(centred_ut: Float64Array) -> tuple[frozenset[int], int | None]:
    """Regions that readings (n, 3) about their centre are in, and that of the newest."""
    if not len(centred_ut):
        return frozenset(), None
    seen = frozenset(np.flatnonzero(covered(centred_ut)).tolist())
    return seen, int(regions_of(centred_ut[-1:])[0])
