"""Two poses over a link: how the board sits on the body now, against how it sat at first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from imu_gesture import _core
from imu_gesture.calibration.mount import Float64Array, align_mount
from imu_gesture.calibration.mount_guide import MountGuide
from imu_gesture.calibration.mounts import new_mounts, write_mounts
from imu_gesture.errors import CalibrationError, InputError
from imu_gesture.link.link import Link, SamplesReceived, in_words
from imu_gesture.workflow.calibrating import profile_of
from imu_gesture.workflow.correcting import mounts_of
from imu_gesture.workspace import Workspace


@dataclass(frozen=True)
class MountResult:
    """What was found; `angle_deg` is None where these poses became the reference."""

    device_id: str
    angle_deg: float | None = None
    disagreement_deg: float = 0.0


def hold_poses(
    link: Link, calibration: _core.CalibrationParams, tell: Callable[[str], None]
) -> Float64Array:
    """(2, 3) the two poses that a person holds with the board of an open link.

    Raises:
        CalibrationError: there was no such pose in time, or the samples ended.
        LinkError: the board is gone.
    """
    guide, told = MountGuide(calibration), ""
    for event in link.events():
        if text := in_words(event):
            tell(text)
        elif isinstance(event, SamplesReceived):
            if guide.instruction != told:
                told = guide.instruction
                tell(told)
            guide.feed(event.samples)
            if guide.poses_g is not None:
                return guide.poses_g
    raise CalibrationError(f"the samples ended before the poses were held, at: {told}")


def mount(
    link: Link,
    workspace: Workspace,
    unix_s: float,
    tell: Callable[[str], None],
    new_reference: bool = False,
) -> MountResult:
    """Find and keep how the board of an open link sits on the body from now on.

    Args:
        link: open.
        workspace: where it is kept.
        unix_s: now.
        tell: says what to do.
        new_reference: the poses held now are those that all later ones are compared with.

    Raises:
        CalibrationError: the poses do not determine it.
        InputError: the board has no id.
    """
    device_id = link.info.device_id
    if not device_id:
        raise InputError("this board does not say which one it is, so its mount cannot be kept")
    profile = profile_of(workspace, device_id)
    calibration = profile.core_params() if profile else _core.CalibrationParams()
    poses_g = hold_poses(link, calibration, tell)
    known = None if new_reference else mounts_of(workspace)
    if known is None:
        write_mounts(workspace.mounts_file, new_mounts(poses_g))
        return MountResult(device_id)
    found = align_mount(known.poses_g_array, poses_g)
    write_mounts(workspace.mounts_file, known.with_mount(device_id, found, unix_s))
    return MountResult(device_id, found.angle_deg, found.disagreement_deg)
