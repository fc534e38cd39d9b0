"""`imu-gesture search`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from imu_gesture.cli.options import FiniteRange, json_option, seed_option, workspace_option
from imu_gesture.cli.quantities import BYTES, COUNT

if TYPE_CHECKING:
    from imu_gesture.workflow.search.searching import OpenFitters, SearchOptions, SearchResult
    from imu_gesture.workflow.search.trials import Trial

_PLOTS = ("pareto.png", "pareto.svg")


@click.command()
@workspace_option
@click.option("--max-arena", "arena_bytes", type=BYTES, help="Tensor arena, such as 12KB.")
@click.option("--max-model", "model_bytes", type=BYTES, help="Model, such as 20KB.")
@click.option(
    "--max-instructions",
    "instructions",
    type=COUNT,
    help="Instructions of a decision, as `train` prints them, such as 400k.",
)
@click.option(
    "--max-hop",
    "max_hop_s",
    type=FiniteRange(min=0, min_open=True),
    default=0.1,
    show_default=True,
    help="Seconds from one decision to the next, at most.",
)
@click.option(
    "--trials", type=click.IntRange(1), default=40, show_default=True, help="Candidates to try."
)
@click.option(
    "--epochs",
    type=click.IntRange(1),
    help="Passes over the data for each of them.  [default: as `train`]",
)
@click.option(
    "--split",
    type=click.Choice(["participant", "session", "block"]),
    help="What to hold out.  [default: people, else sessions, else blocks]",
)
@click.option(
    "--blocks", type=click.IntRange(2), help="Contiguous blocks to hold out in turn.  [default: 5]"
)
@click.option(
    "--accept-bad", is_flag=True, help="Also learn from recordings that `inspect` calls bad."
)
@click.option(
    "--raw", is_flag=True, help="Take readings as they are, also where boards were calibrated."
)
@click.option(
    "--name",
    default="search",
    show_default=True,
    help="Folder in searches/; one that is there goes on.",
)
@click.option(
    "--workers", type=click.IntRange(1), help="Processes on this machine.  [default: its cores]"
)
@click.option(
    "--ray",
    metavar="ADDRESS",
    help="Train on a Ray cluster: HOST:PORT, or auto for the one of this machine.",
)
@seed_option("Of candidates and their training.")
@json_option
def search(
    workspace: Path, as_json: bool, workers: int | None, ray: str | None, **said: Any
) -> None:
    """Find the architecture, window and front end that suit a budget best.

    Candidates above it are measured, not trained; the others are judged by what is held out. The
    same command goes on after Ctrl-C, and with more --trials.
    """
    from imu_gesture.workflow.search.searching import search_folder, search_workspace
    from imu_gesture.workspace import Workspace

    if ray is not None and workers is not None:
        raise click.UsageError("--workers are of this machine and --ray is elsewhere; choose one")
    place = Workspace(workspace)
    options = _options(said)
    try:
        with _bar(quiet=as_json) as progress:
            result = search_workspace(place, options, _fitters(workers, ray), progress)
    except KeyboardInterrupt:
        folder = search_folder(place, options.name).path
        if folder.exists():
            click.echo(f"what was done is kept in {folder}; the same command goes on", err=True)
        raise
    _show(result, as_json)


def _options(said: dict[str, Any]) -> SearchOptions:
    from imu_gesture.workflow.search.searching import SearchOptions
    from imu_gesture.workflow.search.trials import Budget
    from imu_gesture.workflow.training import TrainingOptions

    bounds = ("arena_bytes", "model_bytes", "instructions")
    training = ("epochs", "split", "blocks", "accept_bad", "raw")
    return SearchOptions(
        budget=Budget(**{name: said.pop(name) for name in bounds}),
        told=TrainingOptions(**{name: said.pop(name) for name in training}),
        **said,
    )


def _fitters(workers: int | None, ray: str | None) -> OpenFitters:
    if ray is not None:
        from imu_gesture.learning.ray_fitters import RayFitters

        return lambda: RayFitters(ray)
    from imu_gesture.learning.fitting import FittingPool

    return lambda: FittingPool(workers)


def _show(result: SearchResult, as_json: bool) -> None:
    from imu_gesture.errors import WindowError
    from imu_gesture.report.pareto import save_pareto
    from imu_gesture.report.search import search_json, search_summary

    plots = [result.folder.path / name for name in _PLOTS]
    try:
        for plot in plots:
            save_pareto(result, plot)
    except WindowError as error:
        plots, why = [], str(error)
    if as_json:
        click.echo(json.dumps(search_json(result) | {"plots": [str(plot) for plot in plots]}))
        return
    click.echo(search_summary(result), nl=False)
    click.echo(f"\nplot in {plots[0]}" if plots else f"\nno plot: {why}")
    if result.best is not None:
        click.echo(f"next: imu-gesture train --from-search {result.folder.path.name}")


@contextmanager
def _bar(quiet: bool) -> Iterator[Callable[[float, int, Trial | None], None]]:
    """A progress bar over candidates with the best score so far, on the error stream."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("searching"),
        BarColumn(),
        TextColumn("{task.completed:.1f} of {task.total:.0f}   {task.fields[best]}"),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    hidden = quiet or not console.is_terminal
    with Progress(*columns, console=console, disable=hidden, transient=True) as bar:
        task = bar.add_task("candidates", total=1, best="")

        def show(done: float, total: int, best: Trial | None) -> None:
            found = f"best {best.score.balanced:.1%}" if best and best.score else ""
            bar.update(task, completed=done, total=total, best=found)

        yield show
