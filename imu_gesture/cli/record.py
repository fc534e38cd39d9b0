"""`imu-gesture record`."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from imu_gesture.cli.options import FiniteRange, board_options, json_option, workspace_option


@click.command()
@workspace_option
@board_options
@click.option("--label", help="Name of the gesture, or background.  [default: asks]")
@click.option(
    "--repeats",
    type=click.IntRange(1),
    default=10,
    show_default=True,
    help="How often it is performed.",
)
@click.option(
    "--seconds",
    type=FiniteRange(min=0.5),
    help="Time for each repeat, or for background in all.  [default: 2; background 60]",
)
@click.option("--participant", default="unknown", show_default=True, help="Who holds the board.")
@click.option("--session", default="1", show_default=True, help="Which sitting this is.")
@json_option
def record(
    workspace: Path, label: str | None, as_json: bool, seconds: float | None, **said: Any
) -> None:
    """Record a gesture, guided: 3, 2, 1, go, as often as you like. Ctrl-C keeps what there is."""
    from imu_gesture.labels import BACKGROUND
    from imu_gesture.recording.capture import CapturePlan, capture
    from imu_gesture.workflow.boards import Where, open_link
    from imu_gesture.workspace import Workspace

    where = Where(**{field.name: said.pop(field.name) for field in fields(Where)})
    if label is None:
        label = str(click.prompt("gesture (or background)", err=True))
    seconds = seconds or (60.0 if label == BACKGROUND else 2.0)
    plan = CapturePlan(label, seconds=seconds, **said)
    path = Workspace(workspace).new_recording(f"{plan.label}-{plan.participant}-{plan.session}")
    with open_link(where) as link:
        report = capture(link, path, plan, lambda text: click.echo(text, err=as_json))
    if as_json:
        click.echo(
            json.dumps(
                {
                    "recording": str(report.path),
                    "samples": report.samples,
                    "labels": len(report.labels),
                    "lost_samples": report.lost_samples,
                    "damaged_lines": report.damaged_lines,
                }
            )
        )
        return
    lost = f", {report.lost_samples} lost" if report.lost_samples else ""
    damaged = f", {report.damaged_lines} damaged lines skipped" if report.damaged_lines else ""
    click.echo(
        f"{report.path}: {report.samples} samples{lost}, {len(report.labels)} labels{damaged}"
    )
