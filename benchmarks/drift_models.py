"""Models of one fold, one for each front end, trained on clean streams; and what they answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace

import numpy as np
from drift_device import CLEAN, Device, Taken, record
from drift_streams import Segment, Stream, stream_of
from numpy.typing import NDArray

from imu_gesture import _core
from imu_gesture.dataset.dataset import Dataset, build_dataset
from imu_gesture.dataset.front_end import FRONT_ENDS, FrontEndName
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.windows import WindowSpec, choose_window
from imu_gesture.inference.classifier import Classifier, open_classifier
from imu_gesture.labels import BACKGROUND, Label
from imu_gesture.learning.config import TrainingConfig
from imu_gesture.learning.evaluation import model_inputs
from imu_gesture.learning.fitting import FitJob, FitResult, FittingPool
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import Recording
from imu_gesture.samples import Float32Array

_TRAINING_SEED = 1000  # of the noise of a clean board
_THRESHOLD = round(0.7 * _core.SCORE_LEVELS)


@dataclass(frozen=True, eq=False)
class Model:
    """An int8 model behind its front end."""

    spec: WindowSpec
    label_names: tuple[str, ...]
    fitted: FitResult
    classifier: Classifier

    def answers(self, windows: Float32Array) -> list[str]:
        """The class of each window (n, samples, 6) in g and deg/s."""
        scores = self.classifier.scores(model_inputs(self.fitted, windows))
        return [self.label_names[best] for best in scores.argmax(axis=1).tolist()]

    def firmware(self, conditioner: _core.ConditionerParams) -> _core.Firmware:
        """The board's state machine with this model and the thresholds of `train`."""
        params = _core.FirmwareParams(
            conditioner,
            self.spec.window(),
            self.fitted.features,
            self.fitted.input,
            _core.DecisionParams(
                [_core.NEVER if n == BACKGROUND else _THRESHOLD for n in self.label_names],
                3,
                500_000,
            ),
            self.fitted.front_end.params,
        )
        return _core.Firmware(params, self._classify)

    def _classify(self, window: NDArray[np.int8]) -> NDArray[np.int8]:
        scores: NDArray[np.int8] = self.classifier.scores(window[None])[0]
        return scores


@dataclass(frozen=True, eq=False)
class Fold:
    """Held-out gestures as streams, with rest at the start and without, and the models."""

    rested: Stream
    restless: Stream
    jobs: dict[FrontEndName, tuple[Dataset, Future[FitResult]]]

    def models(self) -> dict[FrontEndName, Model]:
        """Wait for the fits."""
        return {
            name: Model(
                data.spec, data.label_names, fit.result(), open_classifier(fit.result().tflite)
            )
            for name, (data, fit) in self.jobs.items()
        }


def folds_of(
    segments: Sequence[Segment], folds: int, epochs: int, pool: FittingPool
) -> Iterator[Fold]:
    """Contiguous blocks of every class held out in turn; training starts at once."""
    config = replace(TrainingConfig(), epochs=epochs)
    for held_out in _blocks(segments, folds):
        recording = _training([s for i, s in enumerate(segments) if i not in held_out])
        test = [segments[i] for i in sorted(held_out)]
        jobs = {}
        for name in FRONT_ENDS:
            data = build_dataset([recording], choose_window([recording], front_end=name))
            jobs[name] = (data, pool.submit(FitJob(data, data.windows[:0], config)))
        yield Fold(stream_of(test, 3.0), stream_of(test, 0.0), jobs)


def _blocks(segments: Sequence[Segment], folds: int) -> list[set[int]]:
    labels = np.array([segment.label for segment in segments])
    blocks: list[set[int]] = [set() for _ in range(folds)]
    for name in np.unique(labels):
        parts = np.array_split(np.flatnonzero(labels == name), folds)
        for block, part in zip(blocks, parts, strict=True):
            block.update(part.tolist())
    return blocks


def _training(segments: Sequence[Segment]) -> LabelledRecording:
    """A clean board's recording: every gesture, and the rest before it as background."""
    stream = stream_of(segments)
    taken = record(Device(CLEAN, _TRAINING_SEED), stream, device_times=True)
    gestures = zip(stream.start_s.tolist(), stream.end_s.tolist(), stream.labels, strict=True)
    labels = [Label(start_s, end_s, name) for start_s, end_s, name in gestures]
    labels += [Label(start_s, end_s, BACKGROUND) for start_s, end_s in stream.rest_s.tolist()]
    recording = Recording(taken.samples, RecordingInfo.model_validate({}))
    return LabelledRecording("clean", recording, tuple(labels))


def windows_of(
    stream: Stream, taken: Taken, conditioner: _core.ConditionerParams, spec: WindowSpec
) -> Float32Array:
    """(k, samples, 6) around the middle of each gesture, where the arm's clock puts it."""
    samples = taken.samples
    rows, end_us, _, _ = _core.condition(
        conditioner, samples.device_time_us, samples.acc_g, samples.gyr_or_zero_dps
    )
    middle_s = (stream.start_s + stream.end_s) / 2
    middle_us = np.interp(middle_s, taken.time_s, samples.device_time_us)
    start = np.searchsorted(end_us, middle_us) - spec.samples // 2
    start = np.clip(start, 0, len(rows) - spec.samples)
    windows: Float32Array = rows[start[:, None] + np.arange(spec.samples)]
    return windows
