"""A guided calibration over a link: what to do is told, the profile is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from imu_gesture.calibration.fit import Occasion
from imu_gesture.calibration.guided import Guidance, GuidedCalibration, GuidedParams, Stage
from imu_gesture.calibration.profile import Profile, write_profile
from imu_gesture.errors import CalibrationError
from imu_gesture.link.link import (
    Link,
    LinkInterrupted,
    LinkResumed,
    SamplesReceived,
    TemperatureMeasured,
)
from imu_gesture.workspace import Workspace


def guide(
    link: Link,
    date: str,
    show: Callable[[Guidance], None],
    tell: Callable[[str], None],
    params: GuidedParams | None = None,
) -> Profile:
    """Lead a person with the board of an open link through a calibration.

    Args:
        link: open.
        date: ISO 8601.
        show: gets what to do and how far it is, again and again.
        tell: gets what happens to the link.
        params: how long things take.

    Raises:
        CalibrationError: the session does not determine a profile; says why.
        LinkError: the board is gone.
    """
    calibration = GuidedCalibration(link.info, Occasion(date=date), params)
    temperature_c: float | None = None
    doing = "the beginning"
    for event in link.events():
        if isinstance(event, TemperatureMeasured):
            temperature_c = event.celsius
        elif isinstance(event, LinkInterrupted):
            tell(f"{event.reason}; waiting for it")
        elif isinstance(event, LinkResumed):
            tell("the board is back")
        elif isinstance(event, SamplesReceived):
            guidance = calibration.feed(event.samples)
            doing = f"{guidance.stage.value} ({guidance.detail})"
            show(guidance)
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
