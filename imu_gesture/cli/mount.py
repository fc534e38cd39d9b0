"""`imu-gesture mount`."""

from __future__ import annotations

import json
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from imu_gesture.cli.options import board_options, json_option, workspace_option

if TYPE_CHECKING:
    from imu_gesture.workflow.mounting import MountResult


@click.command()
@workspace_option
@board_options
@click.option(
    "--new-reference",
    is_flag=True,
    help="These poses are the ones that all later ones are compared with.",
)
@json_option
def mount(workspace: Path, new_reference: bool, as_json: bool, **where: Any) -> None:
    """Tell how the board sits on the body, by holding two poses; whenever it is strapped on anew.

    The first time, the poses become the reference. Later, the rotation between then and now is
    kept: recordings from now on are turned by it in training, and `live` turns the board's
    readings.
    """
    from imu_gesture.workflow import mounting
    from imu_gesture.workflow.boards import Where, open_link, posing_link
    from imu_gesture.workspace import Workspace

    place, tell = Where(**where), partial(click.echo, err=True)
    if sys.stdin.isatty() and not as_json and not (place.virtual or place.replay):
        click.pause("strap the board on, and press a key", err=True)
    with posing_link(place.seed) if place.virtual else open_link(place) as link:
        found = mounting.mount(link, Workspace(workspace), time.time(), tell, new_reference)
    click.echo(json.dumps(found.__dict__) if as_json else _as_text(found))


def _as_text(found: MountResult) -> str:
    if found.angle_deg is None:
        return (
            f"board {found.device_id}: this mount is the reference; run `imu-gesture mount` again "
            "whenever the board is strapped on anew"
        )
    return (
        f"board {found.device_id}: turned by {found.angle_deg:.0f}° against the reference; the "
        f"poses agree within {found.disagreement_deg:.1f}°"
    )
