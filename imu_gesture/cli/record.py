"""`imu-gesture record`."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from imu_gesture.cli.options import FiniteRange, boards_options, json_option, workspace_option

if TYPE_CHECKING:
    from imu_gesture.link.link import Link
    from imu_gesture.recording.capture import CapturePlan, CaptureReport
    from imu_gesture.workspace import Workspace

_NO_BACKGROUND = "no background is recorded yet, and a model without background fires all day"


@click.command()
@workspace_option
@boards_options
@click.option(
    "--label",
    "labels",
    multiple=True,
    help="Name of the gesture, or background; may be given several times.  [default: asks]",
)
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
    help="Time for each repeat, or for nothing but background in all.  [default: 2; background 60]",
)
@click.option("--hands-free", is_flag=True, help="No prompts: each motion is a repeat.")
@click.option("--no-background", is_flag=True, help="Do not offer to record background first.")
@click.option("--participant", default="unknown", show_default=True, help="Who holds the board.")
@click.option("--session", default="1", show_default=True, help="Which sitting this is.")
@click.option(
    "--real-time/--fast",
    default=None,
    help="How a virtual board's time goes.  [default: real time on a terminal]",
)
@json_option
def record(
    workspace: Path,
    labels: tuple[str, ...],
    seconds: float | None,
    no_background: bool,
    real_time: bool | None,
    as_json: bool,
    **said: Any,
) -> None:
    """Record gestures, guided: 3, 2, 1, go, as often as you like.

    While it records: r takes the last repeat again, p pauses, q or Ctrl-C ends it; what was
    recorded is kept.
    """
    from imu_gesture.recording.capture import CapturePlan
    from imu_gesture.workflow.boards import Where, open_links
    from imu_gesture.workflow.sessions import plans_for
    from imu_gesture.workspace import Workspace

    several = {name: said.pop(name) for name in ("ports", "radios", "boards")}
    where = Where(**{name: said.pop(name) for name in ("text", "virtual", "seed", "replay")})
    if real_time is None:
        real_time = sys.stderr.isatty() and not as_json
    links = open_links(where, **several, real_time=real_time)
    place = Workspace(workspace)
    names = list(labels) or _asked(place, no_background)
    plans = plans_for(names, seconds, CapturePlan("", **said))
    for plan in plans:
        plan.check()
    _sit(links, place, plans, as_json)


def _sit(links: list[Link], place: Workspace, plans: list[CapturePlan], as_json: bool) -> None:
    """Record all plans, and print what came of them, whatever happens."""
    from imu_gesture.cli.desk import desk_for
    from imu_gesture.cli.keys import ending_on_termination, keyboard
    from imu_gesture.workflow.sessions import sitting

    reports: list[CaptureReport] = []
    try:
        with (
            ending_on_termination(),
            keyboard() as keys,
            desk_for(as_json, keys) as desk,
            sitting(links, place, desk) as recordings,
        ):
            reports = recordings.reports
            all(recordings.record(plan) for plan in plans)
    except KeyboardInterrupt:  # when everything was over already
        if not reports:
            raise
    finally:
        _print(reports, place, as_json)


def _asked(workspace: Workspace, no_background: bool) -> list[str]:
    """What the person wants to record; background first where it is missing."""
    from imu_gesture.labels import BACKGROUND, is_background
    from imu_gesture.workflow.sessions import has_background

    said = str(click.prompt("gestures, separated by commas (or background)", err=True))
    names = [name.strip() for name in said.split(",") if name.strip()]
    if no_background or any(map(is_background, names)) or has_background(workspace):
        return names
    if not sys.stdin.isatty():
        click.echo(f"{_NO_BACKGROUND} (--label {BACKGROUND})", err=True)
        return names
    wanted = click.confirm(f"{_NO_BACKGROUND}; record a minute first?", default=True, err=True)
    return [BACKGROUND, *names] if wanted else names


def _print(reports: list[CaptureReport], place: Workspace, as_json: bool) -> None:
    from imu_gesture.workflow.sessions import drifted, judged

    found = [(report, judged(report.path)) for report in reports]
    drift = drifted([report.path for report in reports], place, date.today())
    if as_json:
        entries = [
            {
                "recording": str(report.path),
                "samples": report.samples,
                "labels": len(report.labels),
                "lost": report.lost,
                "damaged": report.damaged,
                "warnings": list(report.warnings),
                "verdict": quality.verdict if quality else None,
            }
            for report, quality in found
        ]
        click.echo(json.dumps({"recordings": entries, "drift": list(drift)}))
        return
    for report, quality in found:
        lost = f", {report.lost} lost" if report.lost else ""
        damaged = f", {report.damaged} damaged" if report.damaged else ""
        labels = "1 label" if len(report.labels) == 1 else f"{len(report.labels)} labels"
        kinds = sorted({problem.kind for problem in quality.problems}) if quality else []
        verdict = f"; {quality.verdict}" if quality else ""
        why = f" ({', '.join(kinds)})" if kinds else ""
        click.echo(
            f"{report.path}: {report.samples} samples{lost}, {labels}{damaged}{verdict}{why}"
        )
    for reason in drift:
        click.echo(f"calibration: {reason}", err=True)
