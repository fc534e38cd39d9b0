"""Gestures taught with a few examples each: a model in seconds, without TensorFlow."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path

from imu_gesture.dataset.dataset import build_dataset
from imu_gesture.dataset.shots import first_shots, only_named
from imu_gesture.dataset.trust import load_trusted
from imu_gesture.deploy import manifest as m
from imu_gesture.deploy import pretrained
from imu_gesture.deploy.cost.report import build_report
from imu_gesture.deploy.embeddings import EMBEDDING_NAME, EmbeddingManifest, read_embedding
from imu_gesture.learning.advice import advice_lines
from imu_gesture.learning.config import TrainingConfig
from imu_gesture.learning.fewshot import Embedding, FewShotParams
from imu_gesture.learning.fewshot_evaluation import fit_shots, hold_out_shots
from imu_gesture.learning.fewshot_windows import few_shot_window
from imu_gesture.workflow.correcting import readings_of
from imu_gesture.workflow.judgement import Judgement, digests_of
from imu_gesture.workflow.runs import describe, keep_run
from imu_gesture.workflow.shortcomings import warnings_of, worst_first
from imu_gesture.workflow.training import TrainingRun
from imu_gesture.workspace import Workspace


@dataclass(frozen=True)
class TeachingOptions:
    """What the user may choose.

    Attributes:
        names: gestures to teach; all that are recorded where none is named.
        shots: so many of each, the first ones recorded; all of them where it is None.
        embedding: folder of one; the workspace's newest, else the one that is shipped.
    """

    names: tuple[str, ...] = ()
    shots: int | None = None
    embedding: Path | None = None
    accept_bad: bool = False
    raw: bool = False
    evaluate: bool = True
    seed: int = 0


def teach_workspace(workspace: Workspace, options: TeachingOptions) -> TrainingRun:
    """Teach from the recordings of a workspace, and write the model into a new run.

    Raises:
        DatasetError, ModelError: and no run is written.
    """
    started = time.monotonic()
    trusted = load_trusted(workspace.recording_files(), options.accept_bad)
    named = only_named(trusted.recordings, options.names)
    readings = readings_of(named, workspace, options.raw)
    examples = build_dataset(readings.recordings, few_shot_window(readings.recordings))
    examples = first_shots(examples, options.shots)
    described, tflite = read_embedding(options.embedding or embedding_folder(workspace))
    embedding = Embedding(tflite, described.filters, described.pooled)
    params = FewShotParams(seed=options.seed)
    fitted = fit_shots(embedding, examples, examples.windows[:0], params)
    evaluation = hold_out_shots(embedding, examples, params) if options.evaluate else None
    starts_us = {r.name: r.start_us for r in trusted.recordings}
    judged = Judgement(digests_of(readings.recordings), evaluation)
    config = TrainingConfig(seed=options.seed)
    manifest = describe(examples, config, fitted, judged, bool(readings.boards))
    provenance = _provenance(manifest.provenance, described, params)
    manifest = manifest.model_copy(update={"provenance": provenance})
    return TrainingRun(
        folder=keep_run(workspace, manifest, fitted.tflite, judged),
        manifest=manifest,
        report=build_report(manifest, fitted.tflite),
        dataset=examples,
        judged=judged,
        warnings=worst_first(trusted.warnings, readings.warnings, warnings_of(examples)),
        advice=advice_lines(examples, evaluation, starts_us),
        seconds=time.monotonic() - started,
    )


def embedding_folder(workspace: Workspace) -> Path:
    """The workspace's newest embedding, or the one that is shipped."""
    own = workspace.models.glob(f"embedding-*/{EMBEDDING_NAME}")
    return max((path.parent for path in own), default=pretrained.FOLDER)


def new_embedding_folder(workspace: Workspace) -> Path:
    """Where the next one goes: `models/embedding-001`, `models/embedding-002`, ..."""
    taken = [path.name.removeprefix("embedding-") for path in workspace.models.glob("embedding-*")]
    newest = max((int(number) for number in taken if number.isdecimal()), default=0)
    return workspace.models / f"embedding-{newest + 1:03d}"


def _provenance(
    found: m.ProvenanceEntry, embedding: EmbeddingManifest, params: FewShotParams
) -> m.ProvenanceEntry:
    """How the model was taught, in the place of how a network is trained."""
    configuration = {
        "method": "few shots",
        "embedding": embedding.embedding_id,
        "embedding.sets": ", ".join(embedding.sets),
        **{name: str(value) for name, value in asdict(params).items()},
    }
    return found.model_copy(update={"configuration": configuration})
