"""The plot of a search: every judged candidate is in it, and the front is joined."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from imu_gesture.errors import WindowError
from imu_gesture.report.pareto import draw_pareto, save_pareto
from imu_gesture.workflow.search.searching import SearchResult
from tests.report.searched import TRIALS, searched, trial


def drawn(result: SearchResult) -> dict[str, list[list[float]]]:
    """Places by the word in the legend."""
    figure = Figure()
    draw_pareto(figure, result)
    (axes,) = figure.axes
    return {str(marks.get_label()): marks.get_offsets().tolist() for marks in axes.collections}  # type: ignore[union-attr]


def test_every_judged_candidate_is_drawn_where_it_belongs() -> None:
    above = trial(6, 0.99, 310_000)
    places = drawn(searched([*TRIALS, above]))
    assert places == {
        "within the budget": [[2.8, 90.0], [1.6, 91.0]],
        "above the budget": [[3.1, 99.0]],
        "none is both better and cheaper": [[2.0, 95.0], [1.5, 93.0]],
    }


def test_a_search_without_any_judged_candidate_is_an_empty_plot() -> None:
    assert drawn(searched(TRIALS[4:])) == {}


@pytest.mark.parametrize(("ending", "magic"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_the_same_trials_give_the_same_bytes(ending: str, magic: bytes, tmp_path: Path) -> None:
    first, second = tmp_path / f"a.{ending}", tmp_path / f"b.{ending}"
    for path in (first, second):
        save_pareto(searched(), path)
    assert first.read_bytes().startswith(magic)
    assert first.read_bytes() == second.read_bytes()


def test_without_matplotlib_the_cure_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(WindowError, match=r"imu-gesture\[window\]"):
        save_pareto(searched(), tmp_path / "a.png")
