"""From one session of rests, faces, turns and a figure-eight to a profile."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from imu_gesture.calibration.accelerometer import AccelerometerFit, fit_accelerometer
from imu_gesture.calibration.affine import Affine
from imu_gesture.calibration.alignment import Alignment, align_magnetometer
from imu_gesture.calibration.axes import AxisCheck, AxisParams, check_axes
from imu_gesture.calibration.findings import (
    ACCELEROMETER,
    GYROSCOPE,
    MAGNETOMETER,
    gyr_scale,
)
from imu_gesture.calibration.frame import in_common_frame
from imu_gesture.calibration.gyroscope import GyroscopeFit, fit_gyroscope
from imu_gesture.calibration.magnetometer import (
    MagnetometerFit,
    distinct_readings,
    fit_magnetometer,
)
from imu_gesture.calibration.profile import Profile, SensorEntry, sensor_entry
from imu_gesture.calibration.stills import find_stills
from imu_gesture.device import DeviceInfo
from imu_gesture.errors import CalibrationError
from imu_gesture.samples import Samples


@dataclass(frozen=True)
class Occasion:
    """What a profile says of the moment it was made."""

    date: str
    temperature_c: float | None = None
    method: str = "still, faces, turns, figure-eight"


@dataclass(frozen=True, eq=False)
class _Magnetometer:
    fit: MagnetometerFit
    alignment: Alignment

    @property
    def affine(self) -> Affine:
        return Affine(self.alignment.matrix @ self.fit.affine.matrix, self.fit.affine.offset)


def with_axes(samples: Samples, check: AxisCheck) -> Samples:
    """Samples with the axes that a check found put right, units and scales as they are.

    Raises:
        CalibrationError: a unit is wrong, which must be put right where the samples come from.
    """
    wrong = [finding.text for finding in check.findings if finding.kind == "unit"]
    if wrong:
        raise CalibrationError("; ".join(wrong))
    gyr_dps = samples.gyr_dps
    return replace(
        samples,
        acc_g=samples.acc_g @ check.axes(ACCELEROMETER).T.astype(np.float32),
        gyr_dps=None if gyr_dps is None else gyr_dps @ check.axes(GYROSCOPE).T.astype(np.float32),
        mag_ut=samples.mag_ut @ check.axes(MAGNETOMETER).T.astype(np.float32),
    )


def fit_profile(
    raw: Samples,
    device: DeviceInfo,
    occasion: Occasion,
    axes: AxisParams | None = None,
    field_from_us: int | None = None,
) -> Profile:
    """A profile from all samples of a session, which began with the board lying flat.

    field_from_us: readings of the field before that device time are left out: a table may be
    of steel. Without a magnetometer in the samples, the profile has none.

    Raises:
        CalibrationError: some part of the session does not do; says which and why.
    """
    check = check_axes(raw, axes or AxisParams(flat_start=True, board=device.board))
    samples = with_axes(raw, check)
    stills = find_stills(samples)
    acc = fit_accelerometer(stills)
    gyr = fit_gyroscope(samples, stills, acc.affine)
    mag = _fit_magnetometer(samples, gyr, field_from_us) if len(samples.mag_ut) else None
    corrections = in_common_frame([acc.affine, gyr.affine, *([mag.affine] if mag else [])])
    sensors = (ACCELEROMETER, GYROSCOPE, MAGNETOMETER)
    final = [
        correction.after(Affine(check.axes(sensor)))
        for correction, sensor in zip(corrections, sensors, strict=False)
    ]
    return Profile(
        device_id=device.device_id,
        board=device.board,
        date=occasion.date,
        temperature_c=occasion.temperature_c,
        method=occasion.method,
        findings=_texts(check, gyr),
        acc=_acc_entry(final[0], acc),
        gyr=_gyr_entry(final[1], gyr),
        mag=_mag_entry(final[2], mag) if mag else None,
    )


def _fit_magnetometer(
    samples: Samples, gyr: GyroscopeFit, field_from_us: int | None
) -> _Magnetometer:
    times_us, mag_ut = distinct_readings(samples)
    late = times_us >= (times_us[0] if field_from_us is None else field_from_us)
    times_us, mag_ut = times_us[late], mag_ut[late]
    fit = fit_magnetometer(mag_ut)
    alignment = align_magnetometer(samples, gyr.affine, (times_us, fit.affine(mag_ut)))
    return _Magnetometer(fit, alignment)


def _texts(check: AxisCheck, gyr: GyroscopeFit) -> tuple[str, ...]:
    """All findings; the gyroscope's scale as the turns tell it, which know it better."""
    others = [
        finding.text
        for finding in check.findings
        if (finding.sensor, finding.kind) != (GYROSCOPE, "scale")
    ]
    scale = gyr_scale(float(np.cbrt(np.linalg.det(gyr.affine.matrix))), gyr.scale_sd)
    return (*others, scale.text) if scale else tuple(others)


def _acc_entry(affine: Affine, fit: AccelerometerFit) -> SensorEntry:
    quality = {
        "poses": float(fit.poses),
        "inclination_error_deg": fit.inclination_error_deg,
        "residual_g": fit.residual_g,
    }
    return sensor_entry(affine, "poses of 1 g", quality, fit.covariance)


def _gyr_entry(affine: Affine, fit: GyroscopeFit) -> SensorEntry:
    quality = {
        "movements": float(fit.movements),
        "turns": float(fit.turns),
        "scale_sd": fit.scale_sd,
        "misalignment_sd_deg": fit.misalignment_sd_deg,
        "offset_sd_dps": fit.offset_sd_dps,
        "worst_closure_deg": fit.worst_closure_deg,
    }
    return sensor_entry(affine, "rests, and turns between rests", quality, fit.covariance)


def _mag_entry(affine: Affine, mag: _Magnetometer) -> SensorEntry:
    figures = mag.fit.quality
    quality = {
        "gaps": figures.gaps,
        "variance": figures.variance,
        "wobble": figures.wobble,
        "fit_error": figures.fit_error,
        "field_ut": figures.field_ut,
        "readings": float(figures.readings),
        "heading_error_deg": mag.fit.heading_error_deg,
        "alignment_sd_deg": mag.alignment.sd_deg,
        "alignment_residual_deg": mag.alignment.residual_deg,
    }
    return sensor_entry(affine, "ellipsoid, aligned to the gyroscope", quality, mag.fit.covariance)
