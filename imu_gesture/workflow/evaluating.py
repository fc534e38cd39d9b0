"""A trained model on any labelled recordings: windows, whole streams, and what to distrust."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from imu_gesture import _core
from imu_gesture.dataset.dataset import cut_windows
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.trust import load_trusted
from imu_gesture.deploy.manifest import ModelManifest, read_run
from imu_gesture.errors import InputError
from imu_gesture.inference.classifier import Int8Array, open_classifier
from imu_gesture.inference.heads import logit_step
from imu_gesture.labels import BACKGROUND
from imu_gesture.learning.continuous import ContinuousScores, decide_on
from imu_gesture.learning.streams import Model, score, stream_of
from imu_gesture.samples import Float32Array
from imu_gesture.workflow.correcting import readings_of
from imu_gesture.workflow.judgement import JUDGEMENT_NAME
from imu_gesture.workflow.models import run_folder
from imu_gesture.workspace import Workspace


@dataclass(frozen=True)
class Unknown:
    """A gesture that the model has not learned: how often performed, and taken for another."""

    performed: int
    taken: int


@dataclass(frozen=True, eq=False)
class RunEvaluation:
    """What a model does on recordings.

    Attributes:
        run: the run's folder.
        windows, right: windows cut around known gestures and from background, and those that are
            classified rightly, whatever the thresholds.
        streams: everything on whole streams, under the run's own thresholds.
        unknown: gestures that the model has not learned.
        seen: recordings that the model has learned from.
    """

    run: Path
    recordings: tuple[str, ...]
    windows: int
    right: int
    streams: ContinuousScores
    unknown: dict[str, Unknown]
    seen: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def accuracy(self) -> float | None:
        """Share of windows classified rightly; None where there are none."""
        return self.right / self.windows if self.windows else None

    def as_json(self) -> dict[str, object]:
        """Everything measured, in plain values."""
        return {
            "run": str(self.run),
            "recordings": list(self.recordings),
            "learned_from": list(self.seen),
            "windows": self.windows,
            "accuracy": self.accuracy,
            "continuous": self.streams.as_json(),
            "unknown": {name: vars(found) for name, found in self.unknown.items()},
            "warnings": list(self.warnings),
        }


def evaluate_run(
    workspace: Workspace, run_name: str | None, files: Sequence[Path], accept_bad: bool = False
) -> RunEvaluation:
    """Judge a run by these recordings; by all of the workspace where none is named.

    Raises:
        InputError: no such run or recordings, or one lacks a sensor that the model needs.
        DatasetError: a recording has no labels, or is bad and `accept_bad` is not given.
    """
    folder = run_folder(workspace, run_name)
    manifest, tflite = read_run(folder)
    trusted = load_trusted(files or workspace.recording_files(), accept_bad)
    readings = readings_of(trusted.recordings, workspace, raw=not manifest.calibrated)
    _check_sensors(readings.recordings, manifest)
    model = _model(manifest, tflite)
    windows, right = _windows(readings.recordings, manifest, model)
    streams, unknown = _streams(readings.recordings, manifest, model)
    seen, distrust = _seen(folder, readings.recordings)
    return RunEvaluation(
        run=folder,
        recordings=tuple(labelled.name for labelled in readings.recordings),
        windows=windows,
        right=right,
        streams=streams,
        unknown=unknown,
        seen=seen,
        warnings=(*distrust, *trusted.warnings, *readings.warnings),
    )


def _check_sensors(recordings: Sequence[LabelledRecording], manifest: ModelManifest) -> None:
    deaf = [r.name for r in recordings if r.recording.samples.gyr_dps is None]
    if deaf and manifest.window.channels > _core.AXES:
        raise InputError(
            f"{deaf[0]}: recorded without gyroscope, which the model needs; leave the recording out"
        )


def _model(manifest: ModelManifest, tflite: bytes) -> Model:
    """The run's model, ready to score windows in g and deg/s."""
    classifier, params = open_classifier(tflite), manifest.firmware_params()

    def outputs(windows: Float32Array) -> Int8Array:
        seen = _core.front_end(params.front_end, manifest.window.period_us, windows)
        return classifier.scores(
            _core.quantise(params.input, _core.features(params.features, seen))
        )

    return Model(outputs, logit_step(tflite))


def _windows(
    recordings: list[LabelledRecording], manifest: ModelManifest, model: Model
) -> tuple[int, int]:
    """Windows of classes that the model knows, and those it gets right."""
    spec = manifest.spec
    dataset = cut_windows(recordings, spec, streaming=True)
    names = np.array(dataset.label_names)[dataset.label]
    known = np.isin(names, manifest.label_names) & ~dataset.near
    if not known.any():
        return 0, 0
    scores = model.outputs(dataset.windows[known])[:, : len(manifest.labels)]
    found = np.array(manifest.label_names)[scores.argmax(axis=1)]
    return int(known.sum()), int(np.sum(found == names[known]))


def _streams(
    recordings: list[LabelledRecording], manifest: ModelManifest, model: Model
) -> tuple[ContinuousScores, dict[str, Unknown]]:
    spec = manifest.spec
    scored = [score(stream_of(labelled, spec), model, spec.samples) for labelled in recordings]
    decided = decide_on(
        scored,
        manifest.label_names,
        lambda _step: manifest.firmware_params().decision,
        spec.hop_s,
    )
    gestures = [name for name in manifest.label_names if name != BACKGROUND]
    performed: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    for match in decided.matches:
        for expected, found in zip(match.expected, match.recognised, strict=True):
            if expected not in gestures:
                performed[expected] += 1
                taken[expected] += found is not None
    unknown = {name: Unknown(performed[name], taken[name]) for name in sorted(performed)}
    return decided.scores(gestures), unknown


def _seen(
    folder: Path, recordings: Sequence[LabelledRecording]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Recordings that the run has learned from, and what to say of it."""
    path = folder / JUDGEMENT_NAME
    learned: dict[str, str] = {}
    if path.exists():
        learned = json.loads(path.read_text(encoding="utf-8")).get("learned_from", {})
    if not learned:
        unknown = (
            f"{folder}: it is not written down what this run has learned from; if it was these "
            "recordings, the figures say little"
        )
        return (), (unknown,)
    digests = set(learned.values())
    seen = tuple(labelled.name for labelled in recordings if labelled.digest() in digests)
    return seen, tuple(_distrust(seen, len(recordings)))


def _distrust(seen: Sequence[str], recordings: int) -> Iterator[str]:
    if seen:
        yield (
            f"THE MODEL HAS LEARNED FROM {len(seen)} of these {recordings} recordings, such as "
            f"{seen[0]}: others will be recognised worse than this; the honest figures are those "
            "that `imu-gesture train` found on held-out ones"
        )
