"""Profiles of boards: made over a link, kept in the workspace, and looked at again."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Protocol

from imu_gesture.calibration.fit import Occasion
from imu_gesture.calibration.guided import Guidance, GuidedCalibration, GuidedParams, Stage
from imu_gesture.calibration.monitor import drift
from imu_gesture.calibration.profile import Profile, read_profile, write_profile
from imu_gesture.errors import CalibrationError
from imu_gesture.link.link import Link, LinkEvent, SamplesReceived, TemperatureMeasured
from imu_gesture.recording.mcap_file import read_recording
from imu_gesture.workspace import Workspace


class Watcher(Protocol):
    """Sees all of a calibration: a text, a window."""

    def hear(self, event: LinkEvent) -> None:
        """Whatever comes from the board; what this raises ends the calibration."""
        ...

    def show(self, guidance: Guidance) -> None:
        """What to do and how far it is, again and again."""
        ...


def guide(link: Link, date: str, watcher: Watcher, params: GuidedParams | None = None) -> Profile:
    """Lead a person with the board of an open link through a calibration.

    Args:
        link: open.
        date: ISO 8601.
        watcher: tells the person.
        params: how long things take.

    Raises:
        CalibrationError: the session does not determine a profile; says why.
        LinkError: the board is gone.
    """
    calibration = GuidedCalibration(link.info, Occasion(date=date), params)
    temperature_c: float | None = None
    doing = "the beginning"
    for event in link.events():
        watcher.hear(event)
        if isinstance(event, TemperatureMeasured):
            temperature_c = event.celsius
        elif isinstance(event, SamplesReceived):
            guidance = calibration.feed(event.samples)
            doing = f"{guidance.stage.value} ({guidance.detail})"
            watcher.show(guidance)
            if guidance.stage is Stage.REFUSED:
                raise CalibrationError(f"{guidance.problem}; calibrate again")
            if guidance.profile is not None:
                return guidance.profile.model_copy(update={"temperature_c": temperature_c})
    raise CalibrationError(f"the samples ended before the calibration did, at: {doing}")


def keep(workspace: Workspace, profile: Profile) -> Path:
    """Write a board's profile to its place; an older one is replaced."""
    path = workspace.calibration_file(profile.device_id)
    write_profile(path, profile)
    return path


def profile_of(workspace: Workspace, device_id: str) -> Profile | None:
    """The profile of a board, where it has one.

    Raises:
        CalibrationError: it is damaged or too new.
    """
    path = workspace.calibration_file(device_id)
    return read_profile(path) if device_id and path.exists() else None


def drift_of(recording: Path, workspace: Workspace, today: date) -> tuple[str, ...] | None:
    """Reasons to calibrate the board of a recording again; None where it has no profile."""
    found = read_recording(recording)
    profile = profile_of(workspace, found.info.device_id)
    if profile is None:
        return None
    return tuple(reason.text for reason in drift(found, profile, today))
