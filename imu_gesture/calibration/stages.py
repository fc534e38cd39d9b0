"""The stages of a guided calibration: what each wants to see, and when it has seen enough."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from imu_gesture.calibration.accelerometer import (
    AccelerometerFit,
    AccelerometerParams,
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
from imu_gesture.calibration.sphere import REGIONS
from imu_gesture.calibration.stills import Still, find_stills
from imu_gesture.errors import CalibrationError
from imu_gesture.samples import Samples, concatenate

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


@dataclass(frozen=True)
class StageReport:
    """What a look at the samples found.

    Attributes:
        instruction: what to do instead of the stage's first text.
        problem: the reason, where the stage is not done.
        seen: faces ("x+") that were up, or axes ("x") that were turned about.
        regions: numbers of the regions of the sphere that the field was seen in.
    """

    done: bool
    detail: str = ""
    progress: float = 0.0
    instruction: str = ""
    problem: str = ""
    seen: frozenset[str] = frozenset()
    regions: frozenset[int] = frozenset()


class Session:
    """All samples so far, and what earlier stages found."""

    def __init__(self, board: str = "") -> None:
        self.board = board
        self.looks = 0
        self.stage_start_us = 0
        self.gyroscope: GyroscopeFit | None = None
        self.check: AxisCheck | None = None
        self.report = StageReport(False)
        self._rests = 0
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

    def stills(self, samples: Samples) -> list[Still] | None:
        """All rests; None where there is no new one since the last call in this stage."""
        found = find_stills(samples)
        if len(found) == self._rests:
            return None
        self._rests = len(found)
        return found

    @property
    def has_magnetometer(self) -> bool:
        """Whether the field was read at all."""
        return len(self.samples.mag_ut) > 0

    def begin_stage(self) -> None:
        """The next stage begins now."""
        self.stage_start_us = self.now_us
        self._rests = 0

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
        CalibrationError: movements so far tell that a unit is wrong.
    """
    params = AccelerometerParams()
    stills = session.stills(session.samples)
    if stills is None:
        return session.report
    acc_g = np.array([still.acc_g for still in stills]).reshape(-1, 3)
    faces = faces_seen(acc_g)
    if len(faces) < _FACES:
        detail = f"{len(faces)} of {_FACES} faces"
        share = len(faces) / (2 * _FACES)
        return StageReport(False, detail, share, problem=f"faces: {detail}", seen=faces)
    try:
        fit = fit_accelerometer(stills, params)
    except CalibrationError as error:
        return StageReport(False, f"{len(faces)} faces", 0.5, problem=str(error), seen=faces)
    if fit.inclination_error_deg > params.inclination_deg:
        return _more_poses(fit, params, faces)
    return _axes_known(session, fit, faces)


def _more_poses(
    fit: AccelerometerFit, params: AccelerometerParams, faces: frozenset[str]
) -> StageReport:
    wanted = f"at most {params.inclination_deg}° is wanted; {fit.poses} poses"
    detail = f"inclination error {fit.inclination_error_deg:.1f}°, {wanted}"
    share = min(0.95, 0.5 + (fit.poses - _FACES) / 12)
    return StageReport(False, detail, share, EDGES_TEXT, f"faces: {detail}", faces)


def _axes_known(session: Session, fit: AccelerometerFit, faces: frozenset[str]) -> StageReport:
    """Carrying the board from face to face has turned it about all axes, or must yet."""
    detail = f"inclination error {fit.inclination_error_deg:.1f}°"
    try:
        check = check_axes(session.samples, AxisParams(flat_start=True, board=session.board))
    except CalibrationError as error:
        return StageReport(False, detail, 0.95, TURN_TEXT, str(error), faces)
    with_axes(session.samples, check)  # a wrong unit ends the calibration here
    session.check = check
    return StageReport(True, f"done, {detail}", 1.0, seen=faces)


def look_turns(session: Session) -> StageReport:
    """A full turn about each axis, and a fit that knows scale and axes well enough."""
    samples = session.with_axes()
    stills = session.stills(samples)
    if stills is None:
        return session.report
    acc = fit_accelerometer(stills)
    turned = turned_axes(samples, stills, acc.affine)
    missing = ", ".join(sorted(frozenset("xyz") - turned))
    detail = f"{len(turned)} of 3 axes"
    if missing:
        problem = f"turns: {detail}, no full turn between two rests about {missing}"
        return StageReport(False, detail, len(turned) / 3, problem=problem, seen=turned)
    try:
        fit = fit_gyroscope(samples, stills, acc.affine)
    except CalibrationError as error:
        return StageReport(False, detail, 0.95, str(error), str(error), turned)
    session.gyroscope = fit
    return StageReport(True, f"done, scale known to {fit.scale_sd:.1%}", 1.0, seen=turned)


def look_eight(session: Session) -> StageReport:
    """Directions of the field all around, until the fit is good by MotionCal's figures."""
    params = MagnetometerParams()
    samples = session.with_axes()
    times_us, mag_ut = distinct_readings(samples)
    late = times_us >= session.stage_start_us
    times_us, mag_ut = times_us[late], mag_ut[late]
    regions = frozenset(np.flatnonzero(sphere_regions_seen(mag_ut)).tolist())
    wanted = round(REGIONS * (1 - params.gaps))
    detail = f"{len(regions)} of {wanted} directions"
    if len(regions) < wanted:
        problem, share = f"figure-eight: {detail}", len(regions) / wanted
        return StageReport(False, detail, share, problem=problem, regions=regions)
    try:
        fit = fit_magnetometer(mag_ut, params)
        if session.gyroscope is not None:
            corrected = (times_us, fit.affine(mag_ut))
            align_magnetometer(samples, session.gyroscope.affine, corrected)
    except CalibrationError as error:
        return StageReport(False, detail, 0.95, str(error), str(error), regions=regions)
    error_deg = fit.heading_error_deg
    return StageReport(True, f"done, heading error {error_deg:.1f}°", 1.0, regions=regions)
