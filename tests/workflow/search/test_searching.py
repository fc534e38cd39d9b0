"""The same search by one process, by two after Ctrl-C, and on a cluster that loses a node."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from imu_gesture.deploy.manifest import read_run
from imu_gesture.errors import InputError, TrainingError
from imu_gesture.learning.fitting import FittingPool
from imu_gesture.learning.ray_fitters import RayFitters
from imu_gesture.workflow.search.choosing import options_from
from imu_gesture.workflow.search.folder import TRIALS_NAME
from imu_gesture.workflow.search.searching import SearchResult, search_workspace
from imu_gesture.workflow.search.trials import Trial, best_of
from imu_gesture.workflow.training import TrainingOptions, train_workspace
from imu_gesture.workspace import Workspace
from tests.learning.groups import PATIENCE_S, group, is_gone
from tests.workflow.search.places import (
    EPOCHS,
    MOST_INSTRUCTIONS,
    TRIALS,
    options,
    search,
    workspace,
)

pytestmark = pytest.mark.slow

FEWER = 4  # of the trials, enough to have one within the budget


@dataclass
class Searched:
    place: Workspace
    result: SearchResult
    progress: list[tuple[float, int]]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Searched:
    """One process, from beginning to end."""
    place, seen = workspace(tmp_path_factory.mktemp("alone")), []
    result = search(place, progress=lambda done, total, _: seen.append((done, total)))
    return Searched(place, result, seen)


def test_every_trial_is_measured_and_those_within_the_budget_are_judged(alone: Searched) -> None:
    trials = alone.result.trials
    assert [trial.number for trial in trials] == list(range(TRIALS))
    for trial in trials:
        assert trial.cost is not None
        fits = trial.cost.instructions <= MOST_INSTRUCTIONS
        assert (trial.score is not None) == (fits or trial.number == 0)
        assert trial.reason == ("" if trial.score else "above the budget")
    assert 1 <= sum(trial.fits(alone.result.budget) for trial in trials) < TRIALS


def test_the_default_is_there_to_compare_with_though_it_is_above_the_budget(
    alone: Searched,
) -> None:
    default, best = alone.result.default, alone.result.best
    assert default.score is not None
    assert not default.fits(alone.result.budget)
    assert best is not None
    assert best.number != 0
    assert best in alone.result.front


def test_progress_never_goes_back_and_ends_with_all(alone: Searched) -> None:
    done = [done for done, _ in alone.progress]
    assert done == sorted(done)
    assert {total for _, total in alone.progress} == {TRIALS}
    assert alone.progress[0] == (0.0, TRIALS)
    assert done[-1] == TRIALS


def test_a_search_that_is_over_is_only_read(alone: Searched) -> None:
    def nobody() -> FittingPool:
        raise AssertionError("nothing is left to do")

    again = search(alone.place, nobody)
    assert again.trials == alone.result.trials
    assert again.kept == TRIALS
    fewer = search_workspace(alone.place, options(trials=3), nobody)
    assert fewer.trials == alone.result.trials[:3]


def test_another_search_does_not_go_on_in_the_same_folder(alone: Searched) -> None:
    other = replace(options(), seed=1)
    with pytest.raises(InputError, match="searched with other seed"):
        search_workspace(alone.place, other, FittingPool)


def test_the_winner_becomes_a_run_that_takes_what_was_measured(alone: Searched) -> None:
    best = alone.result.best
    assert best is not None
    assert best.cost is not None
    told = options_from(alone.result.folder, None, TrainingOptions(evaluate=False))
    run = train_workspace(alone.place, told)
    manifest, tflite = read_run(run.folder)
    assert len(tflite) == manifest.model_bytes == best.cost.model_bytes
    assert manifest.arena.arena_bytes == best.cost.arena_bytes
    assert round(run.report.cost.instructions) == best.cost.instructions
    assert any("was chosen by what is held out here" in warning for warning in run.warnings)


INTERRUPTED = """
import signal
from imu_gesture.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.argv[:1] = ["imu-gesture"]
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no process groups")
def test_after_ctrl_c_it_goes_on_to_the_same_end(alone: Searched, tmp_path: Path) -> None:
    place = workspace(tmp_path)
    kept = tmp_path / "searches" / "search" / TRIALS_NAME
    said = ("search", "-w", tmp_path, "--trials", TRIALS, "--epochs", EPOCHS, "--workers", 1)
    budget = ("--max-instructions", MOST_INSTRUCTIONS)
    with group(INTERRUPTED, *(Path(str(word)) for word in (*said, *budget))) as program:
        deadline_s = time.monotonic() + 3 * PATIENCE_S
        while not (kept.exists() and kept.read_bytes()):
            assert time.monotonic() < deadline_s
            time.sleep(0.05)
        os.killpg(program.pid, signal.SIGINT)
        assert program.wait(PATIENCE_S) == 130
        assert is_gone(program)
    before = kept.read_bytes()
    result = search(place, partial(FittingPool, 2), trials=FEWER)
    assert result.trials == alone.result.trials[:FEWER]
    assert kept.read_bytes().startswith(before)
    assert len(before.splitlines()) >= 1


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two nodes with one processor each beside a head that has none."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    utils = pytest.importorskip("ray.cluster_utils", reason="Ray is not installed")
    quick = {"health_check_initial_delay_ms": 0, "health_check_period_ms": 500}
    head = {"num_cpus": 0, "include_dashboard": False, "_system_config": quick}
    cluster = utils.Cluster(initialize_head=True, head_node_args=head)
    cluster.nodes_of_test = [cluster.add_node(num_cpus=1) for _ in range(2)]
    yield cluster
    cluster.shutdown()


def test_a_node_that_is_killed_loses_no_trial_and_changes_no_value(
    alone: Searched, cluster: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    killed: list[int] = []

    def kill(done: float, _total: int, _best: Trial | None) -> None:
        if done >= 1 and not killed:
            killed.append(round(done))
            cluster.remove_node(cluster.nodes_of_test[0], allow_graceful=False)

    on_ray = partial(RayFitters, cluster.address)
    result = search(workspace(tmp_path), on_ray, kill, trials=FEWER)
    assert killed
    assert result.trials == alone.result.trials[:FEWER]
    assert result.best is not None
    assert result.best == best_of(alone.result.trials[:FEWER], result.budget)
    assert capsys.readouterr().out == ""


def test_a_job_that_fails_on_a_cluster_says_why(cluster: Any) -> None:
    from tests.learning.jobs import job

    with RayFitters(cluster.address) as fitters:
        future = fitters.submit(job(learning_rate=float("nan")))
        with pytest.raises(TrainingError, match="training diverged"):
            fitters.result(future)
