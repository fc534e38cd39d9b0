"""A search on a local Ray cluster of two nodes: how much faster it is, and what a lost node costs.

That is measured on recordings of simulated people, for it does not depend on whose they are. Where
there are real ones, also what a search is worth for somebody who took no part in it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from accuracy import REAL, SIMULATED
from form import Options, Row, run_benchmark, say
from search_unseen import unseen

from imu_gesture.learning.fitting import FittingPool
from imu_gesture.learning.ray_fitters import RayFitters
from imu_gesture.workflow.search.searching import (
    OpenFitters,
    Progress,
    SearchOptions,
    SearchResult,
    search_workspace,
)
from imu_gesture.workflow.search.trials import Trial
from imu_gesture.workflow.training import TrainingOptions
from imu_gesture.workspace import Workspace

_NODES = 2
_TRIALS, _QUICK_TRIALS = 8, 2
_EPOCHS, _QUICK_EPOCHS = 30, 3


@dataclass(frozen=True)
class Course:
    """The same search, again and again."""

    workspace: Path
    trials: int
    epochs: int

    def run(
        self,
        name: str,
        fitters: OpenFitters,
        progress: Progress = lambda _done, _total, _best: None,
    ) -> SearchResult:
        """Search anew."""
        say(f"{name}: {self.trials} trials")
        told = TrainingOptions(epochs=self.epochs)
        options = SearchOptions(name=name, trials=self.trials, told=told)
        return search_workspace(Workspace(self.workspace), options, fitters, progress)

    def seconds(self, name: str, fitters: OpenFitters) -> tuple[float, SearchResult]:
        """The same, and how long it took."""
        started = time.monotonic()
        result = self.run(name, fitters)
        return time.monotonic() - started, result


def measure(options: Options) -> Iterator[Row]:
    """All rows."""
    with TemporaryDirectory() as folder:
        SIMULATED.fill(Path(), Path(folder))
        trials, epochs = (_QUICK_TRIALS, _QUICK_EPOCHS) if options.quick else (_TRIALS, _EPOCHS)
        course = Course(Path(folder), trials, epochs)
        alone_s, alone = course.seconds("one-worker", partial(FittingPool, 1))
        two_s, two = course.seconds("two-processes", partial(FittingPool, _NODES))
        with cluster() as (address, _):
            ray_s, on_ray = course.seconds("ray", partial(RayFitters, address))
        with cluster() as (address, kill):
            lost = course.run("ray-killed", partial(RayFitters, address), once_at(1.0, kill))
    size = f"{trials} trials, {epochs} epochs, {len(alone.folds)} folds"
    note = f"{_NODES} nodes of one core on a machine with {os.cpu_count()}, start-up of TensorFlow"
    note = f"{size}; {note} included{', quick' if options.quick else ''}"
    yield Row("ray.speedup", alone_s / ray_s, "times", {"two_processes": alone_s / two_s}, note)
    yield missing(lost, alone, size)
    yield differing([two, on_ray, lost], alone)
    for source in REAL:
        if source.split == "participant" and not options.quick:
            if options.data and (options.data / source.folder).is_dir():
                yield from unseen(source, options.data)
            else:
                say(f"{source.name}: left out, no folder {source.folder} (--data)")


def missing(found: SearchResult, alone: SearchResult, size: str) -> Row:
    """Trials that were not judged because their node went away."""
    judged = {trial.number for trial in found.trials if trial.score}
    lost = {trial.number for trial in alone.trials if trial.score} - judged
    note = f"one of {_NODES} nodes killed after the first trial; {size}"
    return Row("ray.trials_lost", len(lost), "trials", note=note)


def differing(others: list[SearchResult], alone: SearchResult) -> Row:
    """Trials that one process finds otherwise: in parameters, cost or score."""
    count = sum(
        one != other
        for result in others
        for one, other in zip(result.trials, alone.trials, strict=True)
    )
    same = all(result.best == alone.best for result in others)
    note = f"of {sum(len(result.trials) for result in others)}: two processes, Ray, Ray with a "
    note += f"node killed; {'the same best' if same else 'NOT the same best'} in all"
    return Row("ray.trials_differing", count, "trials", note=note)


def once_at(trials: float, act: Callable[[], None]) -> Progress:
    """Act when so many trials are done."""
    done_before: list[float] = []

    def progress(done: float, _total: int, _best: Trial | None) -> None:
        if done >= trials and not done_before:
            done_before.append(done)
            act()

    return progress


@contextmanager
def cluster() -> Iterator[tuple[str, Callable[[], None]]]:
    """Nodes of one processor each beside a head with none; its address, and what kills a node."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    from ray.cluster_utils import Cluster

    head = {"num_cpus": 0, "include_dashboard": False}
    nodes: Any = Cluster(initialize_head=True, head_node_args=head)
    try:
        first, *_ = [nodes.add_node(num_cpus=1) for _ in range(_NODES)]
        yield nodes.address, lambda: nodes.remove_node(first, allow_graceful=False)
    finally:
        nodes.shutdown()


if __name__ == "__main__":
    run_benchmark("search", measure)
