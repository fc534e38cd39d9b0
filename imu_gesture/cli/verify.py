"""`imu-gesture verify`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from imu_gesture.cli.options import FiniteRange, board_options, json_option, workspace_option

if TYPE_CHECKING:
    from imu_gesture.deploy.manifest import ModelManifest
    from imu_gesture.deploy.verify.rung import Rung
    from imu_gesture.link.board_link import BoardLink
    from imu_gesture.workflow.boards import Where
    from imu_gesture.workflow.verifying import Watch
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
@click.option(
    "--seconds",
    type=FiniteRange(min=1, max=600),
    help="How long to watch the sensors.  [default: 8; 40 for a virtual board]",
)
@json_option
def verify(
    workspace: Path,
    run_name: str | None,
    alone: bool,
    seconds: float | None,
    as_json: bool,
    **said: Any,
) -> None:
    """Prove, rung by rung, that the board computes what the host computes.

    Float and int8; host and TensorFlow Lite Micro; the core here and on an emulated Cortex-M4F; the
    sketch as it would be written now; and, with --port, --ble or --virtual, the board itself: its
    scores for stored windows, everything it makes of raw samples, its sensors, and what it finds
    out about itself. Ends with 1 when a rung fails.
    """
    from imu_gesture.deploy.verify.sensors_rung import LISTEN_S
    from imu_gesture.workflow.boards import Where
    from imu_gesture.workflow.models import load_model
    from imu_gesture.workflow.verifying import ALL_FACES_S, Watch
    from imu_gesture.workspace import Workspace

    place = Workspace(workspace)
    model, where = load_model(place, run_name), Where(**said)
    watch = Watch(
        seconds or (ALL_FACES_S if where.virtual else LISTEN_S), partial(click.echo, err=True)
    )
    found = []
    for rung in _self_test(model, where, watch) if alone else _climb(place, model, where, watch):
        found.append(rung)
        if not as_json:
            click.echo(f"{_SIGNS[rung.state]}  {rung.name}: {rung.detail}")
    if as_json:
        click.echo(json.dumps({"rungs": [rung.__dict__ for rung in found]}))
    if any(rung.state == "failed" for rung in found):
        sys.exit(1)


def _climb(
    place: Workspace, model: tuple[ModelManifest, bytes], where: Where, watch: Watch
) -> Iterator[Rung]:
    from imu_gesture.workflow.verifying import board_side, host_rungs

    yield from host_rungs(place, *model)
    if where.port or where.ble is not None or where.virtual:
        with _link(where, model) as link:
            yield from board_side(link, place, model, watch)


def _self_test(model: tuple[ModelManifest, bytes], where: Where, watch: Watch) -> Iterator[Rung]:
    from imu_gesture.workflow.verifying import self_test

    with _link(where, model) as link:
        yield from self_test(link, model[1], watch)


def _link(where: Where, model: tuple[ModelManifest, bytes]) -> BoardLink:
    """To the board; a virtual one is laid on each of its faces."""
    from imu_gesture.cli.pair import as_board
    from imu_gesture.workflow.boards import laid_link, open_link

    only_virtual = where.virtual and not where.port and where.ble is None
    return laid_link(where.seed, model) if only_virtual else as_board(open_link(where, model))
