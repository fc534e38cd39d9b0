"""`imu-gesture doctor`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from imu_gesture.cli.options import FiniteRange, json_option, workspace_option

if TYPE_CHECKING:
    from imu_gesture.workflow.doctor import Finding

_MARKS = {"works": "✓", "limits": "!", "broken": "✗"}


@click.command()
@workspace_option
@click.option("--port", "ports", multiple=True, help="Ask this port only; may be repeated.")
@click.option(
    "--seconds",
    type=FiniteRange(min=0, max=60),
    default=2.0,
    show_default=True,
    help="How long to listen for Bluetooth; 0 not at all.",
)
@json_option
def doctor(workspace: Path, ports: tuple[str, ...], seconds: float, as_json: bool) -> None:
    """Look at everything that may be in the way on this computer, and name the cure for each.

    ✓ works, ! something is not possible, ✗ nothing is until it is cured: then the exit code is 1.
    """
    from imu_gesture.workflow.doctor import Doctor

    found: list[Finding] = []
    for finding in Doctor(workspace, ports, seconds).examine():
        found.append(finding)
        if not as_json:
            click.echo(f"{_MARKS[finding.state]} {finding.part}: {finding.said}")
    if as_json:
        click.echo(json.dumps({"findings": [asdict(finding) for finding in found]}))
    if any(finding.state == "broken" for finding in found):
        sys.exit(1)
