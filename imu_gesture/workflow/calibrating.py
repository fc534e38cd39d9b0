"""Profiles of boards: made over a link, kept in the workspace, used in training and recognition."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Protocol

from imu_gesture import _core
from imu_gesture.calibration.fit import Occasion
from imu_gesture.calibration.guided import Guidance, GuidedCalibration, GuidedParams, Stage
from imu_gesture.calibration.monitor import drift
from imu_gesture.calibration.profile import Profile, apply, read_profile, write_profile
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.errors import CalibrationError
from imu_gesture.link.board_link import BoardLink
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
    return None if profile is None else drift(found, profile, today)


@dataclass(frozen=True)
class Corrected:
    """Recordings under the profiles of their boards.

    Attributes:
        boards: ids of those that have a profile.
        warnings: what to know where some have none.
    """

    recordings: list[LabelledRecording]
    boards: frozenset[str]
    warnings: tuple[str, ...]


def corrected(recordings: list[LabelledRecording], workspace: Workspace) -> Corrected:
    """Apply the profile of each recording's board, where it has one."""
    ids = {labelled.recording.info.device_id for labelled in recordings}
    profiles = {name: profile for name in ids if (profile := profile_of(workspace, name))}
    raw = sorted(ids - profiles.keys())
    without = ", ".join(name or "unknown" for name in raw)
    mixed = (
        f"boards without a calibration profile, beside some that have one: {without}; their "
        "readings differ by what is corrected: `imu-gesture calibrate` them, or train with --raw"
    )
    return Corrected(
        [_under(profiles.get(r.recording.info.device_id), r) for r in recordings],
        frozenset(profiles),
        (mixed,) if profiles and raw else (),
    )


def _under(profile: Profile | None, labelled: LabelledRecording) -> LabelledRecording:
    if profile is None:
        return labelled
    samples = apply(profile, labelled.recording.samples)
    return replace(labelled, recording=replace(labelled.recording, samples=samples))


def bring_profile(
    link: Link, workspace: Workspace, manifest: ModelManifest, tell: Callable[[str], None]
) -> _core.CalibrationParams | None:
    """Have board and host correct readings for a model that has learned from corrected ones.

    Returns: what the host is to apply; None where readings stay as they are.
    """
    if not manifest.calibrated:
        return None
    profile = profile_of(workspace, link.info.device_id)
    if profile is None:
        tell(
            "the model has learned from calibrated readings, and this board has no profile: "
            "`imu-gesture calibrate` it, or expect more mistakes"
        )
        return None
    if isinstance(link, BoardLink):
        link.calibrate_with(profile_id(profile), profile.core_params())
    return profile.core_params()


def profile_id(profile: Profile) -> bytes:
    """(8,) bytes by which board and host know a profile."""
    return hashlib.sha256(profile.model_dump_json().encode()).digest()[:8]
