"""A model that was made elsewhere becomes a run of the workspace, as a training leaves one."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from imu_gesture.deploy import manifest as m
from imu_gesture.deploy.cost.report import BuildReport, build_report
from imu_gesture.deploy.measured import measure_model
from imu_gesture.deploy.model_check import check_model
from imu_gesture.errors import InputError, ModelError
from imu_gesture.inference.flatbuffer import read_facts
from imu_gesture.learning.fitting import FittingPool
from imu_gesture.learning.foreign.axes import InputAxes
from imu_gesture.learning.foreign.conversion import (
    PARTS,
    ConversionJob,
    ForeignFacts,
    InspectionJob,
    check_format,
)
from imu_gesture.provenance import installed_versions
from imu_gesture.workflow.foreign_judged import Comparison, compare
from imu_gesture.workflow.foreign_prepared import (
    ImportModelOptions,
    Prepared,
    like_of,
    prepare,
)
from imu_gesture.workflow.judgement import Judgement
from imu_gesture.workflow.runs import keep_run
from imu_gesture.workspace import Workspace

Progress = Callable[[int, int], None]  # parts done, parts in all

COMPARISON_NAME = "comparison.json"
_PACKAGES = (
    *("imu-gesture", "tensorflow", "keras", "numpy", "onnx", "torch"),
    *("tflite-micro", "ai-edge-litert"),
)


@dataclass(frozen=True, eq=False)
class ImportedModel:
    """What an import left behind."""

    folder: Path
    manifest: m.ModelManifest
    report: BuildReport
    comparison: Comparison
    warnings: tuple[str, ...]
    seconds: float

    def as_json(self) -> dict[str, object]:
        """All that is known of it, in plain values."""
        return {
            "run": str(self.folder),
            "seconds": self.seconds,
            "manifest": self.manifest.model_dump(mode="json"),
            "report": self.report.as_json(),
            "comparison": asdict(self.comparison),
            "warnings": list(self.warnings),
        }


def import_from(
    file: Path,
    workspace: Workspace,
    options: ImportModelOptions,
    progress: Progress = lambda _done, _total: None,
) -> ImportedModel:
    """Check a model, quantise it with the workspace's recordings, compare, write a new run.

    `progress` is told of parts of work that are done, and of all that there are.

    Raises:
        InputError, ModelError, DatasetError, TrainingError: and no run is written.
    """
    started = time.monotonic()
    suffix = check_format(file)
    content = _content(file)
    origin = {"model": file.name, "model_sha256": hashlib.sha256(content).hexdigest()}
    like = like_of(workspace, options)
    converted = None
    if suffix == ".tflite":
        prepared = prepare(_facts_of_tflite(content, file), workspace, options, like)
        _check_order(prepared.axes, file)
    else:
        with FittingPool(1, _counter(progress)) as pool:
            facts = pool.result(pool.submit(InspectionJob(file)))
            prepared = prepare(facts, workspace, options, like)
            job = ConversionJob(file, prepared.axes, prepared.features)
            converted = pool.result(pool.submit(job))
    tflite = converted.tflite if converted else content
    manifest = _described(tflite, origin, prepared)
    comparison = compare(manifest, tflite, prepared.features, prepared.dataset, converted)
    return ImportedModel(
        report=build_report(manifest, tflite),
        folder=_keep(workspace, manifest, tflite, comparison),
        manifest=manifest,
        comparison=comparison,
        warnings=(*prepared.warnings, *comparison.warnings),
        seconds=time.monotonic() - started,
    )


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from error


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


def _check_order(axes: InputAxes, file: Path) -> None:
    """Raises ModelError: an int8 model wants its input in another order than the board has it."""
    if axes.layout != "samples-channels":
        raise ModelError(
            f"{file.name}: takes channels before samples in {axes.shape}, and the board hands "
            "samples before channels to a model that is int8 already; import what it was made of "
            "(.keras, .onnx, .pt2), whose weights can be sorted"
        )


def _counter(progress: Progress) -> Callable[[int], None]:
    """Tells of all parts that are done, where it is told of each."""
    done = 0

    def count(parts: int) -> None:
        nonlocal done
        done += parts
        progress(done, 1 + PARTS)

    return count


def _described(tflite: bytes, origin: dict[str, str], prepared: Prepared) -> m.ModelManifest:
    """Check a model, measure its arena and write down everything about it."""
    frame = prepared.frame
    return m.ModelManifest(
        **measure_model(tflite)._asdict(),
        labels=frame.labels,
        window=frame.window,
        learning=frame.learning,
        features=frame.features,
        decision=frame.decision,
        regime=frame.regime,
        scores=None,
        calibrated=frame.calibrated,
        provenance=m.ProvenanceEntry(
            dataset_sha256=prepared.dataset.digest(),
            seed=0,
            configuration=origin | {"layout": prepared.axes.layout, "like": prepared.like},
            versions=installed_versions(_PACKAGES),
        ),
    )


def _keep(
    workspace: Workspace, manifest: m.ModelManifest, tflite: bytes, comparison: Comparison
) -> Path:
    """Write a new run, of which nobody here knows what it has learned from; its folder."""
    folder = keep_run(workspace, manifest, tflite, Judgement({}))
    text = json.dumps(asdict(comparison), indent=2) + "\n"
    (folder / COMPARISON_NAME).write_text(text, encoding="utf-8")
    return folder
