"""Profile and mount of a board, put to use: in training, on the host, and on the board itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from imu_gesture import _core
from imu_gesture.calibration.mount import turned
from imu_gesture.calibration.mounts import Mounts, read_mounts
from imu_gesture.calibration.profile import Profile
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.link import Link
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.workflow.calibrating import profile_of
from imu_gesture.workspace import Workspace

_NO_CALIBRATION = bytes(8)


@dataclass(frozen=True)
class Corrected:
    """Recordings with the calibrations of their boards.

    Attributes:
        boards: ids of those that have a profile.
        warnings: what to know where some have none.
    """

    recordings: list[LabelledRecording]
    boards: frozenset[str]
    warnings: tuple[str, ...]


def corrected(recordings: list[LabelledRecording], workspace: Workspace) -> Corrected:
    """Put to each recording the profile of its board, where there is one, and its mount."""
    ids = {labelled.recording.info.device_id for labelled in recordings}
    profiles = {name: profile for name in ids if (profile := profile_of(workspace, name))}
    mounts = mounts_of(workspace)
    raw = sorted(ids - profiles.keys())
    without = ", ".join(name or "unknown" for name in raw)
    mixed = (
        f"boards without a calibration profile, beside some that have one: {without}; their "
        "readings differ by what is corrected: `imu-gesture calibrate` them, or train with --raw"
    )

    def under(labelled: LabelledRecording) -> LabelledRecording:
        info = labelled.recording.info
        calibration = calibration_for(profiles.get(info.device_id), mounts, info)
        return replace(labelled, calibration=calibration)

    warnings = (mixed,) if profiles and raw else ()
    return Corrected([under(r) for r in recordings], frozenset(profiles), warnings)


def readings_of(recordings: list[LabelledRecording], workspace: Workspace, raw: bool) -> Corrected:
    """What is learned from: corrected, unless the profiles of boards are to be left aside."""
    return Corrected(recordings, frozenset(), ()) if raw else corrected(recordings, workspace)


def mounts_of(workspace: Workspace) -> Mounts | None:
    """How boards have sat on the body; None where nobody has told.

    Raises:
        CalibrationError: the file is damaged or too new.
    """
    path = workspace.mounts_file
    return read_mounts(path) if path.exists() else None


def calibration_for(
    profile: Profile | None, mounts: Mounts | None, info: RecordingInfo
) -> _core.CalibrationParams:
    """What corrects a recording: its board's profile, then the rotation of its mount."""
    return _composed(profile, mounts, info.device_id, info.started_unix_ns * 1e-9)


def _composed(
    profile: Profile | None, mounts: Mounts | None, device_id: str, unix_s: float
) -> _core.CalibrationParams:
    calibration = profile.core_params() if profile else _core.CalibrationParams()
    matrix = mounts.at(device_id, unix_s) if mounts else None
    return calibration if matrix is None else turned(calibration, matrix)


def bring_calibration(
    link: Link,
    workspace: Workspace,
    manifest: ModelManifest,
    unix_s: float,
    tell: Callable[[str], None],
) -> _core.CalibrationParams:
    """Have a board correct readings as the model has learned to see them, as it sits now.

    The board keeps it over power cuts, and is told again where it has another.

    Returns: what the host is to apply.
    """
    device_id = link.info.device_id
    profile = profile_of(workspace, device_id) if manifest.calibrated else None
    if manifest.calibrated and profile is None:
        tell(
            "the model has learned from calibrated readings, and this board has no profile: "
            "`imu-gesture calibrate` it, or expect more mistakes"
        )
    calibration = _composed(profile, mounts_of(workspace), device_id, unix_s)
    if isinstance(link, BoardLink):
        _tell_board(link, calibration, tell)
    return calibration


def _tell_board(
    link: BoardLink, calibration: _core.CalibrationParams, tell: Callable[[str], None]
) -> None:
    """Have the board take it; over the air only a paired computer can."""
    wanted = calibration_id(calibration)
    if link.may_change:
        link.calibrate_with(wanted, calibration)
    elif link.conversation.calibration_id != wanted:
        tell(
            "the board corrects its readings otherwise than this computer would, and takes another "
            "calibration over Bluetooth only from a computer it is paired with: connect it by USB "
            "and run `imu-gesture pair`, or `imu-gesture live --port` once"
        )


def calibration_id(calibration: _core.CalibrationParams) -> bytes:
    """(8,) bytes by which board and host know a calibration; zeros: readings stay as they are."""
    sensors = (calibration.acc, calibration.gyr)
    identity = all(
        np.array_equal(sensor.matrix, np.eye(3)) and not sensor.offset.any() for sensor in sensors
    )
    if identity and not calibration.known:
        return _NO_CALIBRATION
    content = b"".join(sensor.matrix.tobytes() + sensor.offset.tobytes() for sensor in sensors)
    return hashlib.sha256(content + bytes([calibration.known])).digest()[:8]
