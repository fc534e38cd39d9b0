"""`imu-gesture inspect`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from imu_gesture.cli.options import json_option, workspace_option


@click.command()
@click.argument("recordings", nargs=-1, type=click.Path(path_type=Path))
@workspace_option
@json_option
def inspect(recordings: tuple[Path, ...], workspace: Path, as_json: bool) -> None:
    """Say what is in recordings: duration, measured rate, gaps, labels.

    Without arguments: all recordings of the workspace.
    """
    from imu_gesture.recording.overview import overview
    from imu_gesture.workspace import Workspace

    found = [overview(path) for path in recordings or Workspace(workspace).recording_files()]
    if as_json:
        click.echo(json.dumps({"recordings": [view.__dict__ for view in found]}))
        return
    for view in found:
        labels = ", ".join(f"{count} {name}" for name, count in view.labels.items())
        click.echo(
            f"{view.path}: {view.duration_s:.1f} s, {view.samples} samples at "
            f"{view.rate_hz:.1f} Hz, {view.gaps} gaps, participant {view.participant}, "
            f"session {view.session}, {labels or 'no labels'}"
        )
