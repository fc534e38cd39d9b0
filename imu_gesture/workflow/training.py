"""From the recordings of a workspace to an evaluated int8 model with its manifest."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from imu_gesture.dataset.augmentation import AugmentationParams
from imu_gesture.dataset.dataset import Dataset, build_dataset
from imu_gesture.dataset.front_end import FrontEndName
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.splits import SplitKind, make_splits
from imu_gesture.dataset.trust import load_trusted
from imu_gesture.dataset.windows import choose_window
from imu_gesture.deploy import manifest as m
from imu_gesture.deploy.cost.report import BuildReport, build_report
from imu_gesture.deploy.regime_entry import RegimeName
from imu_gesture.learning.advice import advice_lines
from imu_gesture.learning.config import Architecture, TrainingConfig, architecture
from imu_gesture.learning.evaluation import Evaluation
from imu_gesture.learning.fitting import FittingPool
from imu_gesture.learning.held_out import evaluate_streams
from imu_gesture.learning.learned import learn
from imu_gesture.learning.motions import choose_motion
from imu_gesture.learning.robustness import robustness
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
    hop_s: float | None = None
    front_end: FrontEndName = "sensor"
    regime: RegimeName = "continuous"
    architecture: str | Architecture = "default"
    augmentation: AugmentationParams = field(default_factory=AugmentationParams)
    split: SplitKind | None = None
    blocks: int | None = None
    evaluate: bool = True
    budget_per_hour: float = DEFAULT_BUDGET_PER_HOUR  # of false activations
    reject_points: float = 0.0  # of known gestures, in a hundred, for rejecting unknown ones
    accept_bad: bool = False
    raw: bool = False  # leave the profiles of boards aside
    seed: int = 0
    epochs: int | None = None
    caution: str = ""  # what to know of the score beforehand


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
    if options.hop_s is not None:
        spec = replace(spec, hop_samples=max(1, round(options.hop_s * spec.rate_hz)))
    if options.regime == "triggered":
        spec = replace(spec, motion=choose_motion(recordings, spec))
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
    config = training_config(options)
    splits = make_splits(dataset, options.split, options.blocks) if options.evaluate else []
    counter = _EpochCounter(config.epochs * (len(splits) + 1), progress)
    with FittingPool(progress=counter.add) as pool:
        learned = learn(dataset, splits, config, pool, counter.repeat)
    evaluation, fitted = learned.evaluation, learned.fitted
    judged = _judged(dataset, readings.recordings, evaluation, options)
    if judged.setting(dataset.label_names, dataset.spec.separate).spread is not None:
        fitted = fitted.with_logits()
    manifest = describe(dataset, learned.config, fitted, judged, bool(readings.boards))
    return TrainingRun(
        folder=keep_run(workspace, manifest, fitted.tflite, judged),
        manifest=manifest,
        report=build_report(manifest, fitted.tflite),
        dataset=dataset,
        judged=judged,
        warnings=worst_first(
            [options.caution] if options.caution else [],
            trusted.warnings,
            readings.warnings,
            warnings_of(dataset),
            too_few(dataset),
        ),
        advice=advice_lines(dataset, evaluation, {r.name: r.start_us for r in trusted.recordings}),
        seconds=time.monotonic() - started,
    )


def _judged(
    dataset: Dataset,
    recordings: list[LabelledRecording],
    evaluation: Evaluation | None,
    options: TrainingOptions,
) -> Judgement:
    """What held-out windows, whole streams and errors of the sensors say."""
    judged = Judgement(digests_of(recordings), evaluation)
    if evaluation is None:
        return judged
    budget, lost = options.budget_per_hour, options.reject_points / 100
    streams = evaluate_streams(dataset, recordings, evaluation, budget, lost)
    return replace(judged, continuous=streams, strains=robustness(dataset, evaluation))


def training_config(options: TrainingOptions) -> TrainingConfig:
    """How to train.

    Raises:
        TrainingError: there is no architecture of that name.
    """
    shape = options.architecture
    config = TrainingConfig(
        architecture=shape if isinstance(shape, Architecture) else architecture(shape),
        augmentation=options.augmentation,
        seed=options.seed,
    )
    return replace(config, epochs=options.epochs) if options.epochs else config


class _EpochCounter:
    def __init__(self, total: int, progress: EpochProgress) -> None:
        self._total = self._once = total
        self._done = 0
        self._progress = progress

    def add(self, epochs: int) -> None:
        self._done += epochs
        self._progress(self._done, self._total)

    def repeat(self) -> None:
        """All is to be done once more."""
        self._total += self._once
        self._progress(self._done, self._total)
