"""From the recordings of a workspace to an evaluated int8 model with its manifest."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from imu_gesture import _core
from imu_gesture.dataset.dataset import Dataset, build_dataset
from imu_gesture.dataset.front_end import FrontEndName
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.splits import SplitKind, make_splits
from imu_gesture.dataset.trust import load_trusted
from imu_gesture.dataset.windows import choose_window
from imu_gesture.deploy import manifest as m
from imu_gesture.deploy.cost.report import BuildReport, build_report
from imu_gesture.deploy.learning_entry import LearningEntry
from imu_gesture.deploy.measured import measure_model
from imu_gesture.labels import BACKGROUND
from imu_gesture.learning.advice import advice_lines
from imu_gesture.learning.config import TrainingConfig, architecture
from imu_gesture.learning.evaluation import Evaluation, cross_validate
from imu_gesture.learning.fitting import FitJob, FitResult, FittingPool
from imu_gesture.provenance import installed_versions
from imu_gesture.workflow.correcting import Corrected, corrected
from imu_gesture.workspace import Workspace

THRESHOLD = round(0.7 * _core.SCORE_LEVELS)  # until thresholds are tuned to a budget
_PACKAGES = ("imu-gesture", "tensorflow", "keras", "numpy", "tflite-micro", "ai-edge-litert")

EpochProgress = Callable[[int, int], None]  # epochs done, epochs in all


@dataclass(frozen=True)
class TrainingOptions:
    """What the user may choose; None lets the data decide."""

    rate_hz: float | None = None
    window_s: float | None = None
    front_end: FrontEndName = "sensor"
    architecture: str = "default"
    split: SplitKind | None = None
    blocks: int | None = None
    evaluate: bool = True
    accept_bad: bool = False
    raw: bool = False  # leave the profiles of boards aside
    seed: int = 0
    epochs: int | None = None


@dataclass(frozen=True, eq=False)
class TrainingRun:
    """What a training left behind."""

    folder: Path
    manifest: m.ModelManifest
    report: BuildReport
    dataset: Dataset
    evaluation: Evaluation | None
    warnings: tuple[str, ...]
    advice: tuple[str, ...]  # what to do next
    seconds: float


def make_dataset(recordings: list[LabelledRecording], options: TrainingOptions) -> Dataset:
    """Windows of labelled recordings."""
    spec = choose_window(recordings, options.rate_hz, options.window_s, options.front_end)
    return build_dataset(recordings, spec)


def train_workspace(
    workspace: Workspace,
    options: TrainingOptions,
    progress: EpochProgress = lambda _done, _total: None,
) -> TrainingRun:
    """Train on all recordings, judge by held-out ones, write the model into a new run.

    Raises:
        DatasetError, TrainingError, ModelError: and no run is written.
    """
    started = time.monotonic()
    trusted = load_trusted(workspace.recording_files(), options.accept_bad)
    readings = Corrected(trusted.recordings, frozenset(), ())
    if not options.raw:
        readings = corrected(trusted.recordings, workspace)
    dataset = make_dataset(readings.recordings, options)
    config = _config(options)
    splits = make_splits(dataset, options.split, options.blocks) if options.evaluate else []
    counter = _EpochCounter(config.epochs * (len(splits) + 1), progress)
    with FittingPool(progress=counter.add) as pool:
        final = pool.submit(FitJob(dataset, dataset.windows[:0], config))
        evaluation = cross_validate(dataset, splits, config, pool) if splits else None
        fitted = pool.result(final)
    manifest = describe(dataset, config, fitted, evaluation)
    manifest = manifest.model_copy(update={"calibrated": bool(readings.boards)})
    return TrainingRun(
        folder=keep_run(workspace, manifest, fitted.tflite, evaluation),
        manifest=manifest,
        report=build_report(manifest, fitted.tflite),
        dataset=dataset,
        evaluation=evaluation,
        warnings=(*trusted.warnings, *readings.warnings, *warnings_of(dataset), *too_few(dataset)),
        advice=advice_lines(dataset, evaluation, {r.name: r.start_us for r in trusted.recordings}),
        seconds=time.monotonic() - started,
    )


def keep_run(
    workspace: Workspace, manifest: m.ModelManifest, tflite: bytes, evaluation: Evaluation | None
) -> Path:
    """Write a model, and what it was found to be worth, into a new run; its folder."""
    folder = workspace.new_run()
    m.write_run(folder, manifest, tflite)
    if evaluation is not None:
        text = json.dumps(evaluation.as_json(), indent=2) + "\n"
        (folder / "evaluation.json").write_text(text, encoding="utf-8")
    return folder


def describe(
    dataset: Dataset, config: TrainingConfig, fitted: FitResult, evaluation: Evaluation | None
) -> m.ModelManifest:
    """Check a model, measure its arena and write down everything about it."""
    spec = dataset.spec
    return m.ModelManifest(
        **measure_model(fitted.tflite)._asdict(),
        labels=tuple(
            m.LabelEntry(name=name, threshold=_core.NEVER if name == BACKGROUND else THRESHOLD)
            for name in dataset.label_names
        ),
        window=m.WindowEntry(
            period_us=spec.period_us,
            samples=spec.samples,
            hop_samples=spec.hop_samples,
            channels=spec.channels,
        ),
        learning=LearningEntry.of(_core.LearningParams()) if spec.channels > _core.AXES else None,
        features=m.FeatureEntry(
            front_end=spec.front_end,
            up=fitted.front_end.up,
            offset=tuple(fitted.feature_offset.tolist()),
            gain=tuple(fitted.feature_gain.tolist()),
        ),
        decision=m.DecisionEntry(),
        scores=_scores(evaluation),
        provenance=m.ProvenanceEntry(
            dataset_sha256=dataset.digest(),
            seed=config.seed,
            configuration=config.as_text(),
            versions=installed_versions(_PACKAGES),
        ),
    )


def _config(options: TrainingOptions) -> TrainingConfig:
    config = TrainingConfig(architecture=architecture(options.architecture), seed=options.seed)
    return replace(config, epochs=options.epochs) if options.epochs else config


def _scores(evaluation: Evaluation | None) -> m.ScoresEntry | None:
    if evaluation is None:
        return None
    low, high = evaluation.confidence
    return m.ScoresEntry(
        protocol=evaluation.protocol,
        accuracy=evaluation.accuracy,
        accuracy_float=evaluation.accuracy_float,
        macro_f1=evaluation.macro_f1,
        confidence_low=low,
        confidence_high=high,
    )


def warnings_of(dataset: Dataset) -> list[str]:
    """What the recordings lack for a model that can be trusted, and how to get it."""
    warnings = list(dataset.skipped)
    if dataset.background is None:
        warnings.append(
            "no background was recorded: the board must call every movement one of the gestures; "
            "record some with `imu-gesture record --label background`"
        )
    people = np.unique(dataset.participant)
    if len(people) == 1:
        warnings.append(
            f"only one participant ({people[0]}): how well others are recognised is unknown; "
            "record somebody else with `imu-gesture record --participant NAME`"
        )
    return warnings


def too_few(dataset: Dataset) -> list[str]:
    """Labels with too few examples to train a whole network on."""
    counts = np.bincount(dataset.label, minlength=len(dataset.label_names))
    few = [name for name, count in zip(dataset.label_names, counts, strict=True) if count < 10]
    return [f"fewer than ten examples of {', '.join(few)}; record more"] if few else []


class _EpochCounter:
    def __init__(self, total: int, progress: EpochProgress) -> None:
        self._total = total
        self._done = 0
        self._progress = progress

    def add(self, epochs: int) -> None:
        self._done += epochs
        self._progress(self._done, self._total)
