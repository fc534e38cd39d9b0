"""All candidates are judged on the same: the same people, the same gestures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.errors import DatasetError
from imu_gesture.labels import BACKGROUND, Label
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import Recording
from imu_gesture.workflow.search.bench import Bench, Candidate, training_seed
from imu_gesture.workflow.search.space import Value, default_params, space
from imu_gesture.workflow.training import TrainingOptions
from tests import make
from tests.workflow.search.places import NAMES, recordings

DEFAULT = default_params(space(gyroscope=True))
CHANGES: list[dict[str, Value]] = [
    {"window_percent": 75},
    {"window_percent": 150},
    {"rate_percent": 50},
    {"hop_ms": 50},
    {"front_end": "gravity"},
    {"window_percent": 150, "rate_percent": 50, "front_end": "stroke"},
]


def gestures_held_out(candidate: Candidate) -> list[set[tuple[str, str, int]]]:
    """For each fold the gestures, by recording, name and place among its recording's gestures."""
    dataset = candidate.dataset
    gesture = (dataset.label != dataset.background) & ~dataset.near

    def place(window: int) -> tuple[str, str, int]:
        here = gesture & (dataset.recording == dataset.recording[window])
        before = int(np.sum(here & (dataset.end_us < dataset.end_us[window])))
        name = dataset.label_names[dataset.label[window]]
        return str(dataset.recording[window]), name, before

    return [{place(i) for i in split.test if gesture[i]} for split in candidate.splits]


@pytest.mark.parametrize("changed", CHANGES, ids=str)
@pytest.mark.parametrize(("people", "kind"), [(2, "participant"), (1, "block")])
def test_every_candidate_is_judged_by_the_same_gestures(
    changed: dict[str, Value], people: int, kind: str, tmp_path: Path
) -> None:
    bench = Bench.of(recordings(tmp_path, people), TrainingOptions())
    assert bench.kind == kind
    default, other = bench.candidate(0, DEFAULT), bench.candidate(1, {**DEFAULT, **changed})
    assert gestures_held_out(other) == gestures_held_out(default)
    assert sum(map(len, gestures_held_out(default))) == 9 * people


def test_a_candidate_that_leaves_a_fold_empty_is_turned_down() -> None:
    samples, labels = make.gestures([*NAMES] * 3, pause_s=3.0)
    end_s = labels[-1].end_s
    background = Label(end_s + 0.2, end_s + 2.5, BACKGROUND)  # two windows of the usual length
    recording = Recording(samples, RecordingInfo())
    labelled = LabelledRecording("a", recording, (*labels, background))
    bench = Bench.of([labelled], TrainingOptions())
    assert bench.folds == ("block 1 of 2", "block 2 of 2")
    with pytest.raises(DatasetError, match="'background' has 1 examples, too few to hold out"):
        bench.candidate(1, {**DEFAULT, "window_percent": 150})


@pytest.mark.parametrize("what", ["label", "participant", "reading"])
def test_other_data_have_another_digest(what: str, tmp_path: Path) -> None:
    labelled = recordings(tmp_path)
    recording, first = labelled[0].recording, labelled[0]
    if what == "label":
        changed = replace(first, labels=(replace(first.labels[0], name="wave"), *first.labels[1:]))
    elif what == "participant":
        info = recording.info.model_copy(update={"participant": "somebody"})
        changed = replace(first, recording=replace(recording, info=info))
    else:
        samples = replace(recording.samples, acc_g=recording.samples.acc_g + np.float32(0.001))
        changed = replace(first, recording=replace(recording, samples=samples))
    told = TrainingOptions()
    assert Bench.of([changed, *labelled[1:]], told).data != Bench.of(labelled, told).data


def test_a_winner_is_judged_anew_by_another_training() -> None:
    seeds = {training_seed(seed) for seed in range(20)}
    assert len(seeds) == 20
    assert not seeds & set(range(1000))
