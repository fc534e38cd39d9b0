"""What is printed of a search: the front, the default beside it, and how far to trust it."""

from __future__ import annotations

import json
from dataclasses import replace

from imu_gesture.report.search import search_json, search_summary
from imu_gesture.workflow.search.trials import Budget
from tests.report.searched import TRIALS, searched, trial


def test_all_candidates_are_counted() -> None:
    first, second = search_summary(searched()).splitlines()[:2]
    assert first == (
        "6 candidates, 2 of them before: 4 judged, 1 above the budget, 1 not usable; 12 s"
    )
    assert second == "held out in turn: participant a, participant b"


def test_the_front_is_a_table_with_the_default_below_it() -> None:
    lines = search_summary(searched()).splitlines()
    rows = [line.split() for line in lines[lines.index("") + 2 :]]
    rows = rows[: rows.index([])]
    assert [(row[0], row[1]) for row in rows] == [("1", "95.0%"), ("2", "93.0%"), ("0", "90.0%")]
    assert rows[0][2:9] == ["2000000", "200000", "13408", "3648", "100%", "100", "100%"]
    assert [row[-1] for row in rows] == ["best", "16,24,32", "default"]


def test_the_winner_is_compared_and_its_score_is_not_sold_as_more_than_it_is() -> None:
    text = search_summary(searched())
    assert "best: trial 1, mean recall of the held-out classes 95.0%; the default's: 90.0%" in text
    assert "trial 1 was chosen because it did best on what was held out, among 4" in text
    assert "not usable, such as trial 5: its windows do not reach every fold" in text
    assert "warning: mind the gap" in text


def test_a_default_that_wins_was_not_chosen_among_others() -> None:
    text = search_summary(searched(TRIALS[:1]))
    assert "   best" in text
    assert "was chosen because" not in text


def test_a_default_above_the_budget_is_told_as_such() -> None:
    text = search_summary(searched([trial(0, 0.97, 310_000), *TRIALS[1:]]))
    assert "16,24,32   above the budget" in text
    assert text.startswith("6 candidates, 2 of them before: 4 judged, 1 above the budget, 1 not")
    assert "best: trial 1" in text


def test_a_candidate_within_the_budget_that_could_not_be_trained_is_not_usable() -> None:
    diverged = replace(trial(6, None), reason="training diverged")
    text = search_summary(searched([*TRIALS[:5], diverged]))
    assert "4 judged, 1 above the budget, 1 not usable" in text
    assert "not usable, such as trial 6: training diverged" in text


def test_where_nothing_fits_the_nearest_is_shown() -> None:
    text = search_summary(searched(budget=Budget(instructions=100_000)))
    assert "no candidate keeps the budget; nearest to it:\n    2     93.0%" in text


def test_json_has_every_trial() -> None:
    found = json.loads(json.dumps(search_json(searched())))
    assert (found["best"], found["front"], found["kept_from_before"]) == (1, [1, 2], 2)
    assert [one["number"] for one in found["trials"]] == list(range(6))
    assert found["trials"][1]["score"]["balanced"] == 0.95
    assert found["trials"][4]["reason"] == "above the budget"
    assert len(found["warnings"]) == 2
