"""A model that was made elsewhere becomes a run of the workspace, as a training leaves one."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from imu_gesture.dataset.dataset import Dataset, build_dataset
from imu_gesture.dataset.front_end import FrontEndName
from imu_gesture.dataset.trust import load_trusted
from imu_gesture.deploy import manifest as m
from imu_gesture.deploy.cost.report import BuildReport, build_report
from imu_gesture.deploy.measured import measure_model
from imu_gesture.deploy.model_check import check_model
from imu_gesture.errors import InputError, ModelError
from imu_gesture.inference.flatbuffer import read_facts
from imu_gesture.learning.fitting import FittingPool
from imu_gesture.learning.foreign.axes import InputAxes, Layout, find_axes
from imu_gesture.learning.foreign.conversion import (
    PARTS,
    ConversionJob,
    Converted,
    ForeignFacts,
    InspectionJob,
    check_format,
)
from imu_gesture.provenance import installed_versions
from imu_gesture.samples import Float32Array
from imu_gesture.workflow.correcting import Corrected, corrected
from imu_gesture.workflow.foreign_frame import Frame, Said, frame_of_labels, frame_of_run
from imu_gesture.workflow.foreign_judged import Comparison, compare
from imu_gesture.workflow.training import keep_run
from imu_gesture.workspace import Workspace

Progress = Callable[[int, int], None]

COMPARISON_NAME = "comparison.json"
_PACKAGES = ("imu-gesture", "tensorflow", "keras", "numpy", "onnx", "torch", "tflite-micro")


@dataclass(frozen=True)
class ImportModelOptions:
    """What `imu-gesture import-model` is asked; see its help."""

    like: str | None = None
    labels: tuple[str, ...] | None = None
    rate_hz: float | None = None
    front_end: FrontEndName | None = None
    offset: tuple[float, ...] | None = None
    gain: tuple[float, ...] | None = None
    layout: Layout | None = None
    accept_bad: bool = False
    raw: bool = False


@dataclass(frozen=True, eq=False)
class ImportedModel:
    """What an import left behind.

    Attributes:
        origin: the file's name.
    """

    folder: Path
    origin: str
    manifest: m.ModelManifest
    report: BuildReport
    comparison: Comparison
    warnings: tuple[str, ...]
    seconds: float


def import_model(
    file: Path,
    workspace: Workspace,
    options: ImportModelOptions,
    progress: Progress = lambda _done, _total: None,
) -> ImportedModel:
    """Check a model, quantise it with the workspace's recordings, compare, write a new run.

    Args:
        progress: is told of parts of work that are done, and of all that there are.

    Raises:
        InputError, ModelError, DatasetError, TrainingError: and no run is written.
    """
    started = time.monotonic()
    content = _content(file)
    like = _like(workspace, options)
    if check_format(file) == ".tflite":
        prepared = _prepare(_facts_of_tflite(content, file), workspace, options, like)
        return _finish(file, content, workspace, prepared, started)
    done = 0

    def count(parts: int) -> None:
        nonlocal done
        done += parts
        progress(done, 1 + PARTS)

    with FittingPool(1, count) as pool:
        facts = pool.result(pool.submit(InspectionJob(file)))
        prepared = _prepare(facts, workspace, options, like)
        job = ConversionJob(file, prepared.axes, prepared.features)
        converted = pool.result(pool.submit(job))
    return _finish(file, content, workspace, prepared, started, converted)


@dataclass(frozen=True, eq=False)
class _Prepared:
    """What is known before the conversion.

    Attributes:
        like: id of the model of the run that it shares the frame of; empty where there is none.
        features: (n, samples, channels) as the model sees them.
    """

    like: str
    axes: InputAxes
    frame: Frame
    dataset: Dataset
    features: Float32Array
    warnings: tuple[str, ...]


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from error


def _like(workspace: Workspace, options: ImportModelOptions) -> m.ModelManifest | None:
    """The run whose windows and labels the model shares; None where the user describes them."""
    if options.labels is not None:
        if options.like is not None:
            raise InputError("--like takes the labels of a run; leave out --labels, or --like")
        return None
    if options.rate_hz is not None or options.front_end is not None:
        raise InputError(
            "--rate and --front-end describe the model beside --labels; a run has both"
        )
    if options.like is None and not workspace.runs():
        raise InputError(
            f"{workspace.models}: no run that tells which windows and classes the model knows; "
            "name its classes, in its order, with --labels circle,wave,background"
        )
    return m.read_run(workspace.run(options.like))[0]


def _facts_of_tflite(content: bytes, file: Path) -> ForeignFacts:
    """Of an int8 model, which needs no conversion."""
    facts = read_facts(content)
    if [tensor.dtype for tensor in facts.inputs] == ["FLOAT32"]:
        raise ModelError(
            f"{file.name}: a float model; import what it was made of (.keras, .onnx, .pt2), or "
            "convert it to int8 with inference_input_type=tf.int8"
        )
    check_model(facts)
    return ForeignFacts(facts.inputs[0].shape, facts.outputs[0].shape[-1])


def _prepare(
    facts: ForeignFacts,
    workspace: Workspace,
    options: ImportModelOptions,
    like: m.ModelManifest | None,
) -> _Prepared:
    window = (like.window.samples, like.window.channels) if like else None
    axes = find_axes(facts.shape, window, options.layout)
    names = like.label_names if like else options.labels or ()
    if facts.classes != len(names):
        raise ModelError(
            f"the model knows {facts.classes} classes, and there are {len(names)} labels: "
            f"{', '.join(names)}; name one for each with --labels, in the model's order"
        )
    trusted = load_trusted(workspace.recording_files(), options.accept_bad)
    readings = Corrected(trusted.recordings, frozenset(), ())
    if not (options.raw or (like and not like.calibrated)):
        readings = corrected(trusted.recordings, workspace)
    said = Said(names, options.rate_hz, options.front_end or "sensor", options.offset, options.gain)
    frame = frame_of_run(like, said) if like else frame_of_labels(axes.window, said, readings)
    dataset = build_dataset(readings.recordings, frame.spec)
    frame = frame if like else frame.held_as(dataset.windows)
    return _Prepared(
        like=like.model_id if like else "",
        axes=axes,
        frame=frame,
        dataset=dataset,
        features=frame.features_of(dataset.windows),
        warnings=(*trusted.warnings, *readings.warnings, *dataset.skipped),
    )


def _finish(
    file: Path,
    content: bytes,
    workspace: Workspace,
    prepared: _Prepared,
    started: float,
    converted: Converted | None = None,
) -> ImportedModel:
    """Compare int8 with float, and write the run."""
    tflite = converted.tflite if converted else content
    frame, dataset = prepared.frame, prepared.dataset
    configuration = {
        "model": file.name,
        "model_sha256": hashlib.sha256(content).hexdigest(),
        "layout": prepared.axes.layout,
        "like": prepared.like,
    }
    manifest = m.ModelManifest(
        **measure_model(tflite)._asdict(),
        labels=frame.labels,
        window=frame.window,
        learning=frame.learning,
        features=frame.features,
        decision=frame.decision,
        scores=None,
        calibrated=frame.calibrated,
        provenance=m.ProvenanceEntry(
            dataset_sha256=dataset.digest(),
            seed=0,
            configuration=configuration,
            versions=installed_versions(_PACKAGES),
        ),
    )
    comparison = compare(manifest, tflite, prepared.features, dataset, converted)
    folder = keep_run(workspace, manifest, tflite, None)
    text = json.dumps(asdict(comparison), indent=2) + "\n"
    (folder / COMPARISON_NAME).write_text(text, encoding="utf-8")
    return ImportedModel(
        folder=folder,
        origin=file.name,
        manifest=manifest,
        report=build_report(manifest, tflite),
        comparison=comparison,
        warnings=(*prepared.warnings, *comparison.warnings),
        seconds=time.monotonic() - started,
    )
