"""`imu-gesture verify`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from imu_gesture.cli.options import board_options, json_option, workspace_option

if TYPE_CHECKING:
    from imu_gesture.deploy.manifest import ModelManifest
    from imu_gesture.deploy.verify.rung import Rung
    from imu_gesture.workspace import Workspace

_SIGNS = {"passed": "ok     ", "failed": "FAILED ", "skipped": "skipped"}


@click.command()
@workspace_option
@board_options
@click.option("--run", "run_name", help="Which training run.  [default: the newest]")
@click.option(
    "--self-test",
    "alone",
    is_flag=True,
    help="Only have the board test itself: its model, its sensors.",
)
@json_option
def verify(workspace: Path, run_name: str | None, alone: bool, as_json: bool, **where: Any) -> None:
    """Prove, rung by rung, that the board computes what the host computes.

    Float and int8; host and TensorFlow Lite Micro; the core here and on an emulated Cortex-M4F; the
    sketch as it would be written now; and, with --port, --ble or --virtual, the board itself: its
    scores for stored windows, everything it makes of raw samples, its sensors. Ends with 1 when a
    rung fails.
    """
    from imu_gesture.workflow.models import load_model
    from imu_gesture.workspace import Workspace

    place = Workspace(workspace)
    manifest, tflite = load_model(place, run_name)
    found = []
    climb = _self_test if alone else _climb
    for rung in climb(place, manifest, tflite, where):
        found.append(rung)
        if not as_json:
            click.echo(f"{_SIGNS[rung.state]}  {rung.name}: {rung.detail}")
    if as_json:
        click.echo(json.dumps({"rungs": [rung.__dict__ for rung in found]}))
    if any(rung.state == "failed" for rung in found):
        sys.exit(1)


def _climb(
    place: Workspace, manifest: ModelManifest, tflite: bytes, where: dict[str, Any]
) -> Iterator[Rung]:
    from imu_gesture.cli.pair import as_board
    from imu_gesture.workflow.boards import Where, open_link
    from imu_gesture.workflow.verifying import board_side, host_rungs

    yield from host_rungs(place, manifest, tflite)
    if where["port"] or where["ble"] is not None or where["virtual"]:
        with open_link(Where(**where), (manifest, tflite)) as link:
            yield from board_side(as_board(link), place, manifest, tflite)


def _self_test(
    _: Workspace, manifest: ModelManifest, tflite: bytes, where: dict[str, Any]
) -> Iterator[Rung]:
    from imu_gesture.cli.pair import as_board
    from imu_gesture.workflow.boards import Where, open_link
    from imu_gesture.workflow.self_testing import self_test

    with open_link(Where(**where), (manifest, tflite)) as link:
        yield from self_test(as_board(link), tflite)
