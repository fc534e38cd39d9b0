"""`imu-gesture demo`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from imu_gesture.cli.options import epoch_bar, json_option, seed_option

if TYPE_CHECKING:
    from imu_gesture.workflow.demo import DemoResult


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Workspace to leave behind.",
)
@seed_option("Of people, boards and motion.")
@json_option
def demo(output: Path, seed: int, as_json: bool) -> None:
    """Run the whole loop on a virtual board; no hardware needed.

    Records simulated people, trains, writes the sketch, and lets someone new try the model
    inside the firmware.
    """
    from imu_gesture.workflow.demo import run_demo
    from imu_gesture.workspace import Workspace

    def tell(text: str) -> None:
        if not as_json:
            click.echo(f"• {text}")

    with epoch_bar(quiet=as_json) as progress:
        result = run_demo(Workspace(output), seed, tell, progress)
    click.echo(json.dumps(_as_json(result)) if as_json else _as_text(result, output))


def _as_json(result: DemoResult) -> dict[str, object]:
    return {
        "expected": list(result.match.expected),
        "recognised": list(result.match.recognised),
        "correct": result.match.correct,
        "false_activations": len(result.match.false_activations),
        "unseen_seconds": result.unseen_s,
        "parity_differing_bytes": result.parity_differing_bytes,
        "seconds": result.seconds,
        "model_bytes": result.run.manifest.model_bytes,
        "arena_bytes": result.run.manifest.arena.arena_bytes,
        "workspace": str(result.sketch.parent),
    }


def _as_text(result: DemoResult, workspace: Path) -> str:
    match, manifest = result.match, result.run.manifest
    rows = "\n".join(
        f"  {'  ' if expected == recognised else '✗ '}{expected:12}{recognised or '(missed)'}"
        for expected, recognised in zip(match.expected, match.recognised, strict=True)
    )
    return f"""
    performed   recognised
{rows}

{match.correct} of {len(match.expected)} gestures of someone never seen before recognised,
{len(match.false_activations)} false activations, in {result.unseen_s:.0f} s of gestures and \
everyday movements.
Host against firmware core: {result.parity_differing_bytes} differing bytes.
Model {manifest.model_bytes} bytes, arena {manifest.arena.arena_bytes} bytes, \
{result.seconds:.0f} s in all.

The workspace is {workspace}; the sketch in it runs on a real board. With one:
  cd {workspace}
  imu-gesture record --port /dev/ttyACM0 --label circle
  imu-gesture train
  imu-gesture deploy"""
