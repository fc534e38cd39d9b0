"""Datasets: which windows are cut, where they lie, and to whom they belong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imu_gesture.dataset.cutting import LAG_S
from imu_gesture.dataset.dataset import Dataset, build_dataset
from imu_gesture.errors import DatasetError
from imu_gesture.labels import BACKGROUND, Label
from tests import make
from tests.dataset import cases
from tests.dataset.cases import SPEC, WINDOW_US

START_US = 7_000_000
RAMP = cases.ramp(10, start_us=START_US)
OTHER = Label(0.0, 0.32, "other")  # a second class, which every dataset needs


def built(labels: list[Label], silence_s: float = 0.0) -> Dataset:
    """From ten seconds with, if asked, a silence behind the fifth."""
    samples = cases.silent(RAMP, 5.0, silence_s) if silence_s else RAMP
    return build_dataset([cases.labelled(samples, [OTHER, *labels])], SPEC)


@given(middle_us=st.integers(0, 10_000_000), length_us=st.integers(0, 3_000_000))
@settings(derandomize=True, deadline=None, max_examples=100)
def test_a_gestures_window_lies_around_its_middle(middle_us: int, length_us: int) -> None:
    half_us = min(length_us // 2, middle_us)
    label = Label((middle_us - half_us) * 1e-6, (middle_us + half_us) * 1e-6, "up")
    dataset = built([label])
    assert len(dataset) == 2
    middle_row = dataset.start_us[1] + SPEC.samples // 2 * SPEC.period_us
    assert middle_row < START_US + middle_us <= middle_row + SPEC.period_us
    assert dataset.end_us[1] - dataset.start_us[1] == WINDOW_US
    assert dataset.context.shape == (2, SPEC.samples + 2 * SPEC.margin, 6)


@given(middle_s=st.floats(0.3, 9.7))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_a_window_holds_what_happened_in_its_time(middle_s: float) -> None:
    dataset = built([Label(middle_s, middle_s, "up")])
    rows_us = dataset.start_us[1] + SPEC.period_us * (np.arange(SPEC.samples) + 0.5)
    np.testing.assert_allclose(dataset.windows[1, :, 0], rows_us * 1e-6, atol=1e-5)
    np.testing.assert_allclose(dataset.windows[1, :, 3], rows_us * 0.5e-6, atol=1e-5)


@pytest.mark.parametrize("middle_s", [0.0, 0.02, 9.98, 10.0])
def test_a_gesture_at_the_very_edge_is_completed_by_the_edges_reading(middle_s: float) -> None:
    window = built([Label(middle_s, middle_s, "up")]).windows[1]
    assert window.min() >= np.float32(START_US * 0.5e-6)
    assert window[:, 0].max() <= np.float32(RAMP.acc_g.max())
    held = window[0 if middle_s < 5 else -1, 0]
    assert held == RAMP.acc_g[0 if middle_s < 5 else -1, 0]


@pytest.mark.parametrize("silence_s", [0.15, 5.0])
def test_behind_a_gap_windows_start_anew(silence_s: float) -> None:
    late_s = 5.0 + silence_s
    dataset = built([Label(4.9, 4.9, "up"), Label(late_s + 0.1, late_s + 0.1, "up")], silence_s)
    assert dataset.run.tolist() == [0, 0, 1]
    last_before = RAMP.acc_g[RAMP.acc_g[:, 0] <= 12.0].max()
    assert dataset.windows[1, :, 0].max() == last_before
    assert dataset.windows[2, :, 0].min() > last_before


def test_a_gesture_in_a_gap_gives_no_window_and_is_said() -> None:
    dataset = built([Label(6.0, 7.0, "up"), Label(1.0, 2.0, "up")], silence_s=5.0)
    assert len(dataset) == 2
    assert dataset.skipped == ("a: 'up' at 6.000 s has no room for a window",)


@given(start_us=st.integers(0, 15_000_000), length_us=st.integers(0, 15_000_000))
@settings(derandomize=True, deadline=None, max_examples=100)
def test_background_is_tiled_with_whole_windows(start_us: int, length_us: int) -> None:
    end_us = start_us + length_us
    labels = [Label(1, 2, "up"), Label(start_us * 1e-6, end_us * 1e-6, BACKGROUND)]
    dataset = built(labels, silence_s=5.0)
    for number, (first_us, last_us) in enumerate([(0, 5_000_000), (10_008_403, 15_000_000)]):
        tiles = np.flatnonzero((dataset.label == dataset.background) & (dataset.run == number))
        from_us = START_US + max(start_us, first_us)
        until_us = START_US + min(end_us, last_us)
        starts_us, ends_us = dataset.start_us[tiles], dataset.end_us[tiles]
        if len(tiles):
            assert from_us <= starts_us[0] < from_us + SPEC.period_us
            assert 0 <= until_us - ends_us[-1] < WINDOW_US + SPEC.period_us
            assert np.array_equal(starts_us[1:], ends_us[:-1])
        else:
            assert until_us - from_us < WINDOW_US + SPEC.period_us
        rows_us = starts_us[:, None] + SPEC.period_us * (np.arange(SPEC.samples) + 0.5)
        time_s = rows_us * 1e-6 - 5.0 * number  # the ramp stood still in the silence
        np.testing.assert_allclose(dataset.windows[tiles, :, 0], time_s, atol=1e-5)


@pytest.mark.parametrize(("start_s", "end_s"), [(2.0, 2.3), (6.0, 9.0), (4.8, 5.1)])
def test_background_without_room_for_a_window_is_said(start_s: float, end_s: float) -> None:
    dataset = built([Label(1, 2, "up"), Label(start_s, end_s, BACKGROUND)], silence_s=5.0)
    assert dataset.background == 2
    assert 2 not in dataset.label
    assert dataset.skipped == (f"a: 'background' at {start_s:.3f} s has no room for a window",)


def test_labels_are_in_alphabetical_order_with_background_last() -> None:
    names = ["wave", BACKGROUND, "circle", "zoom", "wave"]
    dataset = built([Label(2 * i + 0.1, 2 * i + 0.9, name) for i, name in enumerate(names)])
    assert dataset.label_names == ("circle", "other", "wave", "zoom", BACKGROUND)
    named = [dataset.label_names[label] for label in dataset.label]
    assert list(dict.fromkeys(named)) == ["other", "wave", BACKGROUND, "circle", "zoom"]
    assert dataset.background == 4


def test_without_background_there_is_no_background_class() -> None:
    assert built([Label(1, 2, "up")]).background is None


def test_every_window_knows_where_it_came_from() -> None:
    who = [("a", "zoe", "1"), ("b", "kim", "1"), ("c", "kim", "2")]
    recordings = [
        cases.labelled(
            cases.ramp(5), [OTHER, Label(2, 3, "up")], name, participant=person, session=session
        )
        for name, person, session in who
    ]
    dataset = build_dataset(recordings, SPEC)
    found = zip(dataset.recording, dataset.participant, dataset.session, strict=True)
    assert list(found) == [row for row in who for _ in range(2)]
    assert dataset.segment.tolist() == list(range(6))
    assert dataset.windows.dtype == np.float32


@pytest.mark.parametrize("labels", [[], [Label(1, 2, "up")], [Label(1, 2, BACKGROUND)]])
def test_fewer_than_two_classes_are_refused(labels: list[Label]) -> None:
    with pytest.raises(DatasetError, match="at least two classes"):
        build_dataset([cases.labelled(RAMP, labels)], SPEC)


def test_a_subset_keeps_rows_together_in_the_order_asked_for() -> None:
    dataset = cases.windows(6)
    subset = dataset.subset(np.array([4, 1]))
    assert len(subset) == 2
    assert subset.segment.tolist() == [4, 1]
    assert np.array_equal(subset.windows, dataset.windows[[4, 1]])
    assert (subset.spec, subset.label_names) == (dataset.spec, dataset.label_names)


def test_the_digest_is_that_of_the_content() -> None:
    samples, labels = make.gestures(["up", "down"] * 2)
    digest = build_dataset([cases.labelled(samples, labels)], SPEC).digest()
    assert build_dataset([cases.labelled(samples, labels, "renamed")], SPEC).digest() == digest
    labels[0] = Label(labels[0].start_s + 0.02, labels[0].end_s + 0.02, labels[0].name)
    assert build_dataset([cases.labelled(samples, labels)], SPEC).digest() != digest
    labels[0] = Label(labels[0].start_s - 0.02, labels[0].end_s - 0.02, "down")
    assert build_dataset([cases.labelled(samples, labels)], SPEC).digest() != digest


def sliding(labels: list[Label], silence_s: float = 0.0) -> Dataset:
    """As a window that slides along would meet them."""
    samples = cases.silent(RAMP, 5.0, silence_s) if silence_s else RAMP
    return build_dataset([cases.labelled(samples, [OTHER, *labels])], SPEC, streaming=True)


@given(start_s=st.floats(1.0, 7.0), length_s=st.floats(0.0, 2.0))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_sliding_a_window_is_filled_by_its_gesture_or_ends_soon_after_it(
    start_s: float, length_s: float
) -> None:
    dataset = sliding([Label(start_s, start_s + length_s, "up")])
    (place,) = np.flatnonzero(~dataset.near & (dataset.label == 1))
    around_us = START_US + (start_s + length_s / 2) * 1e6 + WINDOW_US / 2
    behind_us = START_US + (start_s + length_s + LAG_S) * 1e6
    assert abs(dataset.end_us[place] - min(around_us, behind_us)) <= SPEC.period_us


def test_beside_a_gesture_are_windows_that_have_not_seen_it_or_long_since() -> None:
    dataset = sliding([Label(3.0, 4.0, "up"), Label(5.2, 6.2, "up")])
    beside = dataset.near & (dataset.segment > 0)
    ends_s = np.sort((dataset.end_us[beside] - START_US) * 1e-6)
    assert set(dataset.label[beside]) == {dataset.background}
    allowed = [(2.0, 3.4), (4.9, 5.6), (7.1, 7.7)]
    inside = [(ends_s > low - 0.02) & (ends_s < high + 0.02) for low, high in allowed]
    assert np.all(np.any(inside, axis=0))
    assert all(here.any() for here in inside)
    assert np.median(np.diff(np.unique(ends_s.round(3)))) <= SPEC.hop_samples * 0.02 + 1e-6


def test_without_beside_the_windows_are_only_those_of_labels() -> None:
    assert not built([Label(3, 4, "up")]).near.any()
