"""A training run in words and one table: three numbers first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from imu_gesture.deploy.cost.report import BuildReport
from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.learning.evaluation import Evaluation
from imu_gesture.learning.robustness import Strain
from imu_gesture.report.streams import continuous_lines, tuned_lines
from imu_gesture.workflow.training import TrainingRun


def training_summary(run: TrainingRun) -> str:
    """The text `train` prints and keeps as `report.txt`."""
    return "\n".join(_lines(run)) + "\n"


def training_json(run: TrainingRun) -> dict[str, object]:
    """All that is known of a training, in plain values."""
    return {
        "run": str(run.folder),
        "seconds": run.seconds,
        "manifest": run.manifest.model_dump(mode="json"),
        "report": run.report.as_json(),
        "evaluation": run.judged.as_json() if run.judged.evaluation else None,
        "warnings": list(run.warnings),
        "advice": list(run.advice),
    }


def _lines(run: TrainingRun) -> Iterator[str]:
    manifest, scores = run.manifest, run.manifest.scores
    if scores is None:
        yield "held-out score   not measured (--no-evaluate, or one example of a gesture)"
    else:
        yield (
            f"held-out score   {scores.accuracy:.1%}   (95 % interval {scores.confidence_low:.1%} "
            f"to {scores.confidence_high:.1%})"
        )
    yield from size_lines(manifest, run.report)
    spec = run.dataset.spec
    windows = int((~run.dataset.near).sum())
    yield (
        f"{windows} windows of {spec.duration_s:.2f} s ({spec.samples} rows at "
        f"{spec.rate_hz:g} Hz, {spec.channels} channels), {run.seconds:.0f} s"
    )
    if run.judged.evaluation is not None and scores is not None:
        yield scores.protocol
        yield (
            f"float network {scores.accuracy_float:.1%}, int8 {scores.accuracy:.1%} "
            f"({_quantisation(run)} quantisation), "
            f"macro F1 {scores.macro_f1:.3f}"
        )
        yield ""
        yield from confusion_lines(run.judged.evaluation)
    if run.judged.continuous is not None:
        yield ""
        yield from continuous_lines(run.judged.continuous.scores)
        yield ""
        yield from tuned_lines(run.judged.continuous.tuned)
        yield ""
    yield from _strain_lines(run.judged.strains)
    for warning in run.warnings:
        yield f"warning: {warning}"
    for line in run.advice:
        yield f"next: {line}"


def _strain_lines(strains: Sequence[Strain]) -> Iterator[str]:
    if strains:
        yield "with errors of the sensors that nobody corrects:"
        width = max(len(strain.name) for strain in strains)
        for strain in strains:
            yield f"  {strain.name:{width}}  {strain.accuracy:6.1%}"
        yield ""


def size_lines(manifest: ModelManifest, report: BuildReport) -> Iterator[str]:
    """What a model takes on the board."""
    how = f"measured with {manifest.arena.runtime}" if manifest.arena.runtime else "estimated"
    yield f"model            {manifest.model_bytes} bytes"
    yield f"tensor arena     {manifest.arena.arena_bytes} bytes   ({how})"
    yield ""
    yield from report.as_text().splitlines()
    yield ""


def _quantisation(run: TrainingRun) -> str:
    """How int8 was reached; what few shots stand on was quantised after its training."""
    return run.manifest.provenance.configuration.get("quantisation", "post-training")


def confusion_lines(evaluation: Evaluation) -> Iterator[str]:
    """Confusion as a table: rows true, columns recognised, the share recognised last."""
    names = evaluation.label_names
    width = max(len(name) for name in names)
    columns = [max(4, min(len(name), 8)) for name in names]
    heads = "  ".join(name[:size].rjust(size) for name, size in zip(names, columns, strict=True))
    yield f"{'':{width}}  {heads}  recall"
    for name, row, recall in zip(names, evaluation.confusion, evaluation.recall, strict=True):
        cells = "  ".join(
            f"{n or '·':>{size}}" for n, size in zip(row.tolist(), columns, strict=True)
        )
        yield f"{name:{width}}  {cells}  " + (f"{recall:6.1%}" if row.any() else "     -")
