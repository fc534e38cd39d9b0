"""An imported model in words."""

from __future__ import annotations

from collections.abc import Iterator

from imu_gesture.report.summary import size_lines
from imu_gesture.workflow.importing_model import ImportedModel


def import_summary(done: ImportedModel) -> str:
    """The text `import-model` prints and keeps as `report.txt`."""
    return "\n".join(_lines(done)) + "\n"


def _lines(done: ImportedModel) -> Iterator[str]:
    manifest, found = done.manifest, done.comparison
    window = manifest.window
    yield f"made of          {manifest.provenance.configuration['model']}"
    yield from size_lines(manifest, done.report)
    yield f"operators        {', '.join(manifest.operators)}"
    yield f"classes          {', '.join(manifest.label_names)}"
    yield (
        f"window           {window.samples} rows at {1e6 / window.period_us:g} Hz, "
        f"{window.channels} channels, front end {manifest.features.front_end}"
    )
    if found.rebuilt_difference is None:
        yield "float network    none: the model came as int8"
    else:
        yield (
            f"rebuilt          as the model that came: probabilities differ by at most "
            f"{found.rebuilt_difference:.1g} on {found.rebuilt_windows} windows"
        )
        yield (
            f"int8             decides otherwise than float for {found.differing} of "
            f"{found.windows} windows; probabilities differ by at most "
            f"{found.largest_difference:.3f}"
        )
    if found.accuracy is not None:
        beside = f" (float {found.accuracy_float:.1%})" if found.accuracy_float is not None else ""
        yield f"your windows     {found.accuracy:.1%} of {found.judged} recognised{beside}"
    yield (
        "nothing here was held out: what the model has learned from is not known, so this is no "
        "score for people or days it has not seen"
    )
    for warning in done.warnings:
        yield f"warning: {warning}"
