"""Windows that motions trigger: training sees, byte for byte, what the board classifies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from imu_gesture import _core
from imu_gesture.dataset.cutting import LAG_S
from imu_gesture.dataset.dataset import Dataset, build_dataset
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.windows import WindowSpec, corrected, runs_of
from imu_gesture.labels import BACKGROUND, Label
from imu_gesture.samples import Samples
from tests import make
from tests.core.test_firmware import Recorder
from tests.dataset import cases

MOTION = _core.MotionParams(calm_s=0.24)
SPEC = WindowSpec(20_000, 48, 5, 6, motion=MOTION)
NAMES = ["circle", "push", "wave"]


def performed(seed: int = 0, silence_s: float = 0.0) -> tuple[Samples, list[Label]]:
    """Nine gestures, two seconds apart; the silence lies in a pause."""
    samples, labels = make.gestures(NAMES * 3, seed, pause_s=2.0)
    after_s = labels[3].end_s + 1.0
    moved = [
        replace(label, start_s=label.start_s + shift_s, end_s=label.end_s + shift_s)
        for label in labels
        for shift_s in (silence_s if label.start_s > after_s else 0.0,)
    ]
    return (cases.silent(samples, after_s, silence_s) if silence_s else samples), moved


def built(samples: Samples, labels: list[Label], spec: WindowSpec = SPEC) -> Dataset:
    return build_dataset([cases.labelled(samples, labels)], spec, streaming=True)


def classified(labelled: LabelledRecording, dataset: Dataset) -> set[bytes]:
    """Inputs that the firmware gives its model, each run with its ends held."""
    channels = dataset.spec.channels
    features = _core.FeatureParams(np.zeros(channels, np.float32), np.ones(channels, np.float32))
    how = _core.FirmwareParams(
        dataset.spec.conditioner(),
        dataset.spec.window(),
        features,
        _core.QuantisationParams(0.01, 0),
        _core.DecisionParams([179, _core.NEVER], 1, 300_000),
    )
    recorder = Recorder()
    for run in runs_of(corrected(labelled), dataset.spec):
        padded = run.padded
        _core.Firmware(how, recorder).push(
            padded.device_time_us, padded.acc_g, padded.gyr_or_zero_dps
        )
    return {window.tobytes() for window in recorder.inputs}


@pytest.mark.parametrize("silence_s", [0.0, 5.0])
@pytest.mark.parametrize("seed", range(3))
def test_each_gesture_is_the_window_that_its_motion_triggers(seed: int, silence_s: float) -> None:
    samples, labels = performed(seed, silence_s)
    dataset = built(samples, labels)
    gestures = dataset.subset(np.flatnonzero(~dataset.near))
    assert len(gestures) == 9
    ends_s = (gestures.end_us - samples.device_time_us[0]) * 1e-6
    late_s = ends_s - [label.end_s for label in labels]
    assert np.all((late_s > 0) & (late_s < MOTION.calm_s + 0.3))
    inputs = _core.quantise(_core.QuantisationParams(0.01, 0), gestures.windows)
    seen = classified(cases.labelled(samples, labels), dataset)
    assert {window.tobytes() for window in inputs} <= seen


def test_a_motion_beside_a_gesture_is_background_and_one_far_away_is_not_learned() -> None:
    samples, labels = performed()
    known = [labels[0], labels[1], labels[2], labels[8]]  # the second begins 2 s after the first
    taken_back = Label(labels[3].start_s - 1.9, labels[3].end_s - 1.9, "wave")
    dataset = built(samples, [*known[:2], taken_back, known[3]])
    assert BACKGROUND in dataset.label_names
    ends_s = (dataset.end_us[dataset.near] - samples.device_time_us[0]) * 1e-6
    assert len(ends_s)
    assert all(
        min(abs(end_s - label.end_s) for label in known) < 3.0 and end_s < labels[4].start_s
        for end_s in ends_s
    )


def test_of_two_gestures_in_one_motion_the_later_is_what_it_triggers() -> None:
    samples, labels = performed()
    half_s = (labels[0].start_s + labels[0].end_s) / 2
    first = replace(labels[0], end_s=half_s, name="half")
    second = replace(labels[0], start_s=half_s, name="other half")
    dataset = built(samples, [first, second, labels[1]])
    gestures = dataset.subset(np.flatnonzero(~dataset.near))
    names = [dataset.label_names[label] for label in gestures.label]
    ends_s = dict(zip(names, (gestures.end_us - samples.device_time_us[0]) * 1e-6, strict=True))
    around_s = (first.start_s + half_s + SPEC.duration_s) / 2
    assert abs(ends_s["half"] - min(around_s, half_s + LAG_S)) <= 0.03
    assert 0 < ends_s["other half"] - second.end_s < MOTION.calm_s + 0.3


def test_a_gesture_that_triggers_nothing_is_learned_where_it_is_labelled() -> None:
    samples, labels = performed()
    calm = Label(labels[0].end_s + 0.7, labels[0].end_s + 1.3, "nod")
    dataset = built(samples, [labels[0], calm, labels[1]])
    (nod,) = np.flatnonzero(dataset.label == dataset.label_names.index("nod"))
    end_s = (dataset.end_us[nod] - samples.device_time_us[0]) * 1e-6
    around_s = (calm.start_s + calm.end_s) / 2 + SPEC.duration_s / 2
    assert abs(end_s - min(around_s, calm.end_s + LAG_S)) <= 0.02


def test_background_has_its_tiles_and_its_motions() -> None:
    samples, labels = performed()
    stretch = Label(labels[3].start_s - 1.5, labels[8].start_s - 0.5, BACKGROUND)
    with_motions = built(samples, [*labels[:3], stretch])
    without = built(samples, [*labels[:3], stretch], replace(SPEC, motion=None))
    of_label = [np.sum(~d.near & (d.label == d.background)) for d in (without, with_motions)]
    assert of_label[1] == of_label[0] + 5  # gestures that are not labelled as such
    assert len(np.unique(with_motions.start_row)) == len(with_motions)


def test_the_time_base_has_the_same_name_with_and_without_motions() -> None:
    assert repr(SPEC) == repr(replace(SPEC, motion=None))  # of what the dataset's hash is made
    assert replace(SPEC, motion=None) != SPEC
    assert replace(SPEC, motion=_core.MotionParams(calm_s=0.24)) == SPEC
