"""Honest splits: by person, by session, by contiguous block. Never random windows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from imu_gesture.dataset.dataset import Dataset
from imu_gesture.errors import DatasetError

SplitKind = Literal["participant", "session", "block"]
_DEFAULT_BLOCKS = 5


@dataclass(frozen=True, eq=False)
class Split:
    """Windows to learn from and windows to judge by; `name` says what is held out.

    Attributes:
        train, test: windows of gestures and background.
        beside: windows around gestures to learn from.
    """

    name: str
    train: NDArray[np.intp]
    test: NDArray[np.intp]
    beside: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, np.intp))

    @property
    def learn(self) -> NDArray[np.intp]:
        """All windows to learn from."""
        return np.concatenate([self.train, self.beside])


def make_splits(
    dataset: Dataset, kind: SplitKind | None = None, blocks: int | None = None
) -> list[Split]:
    """One split for every participant, session or block that is held out in turn.

    Without `kind`: participants where there are two or more, else sessions, else blocks. Without
    `blocks`: five, or as many as the rarest class has examples. People who were only recorded in
    the background, and participants or sessions of a single class, such as a clip that corrects one
    gesture, judge nothing by themselves: they are dealt to the splits, each wholly to one.

    Raises:
        DatasetError: the dataset does not allow the split, or it would leak.
    """
    hosts = _performers(dataset)
    kind = kind or _most_honest(dataset, hosts)
    if kind == "block":
        names, fold = _blocks(dataset, hosts, blocks)
    else:
        names, fold = _names(dataset, hosts, kind)
    for place, guest in enumerate(np.unique(dataset.participant[~hosts])):
        fold[dataset.participant == guest] = place % len(names)
    splits = [_split(dataset, name, fold == number) for number, name in enumerate(names)]
    for split in splits:
        check_leakage(dataset, split)
    return splits


def _performers(dataset: Dataset) -> NDArray[np.bool_]:
    """(n,) True for windows of people who performed gestures; of all, where nobody did."""
    gestures = (dataset.label != dataset.background) & ~dataset.near
    hosts = np.isin(dataset.participant, np.unique(dataset.participant[gestures]))
    return hosts if hosts.any() else ~hosts


def _most_honest(dataset: Dataset, hosts: NDArray[np.bool_]) -> SplitKind:
    if len(_judges(dataset, dataset.participant, hosts)) > 1:
        return "participant"
    return "session" if len(_judges(dataset, dataset.session, hosts)) > 1 else "block"


def _judges(
    dataset: Dataset, column: NDArray[np.str_], hosts: NDArray[np.bool_]
) -> NDArray[np.str_]:
    """The names in a column that have windows of two classes or more."""
    own = hosts & ~dataset.near
    names = np.unique(column[own])
    classes = [len(np.unique(dataset.label[own & (column == name)])) for name in names]
    judges: NDArray[np.str_] = names[np.array(classes, int) > 1]
    return judges


def _names(
    dataset: Dataset, hosts: NDArray[np.bool_], kind: SplitKind
) -> tuple[list[str], NDArray[np.intp]]:
    """Names of the splits, and (n,) the split in which each window is held out."""
    column = dataset.participant if kind == "participant" else dataset.session
    names = _judges(dataset, column, hosts)
    if len(names) < 2:
        there = ", ".join(names) or "none"
        raise DatasetError(
            f"only one {kind} ({there}) in the dataset that has two classes; record another, or "
            "split by block"
        )
    fold = np.searchsorted(names, column).clip(max=len(names) - 1)
    for place, guest in enumerate(np.setdiff1d(column[hosts], names)):
        fold[column == guest] = place % len(names)
    return [f"{kind} {name}" for name in names], fold


def _blocks(
    dataset: Dataset, hosts: NDArray[np.bool_], blocks: int | None
) -> tuple[list[str], NDArray[np.intp]]:
    """Each class's stretches, in the order they were recorded, cut into equal blocks."""
    stretches = [
        _segments_in_order(dataset, hosts & (dataset.label == label))
        for label in range(len(dataset.label_names))
    ]
    by_others = dataset.background is not None and not stretches[-1]
    rarest = min(stretches[:-1] if by_others else stretches, key=len)
    blocks = blocks or min(_DEFAULT_BLOCKS, len(rarest))
    if blocks < 2 or len(rarest) < blocks:
        name = dataset.label_names[stretches.index(rarest)]
        raise DatasetError(
            f"{name!r} has {len(rarest)} examples, too few to hold out {max(blocks, 2)} blocks in "
            "turn; record more of it"
        )
    block_of = {
        segment: place * blocks // len(segments)
        for segments in stretches
        for place, segment in enumerate(segments)
    }
    fold = np.array([block_of.get(segment, 0) for segment in dataset.segment.tolist()], np.intp)
    return [f"block {number + 1} of {blocks}" for number in range(blocks)], fold


def _segments_in_order(dataset: Dataset, chosen: NDArray[np.bool_]) -> list[int]:
    members = np.flatnonzero(chosen & ~dataset.near)
    order = np.lexsort((dataset.start_us[members], dataset.recording[members]))
    return list(dict.fromkeys(dataset.segment[members[order]].tolist()))


def _split(dataset: Dataset, name: str, held_out: NDArray[np.bool_]) -> Split:
    """Hold windows out, and drop those to learn from whose context reaches into them."""
    test = np.flatnonzero(held_out & ~dataset.near)
    sides = [np.flatnonzero(~held_out & side) for side in (~dataset.near, dataset.near)]
    train, beside = (side[~_overlaps(dataset, side, test)] for side in sides)
    return Split(name, train, test, beside)


def _overlaps(
    dataset: Dataset, train: NDArray[np.intp], test: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """(n_train,) True where a window with its context shares time with a test window."""
    context_us = dataset.spec.margin * dataset.spec.period_us
    place = np.char.add(np.char.add(dataset.recording, "/"), dataset.run.astype(np.str_))
    shared = np.zeros(len(train), np.bool_)
    for name in np.unique(place[test]):
        here = test[place[test] == name]
        here = here[np.argsort(dataset.start_us[here])]
        newest_end = np.maximum.accumulate(dataset.end_us[here])
        candidates = np.flatnonzero(place[train] == name)
        start = dataset.start_us[train[candidates]] - context_us
        end = dataset.end_us[train[candidates]] + context_us
        before_end = np.searchsorted(dataset.start_us[here], end) - 1
        shared[candidates] = (before_end >= 0) & (newest_end[before_end] > start)
    return shared


def check_leakage(dataset: Dataset, split: Split) -> None:
    """Refuse a split that lets a model see what it is judged by.

    Raises:
        DatasetError: a segment, a stretch of time or a window's exact content is on both sides.
    """
    problem = _leak(dataset, split)
    if problem:
        raise DatasetError(f"split {split.name!r} leaks: {problem}")
    for side, index in (("train", split.train), ("test", split.test)):
        if len(np.unique(dataset.label[index])) < 2:
            raise DatasetError(f"split {split.name!r}: the {side} side has fewer than two classes")


def _leak(dataset: Dataset, split: Split) -> str | None:
    train, test = split.learn, split.test
    shared = np.intersect1d(dataset.segment[train], dataset.segment[test])
    if len(shared):
        window = test[dataset.segment[test] == shared[0]][0]
        return f"windows of one segment on both sides ({_place(dataset, window)})"
    overlapping = train[_overlaps(dataset, train, test)]
    if len(overlapping):
        return f"a window to learn from overlaps a held-out one ({_place(dataset, overlapping[0])})"
    windows = dataset.windows
    seen = {window.tobytes() for window in windows[train]}
    for index in test:
        if windows[index].tobytes() in seen:
            return (
                f"the same readings on both sides ({_place(dataset, index)}); remove the duplicate"
            )
    return None


def _place(dataset: Dataset, index: np.intp) -> str:
    start_s = dataset.start_us[index] * 1e-6
    return f"{dataset.recording[index]} at {start_s:.3f} s device time"
