"""A search in words and one table: the best candidates, and what is to be known of their scores."""

from __future__ import annotations

from collections.abc import Iterator

from imu_gesture.workflow.search.searching import SearchResult
from imu_gesture.workflow.search.space import architecture_of
from imu_gesture.workflow.search.trials import Trial

_HEAD = (
    "trial    recall  instructions/s  a decision   model   arena  window   hop  rate  "
    "front end  filters"
)


def search_summary(result: SearchResult) -> str:
    """The text that `search` prints."""
    return "\n".join(_lines(result)) + "\n"


def search_json(result: SearchResult) -> dict[str, object]:
    """All that was found, in plain values."""
    best = result.best
    return {
        "search": str(result.folder.path),
        "best": best.number if best else None,
        "front": [trial.number for trial in result.front],
        "trials": [trial.as_json() for trial in result.trials],
        "kept_from_before": result.kept,
        "held_out": list(result.folds),
        "seconds": result.seconds,
        "warnings": list(warnings_of(result)),
    }


def warnings_of(result: SearchResult) -> Iterator[str]:
    """Of the recordings, and of the winner's score."""
    yield from result.warnings
    best = result.best
    if best is not None and best.number != 0:
        yield (
            f"trial {best.number} was chosen because it did best on what was held out, among "
            f"{sum(trial.score is not None for trial in result.trials)} that were judged by the "
            "same; new people will see less of it"
        )


def _lines(result: SearchResult) -> Iterator[str]:
    others = [trial for trial in result.trials if trial.score is None]
    above = sum(_is_above(result, trial) for trial in others)
    unusable = [trial for trial in others if not _is_above(result, trial)]
    before = f", {result.kept} of them before" if result.kept else ""
    yield (
        f"{len(result.trials)} candidates{before}: {len(result.trials) - len(others)} judged, "
        f"{above} above the budget, {len(unusable)} not usable; {result.seconds:.0f} s"
    )
    yield f"held out in turn: {', '.join(result.folds)}"
    yield ""
    yield from _table(result)
    yield ""
    yield from _verdict(result)
    if unusable:
        yield f"not usable, such as trial {unusable[0].number}: {unusable[0].reason}"
    for warning in warnings_of(result):
        yield f"warning: {warning}"


def _is_above(result: SearchResult, trial: Trial) -> bool:
    return trial.cost is not None and not trial.cost.fits(result.budget)


def _table(result: SearchResult) -> Iterator[str]:
    yield _HEAD
    for trial in result.front:
        yield _row(trial) + ("   best" if trial == result.best else "")
    if result.default not in result.front:
        why = "above the budget" if _is_above(result, result.default) else "the default"
        yield f"{_row(result.default)}   {why}"


def _row(trial: Trial) -> str:
    cost, score, params = trial.cost, trial.score, trial.params
    accuracy = f"{score.balanced:.1%}" if score else "-"
    figures = (
        f"{cost.instructions_per_s:14d}  {cost.instructions:10d}  {cost.model_bytes:6d}  "
        f"{cost.arena_bytes:6d}"
        if cost
        else f"{'-':>14}  {'-':>10}  {'-':>6}  {'-':>6}"
    )
    filters = ",".join(map(str, architecture_of(params).filters))
    return (
        f"{trial.number:5d}  {accuracy:>8}  {figures}  {params['window_percent']:>5}%  "
        f"{_hop_ms(trial):>4}  {params['rate_percent']:>3}%  {params['front_end']:9}  {filters}"
    )


def _hop_ms(trial: Trial) -> str:
    """Whole rows: not always what was asked for."""
    cost = trial.cost
    return f"{1e3 * cost.instructions / cost.instructions_per_s:.0f}" if cost else "-"


def _verdict(result: SearchResult) -> Iterator[str]:
    best, default = result.best, result.default
    if best is None:
        yield "no candidate keeps the budget; nearest to it:"
        nearest = min(
            (trial for trial in result.trials if trial.cost),
            key=lambda trial: max(trial.cost.excess(result.budget).values()) if trial.cost else 0,
            default=None,
        )
        yield _row(nearest) if nearest else "none could be built"
        return
    compared = f"; the default's: {default.score.balanced:.1%}" if default.score else ""
    yield (
        f"best: trial {best.number}, mean recall of the held-out classes "
        f"{best.score.balanced if best.score else 0:.1%}{compared}"
    )
