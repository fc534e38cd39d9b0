"""The stages of a guided calibration: what each wants to see, and when it has seen enough."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from imu_gesture.calibration.accelerometer import (
    AccelerometerParams,
    distinct_poses,
    faces_seen,
    fit_accelerometer,
)
from imu_gesture.calibration.alignment import align_magnetometer
from imu_gesture.calibration.axes import AxisCheck, AxisParams, check_axes
from imu_gesture.calibration.findings import acc_unit
from imu_gesture.calibration.fit import with_axes
from imu_gesture.calibration.gyroscope import (
    GyroscopeFit,
    fit_gyroscope,
    gyroscope_at_rest,
    turned_axes,
)
from imu_gesture.calibration.magnetometer import (
    MagnetometerParams,
    distinct_readings,
    fit_magnetometer,
    sphere_regions_seen,
)
from imu_gesture.calibration.stills import find_stills
from imu_gesture.errors import CalibrationError
from imu_gesture.samples import Samples, concatenate

STILL_TEXT = "lay the board flat on a table, its upper face up, and do not touch it"
FIRST_TEXT = {
    "still": STILL_TEXT,
    "faces": "lay it on another of its six faces, for two seconds each",
    "turns": "with each axis up in turn: lie still, turn it once around on the table, lie still",
    "figure-eight": "away from the table, turn it slowly through figure-eights, also upside down",
}
_REST_S = 3.0
_FACES = 6


@dataclass(frozen=True)
class StageReport:
    """What a look at the samples found; `problem` is the reason where it is not done."""

    done: bool
    detail: str = ""
    progress: float = 0.0
    instruction: str = ""
    problem: str = ""


class Session:
    """All samples so far, and what earlier stages found."""

    def __init__(self, board: str = "") -> None:
        self.board = board
        self.looks = 0
        self.stage_start_us = 0
        self.gyroscope: GyroscopeFit | None = None
        self.check: AxisCheck | None = None
        self._parts: list[Samples] = []

    def append(self, samples: Samples) -> None:
        """Take the next samples."""
        if not self._parts:
            self.stage_start_us = int(samples.device_time_us[0])
        self._parts.append(samples)

    @property
    def samples(self) -> Samples:
        """All samples so far. There must be some."""
        if len(self._parts) > 1:
            self._parts = [concatenate(self._parts)]
        return self._parts[0]

    @property
    def now_us(self) -> int:
        """Device time of the newest sample."""
        return int(self._parts[-1].device_time_us[-1])

    @property
    def stage_s(self) -> float:
        """How long this stage has been going on."""
        return (self.now_us - self.stage_start_us) * 1e-6

    @property
    def has_magnetometer(self) -> bool:
        """Whether the field was read at all."""
        return len(self.samples.mag_ut) > 0

    def begin_stage(self) -> None:
        """The next stage begins now."""
        self.stage_start_us = self.now_us

    def without_magnetometer(self) -> Samples:
        """All samples, without the field."""
        return replace(
            self.samples, mag_time_us=np.zeros(0, np.int64), mag_ut=np.zeros((0, 3), np.float32)
        )

    def with_axes(self) -> Samples:
        """All samples, axes put right as `check` says."""
        return with_axes(self.samples, self.check) if self.check else self.samples


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
    offset_dps = float(np.linalg.norm(rest.offset_dps))
    return StageReport(True, f"done, gyroscope's offset {offset_dps:.1f} deg/s", 1.0)


def look_faces(session: Session) -> StageReport:
    """Six faces, then edges, until the inclination is known well enough.

    Raises:
        CalibrationError: the sensors do not agree about how the board was turned meanwhile.
    """
    params = AccelerometerParams()
    stills = find_stills(session.samples)
    acc_g = np.array([still.acc_g for still in stills]).reshape(-1, 3)
    faces = faces_seen(acc_g)
    if len(faces) < _FACES:
        detail = f"{len(faces)} of {_FACES} faces"
        return StageReport(False, detail, len(faces) / (2 * _FACES), problem=f"faces: {detail}")
    try:
        fit = fit_accelerometer(stills, params)
    except CalibrationError as error:
        return StageReport(False, f"{len(faces)} faces", 0.5, problem=str(error))
    detail = f"inclination error {fit.inclination_error_deg:.1f}°"
    if fit.inclination_error_deg > params.inclination_deg:
        poses = distinct_poses(acc_g, params.distinct_deg)
        wanted = f"{detail}, at most {params.inclination_deg}° is wanted"
        return StageReport(
            False,
            f"{wanted}; {poses} poses",
            min(0.95, 0.5 + (poses - _FACES) / 12),
            "now lean it on edges and corners, another one each time, for two seconds",
            f"faces: {wanted}",
        )
    session.check = check_axes(session.samples, AxisParams(flat_start=True, board=session.board))
    with_axes(session.samples, session.check)  # a wrong unit ends the calibration here
    return StageReport(True, f"done, {detail}", 1.0)


def look_turns(session: Session) -> StageReport:
    """A full turn about each axis, and a fit that knows scale and axes well enough."""
    samples = session.with_axes()
    stills = find_stills(samples)
    acc = fit_accelerometer(stills)
    turned = turned_axes(samples, stills, acc.affine)
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
    return StageReport(True, f"done, scale known to {fit.scale_sd:.1%}", 1.0)


def look_eight(session: Session) -> StageReport:
    """Directions of the field all around, until the fit is good by MotionCal's figures."""
    params = MagnetometerParams()
    samples = session.with_axes()
    times_us, mag_ut = distinct_readings(samples)
    late = times_us >= session.stage_start_us
    times_us, mag_ut = times_us[late], mag_ut[late]
    seen = int(sphere_regions_seen(mag_ut).sum())
    wanted = round(100 * (1 - params.gaps))
    detail = f"{seen} of {wanted} directions"
    if seen < wanted:
        return StageReport(False, detail, seen / wanted, problem=f"figure-eight: {detail}")
    try:
        fit = fit_magnetometer(mag_ut, params)
        if session.gyroscope is not None:
            corrected = (times_us, fit.affine(mag_ut))
            align_magnetometer(samples, session.gyroscope.affine, corrected)
    except CalibrationError as error:
        return StageReport(False, detail, 0.95, problem=str(error))
    return StageReport(True, f"done, heading error {fit.heading_error_deg:.1f}°", 1.0)
