"""A model with everything that is known of it, checked, described and kept as a run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from imu_gesture import _core
from imu_gesture.dataset.dataset import Dataset
from imu_gesture.deploy import manifest as m
from imu_gesture.deploy.learning_entry import LearningEntry
from imu_gesture.deploy.measured import measure_model
from imu_gesture.deploy.regime_entry import RegimeEntry
from imu_gesture.deploy.window_entry import WindowEntry
from imu_gesture.inference.heads import logit_step
from imu_gesture.learning.config import TrainingConfig
from imu_gesture.learning.evaluation import Evaluation
from imu_gesture.learning.fitting import FitResult
from imu_gesture.learning.tuning import Setting
from imu_gesture.provenance import installed_versions
from imu_gesture.workflow.judgement import JUDGEMENT_NAME, Judgement
from imu_gesture.workspace import Workspace

_PACKAGES = ("imu-gesture", "tensorflow", "keras", "numpy", "tflite-micro", "ai-edge-litert")


def describe(
    dataset: Dataset,
    config: TrainingConfig,
    fitted: FitResult,
    judged: Judgement,
    calibrated: bool = False,
) -> m.ModelManifest:
    """Check a model, measure its arena and write down everything about it.

    `calibrated`: the dataset's readings were corrected by the profiles of their boards.
    """
    spec = dataset.spec
    setting = judged.setting(dataset.label_names, spec.separate)
    return m.ModelManifest(
        **measure_model(fitted.tflite)._asdict(),
        labels=label_entries(dataset.label_names, setting),
        window=WindowEntry.of(spec),
        learning=LearningEntry.of(_core.LearningParams()) if spec.channels > _core.AXES else None,
        features=m.FeatureEntry(
            front_end=spec.front_end,
            up=fitted.front_end.up,
            offset=tuple(fitted.feature_offset.tolist()),
            gain=tuple(fitted.feature_gain.tolist()),
        ),
        decision=decision_entry(setting, logit_step(fitted.tflite)),
        regime=RegimeEntry.of(spec.motion),
        scores=_scores(judged.evaluation),
        calibrated=calibrated,
        provenance=m.ProvenanceEntry(
            dataset_sha256=dataset.digest(),
            seed=config.seed,
            configuration=config.as_text(),
            versions=installed_versions(_PACKAGES),
        ),
    )


def label_entries(names: Sequence[str], setting: Setting) -> tuple[m.LabelEntry, ...]:
    """Classes in the order of their scores, with the thresholds of a setting for them."""
    return tuple(
        m.LabelEntry(name=name, threshold=threshold)
        for name, threshold in zip(names, setting.thresholds, strict=True)
    )


def decision_entry(setting: Setting, logit_step: float | None) -> m.DecisionEntry:
    """What else a setting tells the board's decision stage; `logit_step` is the model's."""
    return m.DecisionEntry(
        smoothing=setting.smoothing,
        refractory_us=setting.refractory_us,
        most_spread=setting.params(logit_step).most_spread,
    )


def keep_run(
    workspace: Workspace, manifest: m.ModelManifest, tflite: bytes, judged: Judgement
) -> Path:
    """Write a model, and what it was found to be worth, into a new run; its folder."""
    folder = workspace.new_run()
    m.write_run(folder, manifest, tflite)
    text = json.dumps(judged.as_json(), indent=2) + "\n"
    (folder / JUDGEMENT_NAME).write_text(text, encoding="utf-8")
    return folder


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
