"""A board's calibration profile: versioned JSON, applied to raw samples whenever they are used.

Recordings stay raw, so any of them can be replayed under another profile.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from pydantic import Field

from imu_gesture import _core
from imu_gesture.calibration.affine import Affine, Float64Array
from imu_gesture.calibration.document import Entry, read_document, write_document
from imu_gesture.samples import Samples

PROFILE_VERSION = 1

Row = tuple[float, float, float]


class SensorEntry(Entry):
    """One sensor: corrected = matrix @ (raw - offset), in g, deg/s or µT.

    Attributes:
        method: how it was found.
        quality: figures by name, units in the names.
        covariance: of the fitted parameters, row by row; empty where none was fitted.
    """

    matrix: tuple[Row, Row, Row] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    offset: Row = (0.0, 0.0, 0.0)
    method: str = "none"
    quality: dict[str, float] = Field(default_factory=dict)
    covariance: tuple[tuple[float, ...], ...] = ()

    @property
    def affine(self) -> Affine:
        """The correction."""
        return Affine(np.array(self.matrix), np.array(self.offset))


class Profile(Entry):
    """Everything that is known of one board's sensors.

    Attributes:
        board: as `DeviceInfo.board`.
        date: ISO 8601, when the calibration was made.
        temperature_c: of the chip at that time; None where it was not measured.
        findings: faults of axes, units and scales that the matrices put right, in words.
        mag: None where there is no magnetometer, or it was left out.
    """

    version: int = PROFILE_VERSION
    device_id: str
    board: str = ""
    date: str
    temperature_c: float | None = None
    method: str
    findings: tuple[str, ...] = ()
    acc: SensorEntry = SensorEntry()
    gyr: SensorEntry = SensorEntry()
    mag: SensorEntry | None = None

    def core_params(self) -> _core.CalibrationParams:
        """What the core, on host and board, is told."""
        return _core.CalibrationParams(self.acc.affine.core_params(), self.gyr.affine.core_params())


def sensor_entry(
    affine: Affine,
    method: str,
    quality: dict[str, float],
    covariance: Float64Array | None = None,
) -> SensorEntry:
    """An entry from arrays."""
    return SensorEntry.model_validate(
        {
            "matrix": affine.matrix.tolist(),
            "offset": affine.offset.tolist(),
            "method": method,
            "quality": quality,
            "covariance": [] if covariance is None else covariance.tolist(),
        }
    )


def apply(profile: Profile, samples: Samples) -> Samples:
    """Corrected samples, by the core's own code: the same bits as on the board."""
    params = profile.core_params()
    gyr_dps, mag_ut = samples.gyr_dps, samples.mag_ut
    if gyr_dps is not None:
        gyr_dps = _core.apply_affine(params.gyr, gyr_dps)
    if profile.mag is not None and len(mag_ut):
        mag_ut = _core.apply_affine(profile.mag.affine.core_params(), mag_ut)
    return replace(
        samples,
        acc_g=_core.apply_affine(params.acc, samples.acc_g),
        gyr_dps=gyr_dps,
        mag_ut=mag_ut,
    )


def write_profile(path: Path, profile: Profile) -> None:
    """Write a profile, making its folder; see `Workspace.calibration_file`."""
    write_document(path, profile)


def read_profile(path: Path) -> Profile:
    """Read what `write_profile` wrote.

    Raises:
        CalibrationError: it is missing, damaged, or too new.
    """
    return read_document(path, Profile, PROFILE_VERSION, "calibrate this board again")
