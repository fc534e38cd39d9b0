"""From the recordings of a workspace to an evaluated int8 model with its manifest."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from imu_gesture.dataset.dataset import Dataset, build_dataset
from imu_gesture.dataset.front_end import FrontEndName
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.splits import SplitKind, make_splits
from imu_gesture.dataset.trust import load_trusted
from imu_gesture.dataset.windows import choose_window
from imu_gesture.deploy import manifest as m
from imu_gesture.deploy.cost.report import BuildReport, build_report
from imu_gesture.learning.advice import advice_lines
from imu_gesture.learning.config import TrainingConfig, architecture
from imu_gesture.learning.evaluation import cross_validate
from imu_gesture.learning.fitting import FitJob, FittingPool
from imu_gesture.learning.held_out import evaluate_streams
from imu_gesture.learning.tuning import DEFAULT_BUDGET_PER_HOUR
from imu_gesture.workflow.correcting import readings_of
from imu_gesture.workflow.judgement import Judgement, digests_of
from imu_gesture.workflow.runs import describe, keep_run
from imu_gesture.workflow.shortcomings import too_few, warnings_of, worst_first
from imu_gesture.workspace import Workspace

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
    budget_per_hour: float = DEFAULT_BUDGET_PER_HOUR  # of false activations
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
    judged: Judgement
    warnings: tuple[str, ...]
    advice: tuple[str, ...]  # what to do next
    seconds: float


def make_dataset(recordings: list[LabelledRecording], options: TrainingOptions) -> Dataset:
    """Windows of labelled recordings."""
    spec = choose_window(recordings, options.rate_hz, options.window_s, options.front_end)
    return build_dataset(recordings, spec, streaming=True)


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
    readings = readings_of(trusted.recordings, workspace, options.raw)
    dataset = make_dataset(readings.recordings, options)
    config = _config(options)
    splits = make_splits(dataset, options.split, options.blocks) if options.evaluate else []
    counter = _EpochCounter(config.epochs * (len(splits) + 1), progress)
    with FittingPool(progress=counter.add) as pool:
        final = pool.submit(FitJob(dataset, dataset.windows[:0], config))
        evaluation = cross_validate(dataset, splits, config, pool) if splits else None
        fitted = pool.result(final)
    judged = Judgement(digests_of(readings.recordings), evaluation)
    if evaluation is not None:
        budget = options.budget_per_hour
        streams = evaluate_streams(dataset, readings.recordings, evaluation, budget)
        judged = replace(judged, continuous=streams)
        fitted = fitted.with_logits() if streams.tuned.setting.spread is not None else fitted
    manifest = describe(dataset, config, fitted, judged)
    manifest = manifest.model_copy(update={"calibrated": bool(readings.boards)})
    return TrainingRun(
        folder=keep_run(workspace, manifest, fitted.tflite, judged),
        manifest=manifest,
        report=build_report(manifest, fitted.tflite),
        dataset=dataset,
        judged=judged,
        warnings=worst_first(
            trusted.warnings, readings.warnings, warnings_of(dataset), too_few(dataset)
        ),
        advice=advice_lines(dataset, evaluation, {r.name: r.start_us for r in trusted.recordings}),
        seconds=time.monotonic() - started,
    )


def _config(options: TrainingOptions) -> TrainingConfig:
    config = TrainingConfig(architecture=architecture(options.architecture), seed=options.seed)
    return replace(config, epochs=options.epochs) if options.epochs else config


class _EpochCounter:
    def __init__(self, total: int, progress: EpochProgress) -> None:
        self._total = total
        self._done = 0
        self._progress = progress

    def add(self, epochs: int) -> None:
        self._done += epochs
        self._progress(self._done, self._total)
