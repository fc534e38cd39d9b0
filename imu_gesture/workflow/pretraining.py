"""An embedding from whatever gestures there are, and from simulated people."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from imu_gesture.dataset.dataset import Dataset, build_dataset
from imu_gesture.dataset.trust import load_trusted
from imu_gesture.deploy.embeddings import EmbeddingManifest, write_embedding
from imu_gesture.deploy.manifest import ProvenanceEntry, model_id
from imu_gesture.learning.fewshot_job import EmbeddingModel, PretrainingConfig, PretrainJob
from imu_gesture.learning.fewshot_windows import few_shot_window
from imu_gesture.learning.fitting import FittingPool
from imu_gesture.provenance import installed_versions
from imu_gesture.workflow.correcting import corrected
from imu_gesture.workspace import Workspace

_PACKAGES = ("imu-gesture", "tensorflow", "keras", "numpy", "scipy")


def pretrain_workspaces(
    workspaces: Sequence[Workspace],
    folder: Path,
    config: PretrainingConfig,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> EmbeddingManifest:
    """Learn an embedding from all recordings of each workspace, and write it into `folder`.

    Raises:
        DatasetError, TrainingError: and nothing is written.
    """
    names = _names([workspace.root for workspace in workspaces])
    sets = {name: _dataset(place) for name, place in zip(names, workspaces, strict=True)}
    done = 0

    def count(steps: int) -> None:
        nonlocal done
        done += steps
        progress(done, config.steps)

    with FittingPool(workers=1, progress=count) as pool:
        model = pool.result(pool.submit(PretrainJob(sets, config)))
    manifest = describe_embedding(model, sets, config)
    folder.mkdir(parents=True, exist_ok=True)
    write_embedding(folder, manifest, model.tflite)
    return manifest


def describe_embedding(
    model: EmbeddingModel, sets: Mapping[str, Dataset], config: PretrainingConfig
) -> EmbeddingManifest:
    """Everything about an embedding, next to its bytes."""
    digest = hashlib.sha256("".join(d.digest() for d in sets.values()).encode()).hexdigest()
    return EmbeddingManifest(
        embedding_id=model_id(model.tflite),
        filters=config.architecture.filters[-1],
        pooled=config.pooled,
        sets=("simulated people", *sets),
        episode_accuracy=model.accuracy,
        provenance=ProvenanceEntry(
            dataset_sha256=digest,
            seed=config.seed,
            configuration={name: str(value) for name, value in asdict(config).items()},
            versions=installed_versions(_PACKAGES),
        ),
    )


def _names(roots: Sequence[Path]) -> list[str]:
    """Each folder's own name, without where it lies; numbered where two are called the same."""
    names = [root.resolve().name for root in roots]
    return [
        f"{name}-{place + 1}" if names.count(name) > 1 else name for place, name in enumerate(names)
    ]


def _dataset(workspace: Workspace) -> Dataset:
    trusted = load_trusted(workspace.recording_files())
    readings = corrected(trusted.recordings, workspace)
    return build_dataset(readings.recordings, few_shot_window(readings.recordings))
