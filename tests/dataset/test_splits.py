"""Splits: every window is judged once, by a model that has never seen anything like it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from imu_gesture.dataset.dataset import Dataset, build_dataset
from imu_gesture.dataset.splits import Split, SplitKind, check_leakage, make_splits
from imu_gesture.errors import DatasetError
from imu_gesture.labels import BACKGROUND, Label
from tests import make
from tests.dataset import cases
from tests.dataset.cases import CONTEXT_US, SPEC, WINDOW_US

KINDS: list[SplitKind] = ["participant", "session", "block"]


def recorded() -> Dataset:
    """Two people, two sittings each, gestures and background, as the dataset builder cuts them."""
    recordings = []
    for i, (person, session) in enumerate([("zoe", "1"), ("zoe", "2"), ("kim", "1"), ("kim", "2")]):
        samples, labels = make.gestures(["up", "down"] * 3, seed=i, gesture_s=0.5)
        labels += [Label(label.end_s, label.end_s + 1, BACKGROUND) for label in labels]
        recordings.append(
            cases.labelled(samples, labels, f"r{i}", participant=person, session=session)
        )
    return build_dataset(recordings, SPEC)


def index(*places: int) -> NDArray[np.intp]:
    return np.array(places, np.intp)


@pytest.mark.parametrize("kind", KINDS)
def test_each_window_is_tested_exactly_once_and_never_learned_from_then(kind: SplitKind) -> None:
    dataset = recorded()
    splits = make_splits(dataset, kind)
    assert sorted(np.concatenate([split.test for split in splits])) == list(range(len(dataset)))
    for split in splits:
        assert not np.intersect1d(split.train, split.test).size
        assert len(np.unique(dataset.label[split.train])) == 3


@pytest.mark.parametrize("kind", KINDS[:2])
def test_a_held_out_name_is_wholly_held_out(kind: SplitKind) -> None:
    dataset = recorded()
    names = dataset.participant if kind == "participant" else dataset.session
    splits = make_splits(dataset, kind)
    assert [split.name for split in splits] == [f"{kind} {name}" for name in np.unique(names)]
    for split in splits:
        (held_out,) = set(names[split.test])
        assert held_out not in names[split.train]
        assert len(split.train) + len(split.test) == len(dataset)


def test_blocks_are_stretches_of_time_of_each_class() -> None:
    splits = make_splits(cases.windows(20), "block")
    assert [split.name for split in splits] == [f"block {i} of 5" for i in range(1, 6)]
    assert [split.test.tolist() for split in splits] == [
        list(range(start, start + 4)) for start in (0, 4, 8, 12, 16)
    ]


def test_blocks_follow_time_whatever_the_order_of_the_windows() -> None:
    start_us = np.random.default_rng(3).permutation(20) * 2_000_000
    dataset = cases.windows(20, start_us=start_us, label=start_us // 2_000_000 % 2)
    for number, split in enumerate(make_splits(dataset, "block")):
        times = sorted(start_us[split.test] // 2_000_000)
        assert times == list(range(4 * number, 4 * number + 4))


@pytest.mark.parametrize("kind", [*KINDS, None])
def test_windows_of_one_segment_are_never_on_both_sides(kind: SplitKind | None) -> None:
    segment = np.arange(40) // 4
    dataset = cases.windows(
        40,
        segment=segment,
        label=segment % 2,
        participant=np.where(segment % 4 < 2, "zoe", "kim"),
        session=np.where(segment % 4 < 2, "1", "2"),
    )
    for split in make_splits(dataset, kind):
        assert not np.intersect1d(segment[split.train], segment[split.test]).size


@pytest.mark.parametrize(
    ("distance_us", "dropped"),
    [(WINDOW_US + CONTEXT_US, 0), (WINDOW_US + CONTEXT_US - 1, 1), (WINDOW_US // 2, 2)],
)
def test_windows_that_reach_into_a_held_out_one_are_not_learned_from(
    distance_us: int, dropped: int
) -> None:
    first, second = make_splits(cases.windows(12, distance_us), "block", blocks=2)
    assert first.test.tolist() == [0, 1, 2, 3, 4, 5]
    assert first.train.tolist() == list(range(6 + dropped, 12))
    assert second.train.tolist() == list(range(6 - dropped))


@pytest.mark.parametrize("elsewhere", ["recording", "run"])
def test_the_same_time_elsewhere_is_no_overlap(elsewhere: str) -> None:
    second_half = np.arange(12) >= 6
    place = {"recording": np.where(second_half, "b", "a"), "run": second_half.astype(np.int64)}
    start_us = np.arange(12) % 6 * 2_000_000
    session = np.where(second_half, "2", "1")
    columns: dict[str, Any] = {
        elsewhere: place[elsewhere],
        "start_us": start_us,
        "session": session,
    }
    dataset = cases.windows(12, **columns)
    assert [len(split.train) for split in make_splits(dataset, "session")] == [6, 6]


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ({"participant": ["zoe", "kim"] * 10, "session": ["1", "2"] * 10}, "participant"),
        ({"session": ["1", "2"] * 10}, "session"),
        ({}, "block"),
    ],
)
def test_the_most_honest_split_is_the_default(columns: dict[str, Any], kind: str) -> None:
    dataset = cases.windows(20, label=np.arange(20) // 2 % 2, **columns)
    assert {split.name.split()[0] for split in make_splits(dataset)} == {kind}


@pytest.mark.parametrize(("rarest", "blocks"), [(2, 2), (3, 3), (9, 5)])
def test_there_are_as_many_blocks_as_the_rarest_class_allows(rarest: int, blocks: int) -> None:
    dataset = cases.windows(30, label=(np.arange(30) < rarest).astype(np.intp))
    assert len(make_splits(dataset, "block")) == blocks


@pytest.mark.parametrize("blocks", [2, 3, 10])
def test_the_number_of_blocks_asked_for_is_made(blocks: int) -> None:
    assert len(make_splits(cases.windows(20), "block", blocks)) == blocks


@pytest.mark.parametrize(
    ("ups", "blocks", "message"),
    [
        (0, None, "'up' has 0 examples, too few to hold out 2 blocks"),
        (1, None, "'up' has 1 examples, too few to hold out 2 blocks"),
        (3, 4, "'up' has 3 examples, too few to hold out 4 blocks in turn; record more"),
        (9, 1, "too few to hold out 2 blocks"),
    ],
)
def test_too_few_examples_are_refused(ups: int, blocks: int | None, message: str) -> None:
    dataset = cases.windows(30, label=(np.arange(30) < ups).astype(np.intp))
    with pytest.raises(DatasetError, match=message):
        make_splits(dataset, "block", blocks)


def test_windows_of_one_segment_are_one_example() -> None:
    up = np.arange(30) < 9
    dataset = cases.windows(30, label=up.astype(np.intp), segment=np.where(up, 0, np.arange(30)))
    with pytest.raises(DatasetError, match="'up' has 1 examples"):
        make_splits(dataset, "block")


@pytest.mark.parametrize(
    ("kind", "message"),
    [("participant", r"only one participant \(zoe\)"), ("session", r"only one session \(1\)")],
)
def test_a_split_by_the_only_name_is_refused(kind: SplitKind, message: str) -> None:
    with pytest.raises(DatasetError, match=message):
        make_splits(cases.windows(20), kind)


@pytest.mark.parametrize("kind", KINDS[:2])
def test_somebody_who_made_one_gesture_only_is_no_judge(kind: SplitKind) -> None:
    who = ["kim" if i in (4, 6) else "zoe" for i in range(20)]
    dataset = cases.windows(20, participant=who, session=who)
    with pytest.raises(DatasetError, match=rf"only one {kind} \(zoe\)"):
        make_splits(dataset, kind)
    assert make_splits(dataset)[0].name == "block 1 of 5"


@pytest.mark.parametrize("kind", KINDS[:2])
def test_who_is_no_judge_is_dealt_wholly_to_one_who_is(kind: SplitKind) -> None:
    who = ["kim" if i in (4, 6) else "zoe" if i < 10 else "ann" for i in range(20)]
    dataset = cases.windows(20, participant=who, session=who)
    splits = make_splits(dataset, kind)
    assert [split.name for split in splits] == [f"{kind} ann", f"{kind} zoe"]
    assert [{4, 6} & set(split.test.tolist()) for split in splits] == [{4, 6}, set()]
    assert sorted(np.concatenate([split.test for split in splits])) == list(range(20))
    if kind == "participant":
        assert [split.name for split in make_splits(dataset)] == [split.name for split in splits]


HONEST = Split("by hand", index(0, 1, 2, 3), index(4, 5, 6, 7))


def test_an_honest_split_is_accepted() -> None:
    check_leakage(cases.windows(8), HONEST)


def with_duplicate() -> Dataset:
    dataset = cases.windows(8)
    context = dataset.context.copy()
    inside = slice(SPEC.margin, SPEC.margin + SPEC.samples)
    context[6, inside] = context[1, inside]
    return replace(dataset, context=context)


@pytest.mark.parametrize(
    ("dataset", "message"),
    [
        (
            cases.windows(8, segment=[0, 1, 2, 3, 4, 3, 6, 7]),
            r"'by hand' leaks: windows of one segment on both sides \(a at 10\.000 s",
        ),
        (
            cases.windows(8, start_us=[i * 10**6 for i in (0, 2, 4, 6.3, 6, 8, 10, 12)]),
            r"'by hand' leaks: a window to learn from overlaps a held-out one \(a at 6\.300 s",
        ),
        (
            cases.windows(8, start_us=[i * 10**6 for i in (0, 2, 4, 5.61, 6, 8, 10, 12)]),
            r"'by hand' leaks: a window to learn from overlaps a held-out one \(a at 5\.610 s",
        ),
        (
            with_duplicate(),
            r"'by hand' leaks: the same readings on both sides \(a at 12\.000 s.*remove",
        ),
        (cases.windows(8, label=[0, 0, 0, 0, 0, 1, 0, 1]), "the train side has fewer than two"),
        (cases.windows(8, label=[0, 1, 0, 1, 0, 0, 0, 0]), "the test side has fewer than two"),
    ],
    ids=["segment", "overlap", "overlap of the context", "duplicate", "train", "test"],
)
def test_a_split_that_leaks_is_refused(dataset: Dataset, message: str) -> None:
    with pytest.raises(DatasetError, match=message):
        check_leakage(dataset, HONEST)


def test_a_recording_that_two_people_claim_is_refused() -> None:
    samples, labels = make.gestures(["up", "down"] * 2)
    dataset = build_dataset(
        [cases.labelled(samples, labels, name, participant=name) for name in ("kim", "zoe")], SPEC
    )
    with pytest.raises(DatasetError, match="the same readings on both sides"):
        make_splits(dataset)


def with_guests(hosts: int) -> Dataset:
    """Hosts perform two gestures each; three guests were only recorded in the background."""
    recordings = []
    for i in range(hosts + 3):
        samples, labels = make.gestures(["up", "down"] * 4, seed=i, gesture_s=0.5)
        if i >= hosts:
            labels = [Label(0.0, 8.0, "background/tea")]
        recordings.append(cases.labelled(samples, labels, f"r{i}", participant=f"p{i}"))
    return build_dataset(recordings, SPEC)


@pytest.mark.parametrize(
    ("hosts", "kind", "names"),
    [
        (1, None, ["block 1 of 4", "block 2 of 4", "block 3 of 4", "block 4 of 4"]),
        (2, None, ["participant p0", "participant p1"]),
        (2, "block", [f"block {i} of 5" for i in range(1, 6)]),
    ],
)
def test_people_of_the_background_are_dealt_to_the_splits_each_wholly_to_one(
    hosts: int, kind: SplitKind | None, names: list[str]
) -> None:
    dataset = with_guests(hosts)
    splits = make_splits(dataset, kind)
    assert [split.name for split in splits] == names
    assert sorted(np.concatenate([split.test for split in splits])) == list(range(len(dataset)))
    for guest in range(3):
        of_guest = dataset.participant == f"p{hosts + guest}"
        (home,) = [split for split in splits if of_guest[split.test].any()]
        assert home is splits[guest % len(splits)]
        assert not of_guest[home.learn].any()


@pytest.mark.parametrize("kind", KINDS)
def test_windows_beside_a_gesture_are_held_out_with_it_and_never_judged(kind: SplitKind) -> None:
    recordings = []
    for i, (person, session) in enumerate([("zoe", "1"), ("kim", "2")]):
        samples, labels = make.gestures(["up", "down"] * 5, seed=i)
        recordings.append(
            cases.labelled(samples, labels, f"r{i}", participant=person, session=session)
        )
    dataset = build_dataset(recordings, SPEC, streaming=True)
    assert dataset.near.sum() > 100
    for split in make_splits(dataset, kind):
        assert not dataset.near[split.test].any()
        assert not dataset.near[split.train].any()
        assert dataset.near[split.beside].all()
        assert len(split.beside) > 50
        held_out = np.unique(dataset.segment[split.test])
        assert not np.isin(dataset.segment[split.learn], held_out).any()
        assert np.array_equal(np.sort(split.learn), np.sort([*split.train, *split.beside]))
