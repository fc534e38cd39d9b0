"""The stages of a guided calibration: what each wants to see, and when it has seen enough."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from imu_gesture.calibration.accelerometer import (
    AccelerometerFit,
    AccelerometerParams,
    faces_seen,
    fit_accelerometer,
)
from imu_gesture.calibration.affine import Float64Array
from imu_gesture.calibration.alignment import align_magnetometer
from imu_gesture.calibration.axes import AxisParams, check_axes
from imu_gesture.calibration.findings import acc_unit
from imu_gesture.calibration.fit import with_axes
from imu_gesture.calibration.gyroscope import (
    fit_gyroscope,
    gyroscope_at_rest,
    turned_axes,
)
from imu_gesture.calibration.magnetometer import (
    MagnetometerParams,
    about_best_centre,
    distinct_readings,
    fit_magnetometer,
)
from imu_gesture.calibration.seen import (
    Residuals,
    field_spread,
    regions_seen,
)
from imu_gesture.calibration.session import Session, StageReport
from imu_gesture.calibration.sphere import REGIONS
from imu_gesture.calibration.stills import find_stills
from imu_gesture.errors import CalibrationError

STILL_TEXT = "lay the board flat on a table, its upper face up, and do not touch it"
EDGES_TEXT = "now lean it on edges and corners, another one each time, for two seconds"
TURN_TEXT = "take it up, and turn it smoothly about all of its axes for some seconds"
FIRST_TEXT = {
    "still": STILL_TEXT,
    "faces": "lay it on another of its six faces, for two seconds each",
    "turns": "with each axis up in turn: lie still, turn it once around on the table, lie still",
    "figure-eight": "away from the table, turn it slowly through figure-eights, also upside down",
}
_REST_S = 3.0
_FACES = 6


def look_still(session: Session) -> StageReport:
    """A few seconds of rest at the end of what there is.

    Raises:
        CalibrationError: there is no gyroscope, or the accelerometer's unit is wrong.
    """
    samples = session.samples
    since_us = session.now_us - _REST_S * 1e6
    if session.stage_s < _REST_S:
        return StageReport(False, "hold still", session.stage_s / _REST_S)
    recent = samples.rows(samples.device_time_us >= since_us)
    wrong = acc_unit(recent.acc_g)
    if wrong:
        raise CalibrationError(wrong.text)
    try:
        rest = gyroscope_at_rest(recent)
    except CalibrationError as error:
        if samples.gyr_dps is None:
            raise
        return StageReport(False, "hold still", problem=str(error))
    x, y, z = rest.offset_dps.tolist()
    sd_dps = float(rest.offset_sd_dps.max())
    session.forget_before(int(samples.device_time_us[find_stills(samples)[-1].start]))
    session.residuals = Residuals(gyr_offset_dps=(x, y, z), gyr_offset_sd_dps=sd_dps)
    offset_dps = float(np.linalg.norm(rest.offset_dps))
    return StageReport(True, f"done, gyroscope's offset {offset_dps:.1f} deg/s", 1.0)


def look_faces(session: Session) -> StageReport:
    """Six faces, then edges, until the inclination is known well enough.

    Raises:
        CalibrationError: movements so far tell that a unit is wrong.
    """
    params = AccelerometerParams()
    stills = session.stills(session.samples)
    if stills is None:
        return session.report
    acc_g = np.array([still.acc_g for still in stills]).reshape(-1, 3)
    faces = faces_seen(acc_g)
    session.seen = replace(session.seen, faces=faces)
    if len(faces) < _FACES:
        detail = f"{len(faces)} of {_FACES} faces"
        share = len(faces) / (2 * _FACES)
        return StageReport(False, detail, share, problem=f"faces: {detail}")
    try:
        fit = fit_accelerometer(stills, params)
    except CalibrationError as error:
        return StageReport(False, f"{len(faces)} faces", 0.5, problem=str(error))
    session.residuals = replace(
        session.residuals,
        gravity_left_g=fit.residual_g,
        inclination_error_deg=fit.inclination_error_deg,
    )
    if fit.inclination_error_deg > params.inclination_deg:
        return _more_poses(fit, params)
    return _axes_known(session, fit)


def _more_poses(fit: AccelerometerFit, params: AccelerometerParams) -> StageReport:
    wanted = f"at most {params.inclination_deg}° is wanted; {fit.poses} poses"
    detail = f"inclination error {fit.inclination_error_deg:.1f}°, {wanted}"
    share = min(0.95, 0.5 + (fit.poses - _FACES) / 12)
    return StageReport(False, detail, share, EDGES_TEXT, f"faces: {detail}")


def _axes_known(session: Session, fit: AccelerometerFit) -> StageReport:
    """Carrying the board from face to face has turned it about all axes, or must yet."""
    detail = f"inclination error {fit.inclination_error_deg:.1f}°"
    try:
        check = check_axes(session.samples, AxisParams(flat_start=True, board=session.board))
    except CalibrationError as error:
        return StageReport(False, detail, 0.95, TURN_TEXT, str(error))
    with_axes(session.samples, check)  # a wrong unit ends the calibration here
    session.check = check
    return StageReport(True, f"done, {detail}", 1.0)


def look_turns(session: Session) -> StageReport:
    """A full turn about each axis, and a fit that knows scale and axes well enough."""
    samples = session.with_axes()
    stills = session.stills(samples)
    if stills is None:
        return session.report
    acc = fit_accelerometer(stills)
    turned = turned_axes(samples, stills, acc.affine)
    session.seen = replace(session.seen, axes=turned)
    missing = ", ".join(sorted(frozenset("xyz") - turned))
    detail = f"{len(turned)} of 3 axes"
    if missing:
        problem = f"turns: {detail}, no full turn between two rests about {missing}"
        return StageReport(False, detail, len(turned) / 3, problem=problem)
    try:
        fit = fit_gyroscope(samples, stills, acc.affine)
    except CalibrationError as error:
        return StageReport(False, detail, 0.95, str(error), str(error))
    session.gyroscope = fit
    session.residuals = replace(session.residuals, scale_sd=fit.scale_sd)
    return StageReport(True, f"done, scale known to {fit.scale_sd:.1%}", 1.0)


def look_eight(session: Session) -> StageReport:
    """Directions of the field all around, until the fit is good by MotionCal's figures."""
    params = MagnetometerParams()
    samples = session.with_axes()
    times_us, mag_ut = distinct_readings(samples)
    late = times_us >= session.stage_start_us
    times_us, mag_ut = times_us[late], mag_ut[late]
    regions = _note_field(session, about_best_centre(mag_ut))
    wanted = round(REGIONS * (1 - params.gaps))
    detail = f"{len(regions)} of {wanted} directions"
    if len(regions) < wanted:
        problem, share = f"figure-eight: {detail}", len(regions) / wanted
        return StageReport(False, detail, share, problem=problem)
    try:
        fit = fit_magnetometer(mag_ut, params)
        session.residuals = replace(session.residuals, field_spread=fit.quality.variance)
        if session.gyroscope is not None:
            corrected = (times_us, fit.affine(mag_ut))
            align_magnetometer(samples, session.gyroscope.affine, corrected)
    except CalibrationError as error:
        return StageReport(False, detail, 0.95, str(error), str(error))
    error_deg = fit.heading_error_deg
    return StageReport(True, f"done, heading error {error_deg:.1f}°", 1.0)


def _note_field(session: Session, centred_ut: Float64Array) -> frozenset[int]:
    """Note where the field was seen, and how round it is; returns the regions."""
    regions, newest = regions_seen(centred_ut)
    session.seen = replace(session.seen, regions=regions, newest_region=newest)
    session.residuals = replace(session.residuals, field_spread=field_spread(centred_ut))
    return regions
