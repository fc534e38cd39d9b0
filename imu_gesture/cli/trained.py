"""What every command that leaves a run says at its end."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

    from imu_gesture.workflow.training import TrainingRun

PAGE_NAME = "report.html"


def show_run(run: TrainingRun, as_json: bool, following: str) -> None:
    """Keep the report in the run's folder, and print it; `following` is what to do then."""
    from imu_gesture.report.page import training_page
    from imu_gesture.report.summary import training_json, training_summary

    page = training_page(run, sys.argv[1:])
    (run.folder / PAGE_NAME).write_text(page, encoding="utf-8")
    show_report(run.folder, training_summary(run), training_json(run), as_json, following)
    if not as_json:
        click.echo(f"report: {run.folder / PAGE_NAME}")


def show_report(
    folder: Path, summary: str, entries: dict[str, object], as_json: bool, following: str
) -> None:
    """The same for any run: its folder, and what is known of it in words and in plain values."""
    (folder / "report.txt").write_text(summary, encoding="utf-8")
    if as_json:
        click.echo(json.dumps(entries))
        return
    click.echo(summary, nl=False)
    click.echo(f"\nmodel in {folder}; next: {following}")
