"""What every command that leaves a run says at its end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from imu_gesture.workflow.training import TrainingRun


def show_run(run: TrainingRun, as_json: bool, following: str) -> None:
    """Keep the report in the run's folder, and print it; `following` is what to do then."""
    from imu_gesture.report.summary import training_json, training_summary

    summary = training_summary(run)
    (run.folder / "report.txt").write_text(summary, encoding="utf-8")
    if as_json:
        click.echo(json.dumps(training_json(run)))
        return
    click.echo(summary, nl=False)
    click.echo(f"\nmodel in {run.folder}; next: {following}")
