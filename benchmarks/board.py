"""The board's part, as far as it can be settled without one: the core's bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from accuracy import REAL, SIMULATED, Source
from form import Options, Row, run_benchmark, say

from imu_gesture.dataset.front_end import FRONT_ENDS
from imu_gesture.deploy import demonstration
from imu_gesture.deploy.manifest import ModelManifest, read_run
from imu_gesture.deploy.verify.emulated import emulated_rung
from imu_gesture.inference.classifier import open_classifier
from imu_gesture.recording.mcap_file import read_recording
from imu_gesture.samples import Samples, concatenate

_SETS = ("nano_gestures", "magic_wand_nanguoyu")
_STEP_US = 8403  # 119 Hz
_THRESHOLD = 90  # low, so that there are many events


def measure(options: Options) -> Iterator[Row]:
    """All rows."""
    data = options.data or Path()
    sources = [s for s in REAL if s.name in _SETS and options.data and (data / s.folder).is_dir()]
    for source in sources or [SIMULATED]:
        yield from core_rows(source, data, options.quick)


def core_rows(source: Source, data: Path, quick: bool) -> Iterator[Row]:
    """All samples of a set in a row, a window at every row, here and on a Cortex-M4F."""
    say(f"{source.name}: the core on an emulated Cortex-M4F")
    samples = _all(source, data, quick)
    manifest, tflite = read_run(demonstration.FOLDER)
    classifier = open_classifier(tflite)
    for name in FRONT_ENDS:
        features = manifest.features.model_copy(update={"front_end": name})
        chosen: ModelManifest = eager(manifest).model_copy(update={"features": features})
        rung = emulated_rung(samples, chosen, tflite, classifier)
        differs = float(rung.state != "passed")
        yield Row(f"{source.name}.core_differs.{name}", differs, "sets", note=rung.detail)


def eager(manifest: ModelManifest) -> ModelManifest:
    """A window at every row, and an event at every score that could be one."""
    labels = tuple(
        label.model_copy(update={"threshold": min(label.threshold, _THRESHOLD)})
        for label in manifest.labels
    )
    window = manifest.window.model_copy(update={"hop_samples": 1})
    return manifest.model_copy(update={"labels": labels, "window": window})


def _all(source: Source, data: Path, quick: bool) -> Samples:
    """Recordings joined as if there was no time between what was cut out of them."""
    with TemporaryDirectory() as workspace:
        source.fill(data, Path(workspace))
        paths = sorted(Path(workspace).rglob("*.mcap"))[: 2 if quick else None]
        joined = concatenate([read_recording(path).samples for path in paths])
    numbers = np.arange(len(joined), dtype=np.int64)
    return Samples(numbers * _STEP_US, joined.acc_g, joined.gyr_or_zero_dps, numbers)


if __name__ == "__main__":
    run_benchmark("board", measure)
