"""What to do next: which gestures and people are the trouble, and which labels may be wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from imu_gesture.dataset.dataset import Dataset
from imu_gesture.dataset.oddities import Place, find_oddities, place_of
from imu_gesture.learning.evaluation import Evaluation

_FEWEST_CONFUSED = 2
_LEAST_CONFUSED = 0.02  # of the two gestures' examples
_BY_CHANCE = 0.05
_MOST_TOLD = 5
_FEW = 20  # examples, below which recording more helps most


@dataclass(frozen=True)
class Suspect:
    """An example whose label the models that have not seen it do not believe.

    Attributes:
        taken_for: what they take it for.
        probability: that they give to it.
    """

    place: Place
    taken_for: str
    probability: float


def advice(dataset: Dataset, evaluation: Evaluation) -> tuple[str, ...]:
    """One sentence for each thing to do, the most useful first."""
    found = [*_worst_person(dataset, evaluation), *_confused(evaluation), *_scarce(evaluation)]
    if found:
        return tuple(found)
    examples = int(evaluation.confusion.sum())
    wrong = examples - int(np.trace(evaluation.confusion))
    nothing = f"nothing stands out: {wrong} of {examples} held-out examples are wrong"
    return (f"{nothing}; record others, or on another day, to see whether it holds",)


def _confused(evaluation: Evaluation) -> Iterator[str]:
    """The pair of classes that is taken for each other most often."""
    names, confusion = evaluation.label_names, evaluation.confusion
    both = np.triu(confusion + confusion.T, k=1)
    a, b = np.unravel_index(np.argmax(both), both.shape)
    examples = int(confusion[a].sum() + confusion[b].sum())
    if both[a, b] < max(_FEWEST_CONFUSED, _LEAST_CONFUSED * examples):
        return
    yield (
        f"{names[a]} and {names[b]} are taken for each other in {both[a, b]} of {examples} "
        "held-out examples: make them differ more, or record more of both"
    )


def _worst_person(dataset: Dataset, evaluation: Evaluation) -> Iterator[str]:
    """A person who is recognised worse than the others, beyond chance."""
    right, person = _answers(dataset, evaluation)
    people = np.unique(person)
    if len(people) < 2:
        return
    shares = [float(right[person == name].mean()) for name in people]
    name, share = people[int(np.argmin(shares))], min(shares)
    own, others = right[person == name], right[person != name]
    table = np.array([[own.sum(), others.sum()], [(~own).sum(), (~others).sum()]])
    if stats.fisher_exact(table, alternative="less").pvalue < _BY_CHANCE / len(people):
        yield (
            f"{name} is recognised in {share:.0%} of {len(own)} held-out examples, the others in "
            f"{others.mean():.0%}: record more of {name}, or of people who move alike"
        )


def _scarce(evaluation: Evaluation) -> Iterator[str]:
    """The class that is missed most often, where it has few examples."""
    counts = evaluation.confusion.sum(axis=1)
    worst = int(np.argmin(np.where(counts > 0, evaluation.recall, np.inf)))
    missed = int(counts[worst] - evaluation.confusion[worst, worst])
    if missed and counts[worst] < _FEW:
        yield (
            f"{evaluation.label_names[worst]} is missed in {missed} of {counts[worst]} held-out "
            f"examples, which are few: record {_FEW - counts[worst]} more"
        )


def _answers(
    dataset: Dataset, evaluation: Evaluation
) -> tuple[NDArray[np.bool_], NDArray[np.str_]]:
    """(n,) whether each held-out window was right, and whose it is."""
    index = np.concatenate([fold.index for fold in evaluation.folds])
    right = np.concatenate([fold.predicted == fold.label for fold in evaluation.folds])
    return right, dataset.participant[index]


def suspects(dataset: Dataset, evaluation: Evaluation) -> tuple[Suspect, ...]:
    """Labels that may be wrong, the surest first: confident learning (Northcutt et al. 2021).

    A held-out window counts for another class when its probability of it is at least what that
    class's own windows have on average.
    """
    index = np.concatenate([fold.index for fold in evaluation.folds])
    given = np.concatenate([fold.fitted.probabilities for fold in evaluation.folds])
    rows = np.unique(index)
    probabilities = np.array([given[index == row].mean(axis=0) for row in rows])
    label = dataset.label[rows]
    usual = np.array(
        [
            probabilities[label == name, name].mean() if (label == name).any() else np.inf
            for name in range(len(dataset.label_names))
        ]
    )
    candidates = np.where(probabilities >= usual, probabilities, -1.0)
    other = candidates.argmax(axis=1)
    sure = candidates.max(axis=1)
    wrong = np.flatnonzero((sure > 0) & (other != label))
    ordered = wrong[np.argsort(-sure[wrong], kind="stable")]
    return tuple(
        Suspect(place_of(dataset, rows[i]), dataset.label_names[other[i]], float(sure[i]))
        for i in ordered
    )


def advice_lines(
    dataset: Dataset, evaluation: Evaluation | None, starts_us: Mapping[str, int]
) -> tuple[str, ...]:
    """All of it for people, each with its place in a recording.

    starts_us: device time of the first sample of each recording, by name.
    """

    def where(place: Place) -> str:
        seconds = (place.start_us - starts_us[place.recording]) * 1e-6
        return f"{place.recording} at {seconds:.2f} s"

    lines: list[str] = []
    if evaluation is not None:
        lines += advice(dataset, evaluation)
        lines += _first(
            f"is the label right? {where(s.place)} is labelled {s.place.label}; models that have "
            f"not seen it take it for {s.taken_for} ({s.probability:.0%})"
            for s in suspects(dataset, evaluation)
        )
    odd = find_oddities(dataset)
    lines += _first(
        f"the same readings twice: {where(a)} and {where(b)}; leave one out"
        for a, b in odd.duplicates
    )
    lines += _first(
        f"unlike the other examples of {place.label}: {where(place)}; look at it (`inspect`)"
        for place in odd.outliers
    )
    lines += _first(
        f"the hand all but rests in {where(place)}, labelled {place.label}: was it recorded after "
        "the gesture? leave it out"
        for place in odd.resting
    )
    return tuple(lines)


def _first(lines: Iterable[str]) -> list[str]:
    """A few; the rest as their number."""
    every = list(lines)
    more = len(every) - _MOST_TOLD
    return every if more <= 0 else [*every[:_MOST_TOLD], f"  and {more} more such"]
