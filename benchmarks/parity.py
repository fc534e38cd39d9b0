"""Bytes in which the firmware, fed sample by sample, differs from calls on whole windows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from tflite_micro.python.tflite_micro import runtime

from imu_gesture import _core
from imu_gesture.dataset.dataset import Dataset
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.windows import Run, corrected, runs_of
from imu_gesture.inference.classifier import Int8Array, open_classifier
from imu_gesture.learning.evaluation import Fold, model_inputs
from imu_gesture.learning.fitting import FitResult

_ARENA_BYTES = 1 << 20


@dataclass(frozen=True)
class Difference:
    """Bytes compared and bytes that differ."""

    windows: int = 0
    inputs: int = 0
    scores: int = 0

    def __add__(self, other: Difference) -> Difference:
        """Over both."""
        return Difference(
            self.windows + other.windows, self.inputs + other.inputs, self.scores + other.scores
        )


def compare(
    dataset: Dataset, fold: Fold, recordings: Mapping[str, LabelledRecording]
) -> Difference:
    """All held-out windows of a fold, with the fold's own model.

    Left side: features and int8 input by one call on all windows, scores by TensorFlow Lite Micro
    fed by hand. Right side: the firmware, which gets the samples of each run one by one, looks at
    every row, and asks the classifier.
    """
    inputs = model_inputs(fold.fitted, dataset.windows[fold.index])
    scores = _by_hand(fold.fitted.tflite, inputs)
    place = {int(window): i for i, window in enumerate(fold.index)}
    total = Difference()
    for run, members in _runs_under_test(dataset, fold, recordings):
        streamed_inputs, streamed_scores = _stream(dataset, fold.fitted, run)
        for window in members:
            i, row = place[window], int(dataset.start_row[window])
            total += Difference(
                1,
                int(np.sum(inputs[i] != streamed_inputs[row])),
                int(np.sum(scores[i] != streamed_scores[row])),
            )
    return total


def _by_hand(tflite: bytes, inputs: Int8Array) -> Int8Array:
    interpreter = runtime.Interpreter.from_bytes(tflite, arena_size=_ARENA_BYTES)
    scores = []
    for window in inputs:
        interpreter.set_input(window[None, :, None, :], 0)
        interpreter.invoke()
        scores.append(interpreter.get_output(0)[0])
    return np.array(scores, np.int8)


def _runs_under_test(
    dataset: Dataset, fold: Fold, recordings: Mapping[str, LabelledRecording]
) -> Iterator[tuple[Run, list[int]]]:
    members: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for window in fold.index.tolist():
        members[str(dataset.recording[window]), int(dataset.run[window])].append(window)
    for name in sorted({name for name, _ in members}):
        runs = runs_of(corrected(recordings[name]), dataset.spec)
        for number, run in enumerate(runs):
            if (name, number) in members:
                yield run, members[name, number]


def _stream(dataset: Dataset, fitted: FitResult, run: Run) -> tuple[Int8Array, Int8Array]:
    """Input and scores of the window that starts at each row of a run."""
    classifier = open_classifier(fitted.tflite)
    inputs: list[Int8Array] = []
    scores: list[Int8Array] = []

    def classify(window: Int8Array) -> Int8Array:
        inputs.append(window)
        scores.append(classifier.scores(window[None])[0])
        return scores[-1]

    classes = len(dataset.label_names)
    firmware = _core.Firmware(
        _core.FirmwareParams(
            dataset.spec.conditioner(),
            _core.WindowParams(dataset.spec.samples, 1),
            fitted.features,
            fitted.input,
            _core.DecisionParams([_core.NEVER] * classes, 1, 0),
            fitted.front_end.params,
        ),
        classify,
    )
    samples = run.padded
    firmware.push(samples.device_time_us, samples.acc_g, samples.gyr_or_zero_dps)
    return np.array(inputs, np.int8), np.array(scores, np.int8)
