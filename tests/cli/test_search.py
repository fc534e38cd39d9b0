"""`imu-gesture search` as a user calls it: what is refused before anything is trained."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

import click
import pytest

from imu_gesture.cli.quantities import BYTES, COUNT, Quantity
from imu_gesture.learning.fitting import FittingPool
from imu_gesture.workflow.search.folder import SearchFolder
from imu_gesture.workflow.search.searching import SearchOptions, search_workspace
from imu_gesture.workflow.search.space import default_params, space
from imu_gesture.workflow.search.trials import Cost, Score, Trial
from tests.cli.conftest import Command
from tests.workflow.search.places import workspace as searchable


@pytest.mark.parametrize(
    ("kind", "text", "number"),
    [
        (BYTES, "12KB", 12_288),
        (BYTES, "12 kb", 12_288),
        (BYTES, "12KiB", 12_288),
        (BYTES, "12288", 12_288),
        (BYTES, "1.5k", 1536),
        (COUNT, "400k", 400_000),
        (COUNT, "1.5M", 1_500_000),
        (COUNT, "7", 7),
    ],
)
def test_quantities_are_read_as_people_write_them(kind: Quantity, text: str, number: int) -> None:
    assert kind.convert(text, None, None) == number


@pytest.mark.parametrize(
    ("kind", "text"), [(BYTES, t) for t in ("", "0", "-1", "12MB", "KB", "1e3")] + [(COUNT, "4KB")]
)
def test_what_is_no_quantity_is_refused_with_an_example(kind: Quantity, text: str) -> None:
    with pytest.raises(click.BadParameter, match="write it as"):
        kind.convert(text, None, None)


def free_port() -> int:
    with socket.socket() as here:
        here.bind(("127.0.0.1", 0))
        return int(here.getsockname()[1])


def test_a_cluster_that_is_not_there_is_told_at_once(command: Command, tmp_path: Path) -> None:
    searchable(tmp_path)
    pytest.importorskip("ray")
    done = command("search", "-w", tmp_path, "--ray", f"127.0.0.1:{free_port()}")
    assert "no Ray cluster at 127.0.0.1:" in done.problem
    assert "ray start --head" in done.problem
    assert not (tmp_path / "searches").exists()


@pytest.mark.parametrize("address", ["here", "here:there", "127.0.0.1:99999999"])
def test_what_is_no_address_is_told(address: str, command: Command, tmp_path: Path) -> None:
    searchable(tmp_path)
    pytest.importorskip("ray")
    done = command("search", "-w", tmp_path, "--ray", address)
    assert f"no Ray cluster at {address}" in done.problem


@pytest.mark.parametrize(("package", "extra"), [("optuna", "search"), ("ray", "ray")])
def test_a_missing_package_is_named_with_its_extra(
    package: str, extra: str, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    searchable(tmp_path)
    monkeypatch.setitem(sys.modules, package, None)
    done = command("search", "-w", tmp_path, "--ray", "127.0.0.1:6379")
    assert f'pip install "imu-gesture[{extra}]"' in done.problem


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (("--max-arena", "12MB"), "is no size"),
        (("--ray", "auto", "--workers", "2"), "choose one"),
        (("--trials", "0"), "0 is not in the range"),
    ],
)
def test_a_wrong_option_is_a_usage_error(
    said: tuple[str, ...], problem: str, command: Command, tmp_path: Path
) -> None:
    done = command("search", "-w", tmp_path, *said)
    assert done.code == 2
    assert problem in done.err


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    """A workspace with a search of two trials that took no training."""
    params = default_params(space(gyroscope=True))
    place = searchable(tmp_path)
    options = SearchOptions(trials=2)

    def leave(_done: float, _total: int, _best: Trial | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search_workspace(place, options, FittingPool, leave)
    folder = SearchFolder(tmp_path / "searches" / "search")
    for number, params_of in enumerate((params, {**params, "layers": 2})):
        score = Score(0.9 + number / 20, 0.9, (0.9,))
        folder.keep(Trial(number, params_of, Cost(3648, 13408, 280_000, 2_800_000), score))
    return tmp_path


def test_a_search_that_is_over_prints_and_plots(command: Command, finished: Path) -> None:
    done = command("search", "-w", finished, "--trials", "2")
    assert (done.code, done.err) == (0, "")
    assert "best: trial 1, mean recall of the held-out classes 95.0%" in done.out
    assert done.out.endswith("next: imu-gesture train --from-search search\n")
    folder = finished / "searches" / "search"
    assert (folder / "pareto.png").read_bytes().startswith(b"\x89PNG")
    assert (folder / "pareto.svg").exists()


def test_json_is_one_object(command: Command, finished: Path) -> None:
    done = command("search", "-w", finished, "--trials", "2", "--json")
    found = json.loads(done.out)
    assert (found["best"], len(found["trials"])) == (1, 2)
    assert [Path(plot).name for plot in found["plots"]] == ["pareto.png", "pareto.svg"]


def test_another_budget_is_another_search(command: Command, finished: Path) -> None:
    done = command("search", "-w", finished, "--trials", "2", "--max-arena", "12KB")
    assert "was searched with other budget" in done.problem


def test_the_plot_is_left_out_where_nothing_draws(
    command: Command, finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    done = command("search", "-w", finished, "--trials", "2")
    assert done.code == 0
    assert "no plot: not installed: matplotlib" in done.out


@pytest.mark.parametrize(
    ("said", "code", "problem"),
    [
        (("--from-search", "other"), 1, "no search in"),
        (("--from-search", "search", "--trial", "7"), 1, "has no trial 7; there are 2"),
        (("--from-search", "search", "--window", "1"), 2, "--from-search says --window already"),
        (("--trial", "1"), 2, "name it by --from-search"),
    ],
)
def test_train_asks_for_a_search_that_is_there(
    said: tuple[str, ...], code: int, problem: str, command: Command, finished: Path
) -> None:
    done = command("train", "-w", finished, *said)
    assert done.code == code
    assert problem in done.err
