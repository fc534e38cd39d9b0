"""`imu-gesture inspect`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from imu_gesture.cli.options import json_option, workspace_option

if TYPE_CHECKING:
    from imu_gesture.recording.overview import Overview
    from imu_gesture.recording.quality import Quality


@click.command()
@click.argument("recordings", nargs=-1, type=click.Path(path_type=Path))
@workspace_option
@json_option
def inspect(recordings: tuple[Path, ...], workspace: Path, as_json: bool) -> None:
    """Say what is in recordings, and whether a model can be trained on them.

    Good; usable, with warnings; or bad: `imu-gesture train` refuses those. A recording that a crash
    cut off is given a new end first. Without arguments: all recordings of the workspace.
    """
    from imu_gesture.recording.overview import overview
    from imu_gesture.recording.repair import repair_recording
    from imu_gesture.workflow.calibrating import drift_of
    from imu_gesture.workspace import Workspace

    place = Workspace(workspace)
    paths = recordings or place.recording_files()
    for repair in filter(None, map(repair_recording, paths)):
        click.echo(repair, err=True)
    found = [overview(path) for path in paths]
    drifts = [drift_of(path, place, date.today()) for path in paths]
    if as_json:
        entries = [
            view.as_json() | {"calibrated": drift is not None, "drift": list(drift or ())}
            for view, drift in zip(found, drifts, strict=True)
        ]
        click.echo(json.dumps({"recordings": entries}))
        return
    for view, drift in zip(found, drifts, strict=True):
        click.echo(_as_text(view, drift))


def _as_text(view: Overview, drift: tuple[str, ...] | None) -> str:
    quality = view.quality
    labels = ", ".join(f"{count} {name}" for name, count in view.labels.items())
    head = (
        f"{view.path}: {quality.verdict}, {view.duration_s:.1f} s, {view.samples} samples at "
        f"{quality.rate_hz:.1f} Hz, {quality.gaps} gaps, participant {view.participant}, "
        f"session {view.session}, {labels or 'no labels'}"
    )
    clock = [f"  {text}" for text in (_clock(quality),) if text]
    problems = [f"  {problem.severity}: {problem.message}" for problem in quality.problems]
    profile = ["  calibrated, and the profile holds"] if drift == () else []
    moved = [f"  calibration: {reason}" for reason in drift or ()]
    return "\n".join([head, *clock, *profile, *moved, *problems])


def _clock(quality: Quality) -> str:
    skew_ppm, bound_ppm = quality.clock_skew_ppm, quality.clock_skew_bound_ppm
    if skew_ppm is None or bound_ppm is None:
        return ""
    if abs(skew_ppm) <= bound_ppm:
        return f"the board's clock is right within {max(abs(skew_ppm) + bound_ppm, 1):.0f} ppm"
    which = "fast" if skew_ppm > 0 else "slow"
    return f"the board's clock is {abs(skew_ppm):.0f} ± {max(bound_ppm, 1):.0f} ppm {which}"
