"""`imu-gesture calibrate`."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from imu_gesture.cli.options import board_options, json_option, workspace_option
from imu_gesture.cli.windows import window_option, window_wanted

if TYPE_CHECKING:
    from imu_gesture.calibration.guided import Guidance, GuidedParams
    from imu_gesture.calibration.profile import Profile
    from imu_gesture.link.link import Link, LinkEvent
    from imu_gesture.workspace import Workspace


@click.command()
@workspace_option
@board_options
@click.option(
    "--magnetometer/--no-magnetometer",
    default=True,
    help="Also calibrate the magnetometer, where there is one.  [default: magnetometer]",
)
@window_option
@click.option(
    "--fast",
    is_flag=True,
    help="In the window too, a virtual board or a recording goes as fast as the computer.",
)
@json_option
def calibrate(
    workspace: Path,
    magnetometer: bool,
    window: bool | None,
    fast: bool,
    as_json: bool,
    **where: Any,
) -> None:
    """Calibrate a board, guided: still, six faces, turns, figure-eight; about three minutes.

    Says how good it got, and keeps the profile of this board in calibration/. A session that does
    not determine one is refused with the reason.
    """
    from imu_gesture.calibration.guided import GuidedParams
    from imu_gesture.workflow.boards import Where, dancing_link, open_link
    from imu_gesture.workspace import Workspace

    place, folder = Where(**where), Workspace(workspace)
    params = GuidedParams(magnetometer=magnetometer)
    in_window = window_wanted(window, as_json)
    real_time = in_window and not fast
    with (
        dancing_link(place.seed, real_time) if place.virtual else open_link(place, None, real_time)
    ) as link:
        lead = _in_window if in_window else _in_text
        profile = lead(link, folder, params, as_json)
    path = folder.calibration_file(profile.device_id)
    click.echo(json.dumps(_as_object(path, profile)) if as_json else _as_text(path, profile))


def _in_window(link: Link, folder: Workspace, params: GuidedParams, _: bool) -> Profile:
    from imu_gesture.workflow.calibrating import keep
    from imu_gesture.workflow.calibrating_window import Task, guide_in_window

    today = time.strftime("%Y-%m-%d")
    return guide_in_window(link, Task(today, lambda profile: str(keep(folder, profile)), params))


def _in_text(link: Link, folder: Workspace, params: GuidedParams, quiet: bool) -> Profile:
    from imu_gesture.workflow.calibrating import guide, keep

    profile = guide(link, time.strftime("%Y-%m-%d"), Teller(quiet), params)
    keep(folder, profile)
    return profile


class Teller:
    """Says each instruction once, how far it is whenever that has changed, and how the link is."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._instruction = self._detail = ""

    def hear(self, event: LinkEvent) -> None:
        """Say what happens to the link."""
        from imu_gesture.link.link import in_words

        if text := in_words(event):
            self.tell(text)

    def show(self, guidance: Guidance) -> None:
        """What to do, and how far it is."""
        if guidance.detail and guidance.detail != self._detail:
            self.tell(f"  {guidance.detail}")
        if guidance.instruction != self._instruction and guidance.profile is None:
            self.tell(guidance.instruction)
        self._instruction, self._detail = guidance.instruction, guidance.detail

    def tell(self, text: str) -> None:
        """A line on the error stream, for people."""
        if not self._quiet:
            click.echo(text, err=True)


def _as_object(path: Path, profile: Profile) -> dict[str, Any]:
    return {
        "profile": str(path),
        "device_id": profile.device_id,
        "temperature_c": profile.temperature_c,
        "findings": list(profile.findings),
        "quality": {name: sensor.quality for name, sensor in _sensors(profile).items()},
    }


def _as_text(path: Path, profile: Profile) -> str:
    found = [f"found and put right: {finding}" for finding in profile.findings]
    sensors = [
        f"{name}: {', '.join(f'{figure} {value:.3g}' for figure, value in sensor.quality.items())}"
        for name, sensor in _sensors(profile).items()
    ]
    return "\n".join([*found, *sensors, f"{path}: the profile of board {profile.device_id}"])


def _sensors(profile: Profile) -> dict[str, Any]:
    sensors = {"accelerometer": profile.acc, "gyroscope": profile.gyr}
    return sensors | ({"magnetometer": profile.mag} if profile.mag else {})
