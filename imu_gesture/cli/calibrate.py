"""`imu-gesture calibrate`."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from imu_gesture.cli.options import board_options, json_option, workspace_option

if TYPE_CHECKING:
    from imu_gesture.calibration.guided import Guidance
    from imu_gesture.calibration.profile import Profile


@click.command()
@workspace_option
@board_options
@click.option(
    "--magnetometer/--no-magnetometer",
    default=True,
    help="Also calibrate the magnetometer, where there is one.  [default: magnetometer]",
)
@json_option
def calibrate(workspace: Path, magnetometer: bool, as_json: bool, **where: Any) -> None:
    """Calibrate a board, guided: still, six faces, turns, figure-eight; about three minutes.

    Says how good it got, and keeps the profile of this board in calibration/. A session that does
    not determine one is refused with the reason.
    """
    from imu_gesture.calibration.guided import GuidedParams
    from imu_gesture.workflow.boards import Where, dancing_link, open_link
    from imu_gesture.workflow.calibrating import guide, keep
    from imu_gesture.workspace import Workspace

    place = Where(**where)
    teller = Teller(as_json)
    with dancing_link(place.seed) if place.virtual else open_link(place) as link:
        today = time.strftime("%Y-%m-%d")
        params = GuidedParams(magnetometer=magnetometer)
        profile = guide(link, today, teller.show, teller.tell, params)
    path = keep(Workspace(workspace), profile)
    click.echo(json.dumps(_as_object(path, profile)) if as_json else _as_text(path, profile))


class Teller:
    """Says each instruction once, and how far it is whenever that has changed."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._instruction = self._detail = ""

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
