"""The board's part, as far as it can be settled without one: the core's bytes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from accuracy import REAL, SIMULATED, Source
from form import Options, Row, run_benchmark, say

from imu_gesture.dataset.front_end import FRONT_ENDS
from imu_gesture.deploy import demonstration
from imu_gesture.deploy.manifest import ModelManifest, read_run
from imu_gesture.deploy.verify.emulated import on_cortex_m4f, on_host
from imu_gesture.inference.classifier import Int8Array, open_classifier
from imu_gesture.recording.mcap_file import read_recording
from imu_gesture.samples import Samples, concatenate

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.firmware.compilers import TARGETS

_SETS = ("nano_gestures", "magic_wand_nanguoyu")
_STEP_US = 8403  # 119 Hz
_BOARD = next(target for target in TARGETS if target.runner)
_THRESHOLD = 90  # low, so that there are many events


def measure(options: Options) -> Iterator[Row]:
    """All rows; none without the board's compiler and its emulator."""
    if _BOARD.missing:
        say(f"{_BOARD.missing} is not installed: the core is not compared with a Cortex-M4F's")
        return
    data = options.data or Path()
    sources = [s for s in REAL if s.name in _SETS and options.data and (data / s.folder).is_dir()]
    rows = [row for s in sources or [SIMULATED] for row in core_rows(s, data, options.quick)]
    differing = sum(row.value for row in rows)
    yield Row("core.differing_bytes", differing, "bytes", note="of inputs and events, all below")
    yield from rows


def core_rows(source: Source, data: Path, quick: bool) -> Iterator[Row]:
    """All samples of a set in a row, a window at every row, here and on a Cortex-M4F."""
    say(f"{source.name}: the core on an emulated Cortex-M4F")
    samples = _all(source, data, quick)
    manifest, tflite = read_run(demonstration.FOLDER)
    classifier = open_classifier(tflite)
    for name in FRONT_ENDS:
        features = manifest.features.model_copy(update={"front_end": name})
        chosen: ModelManifest = eager(manifest).model_copy(update={"features": features})
        here = on_host(samples, chosen, classifier)
        there = on_cortex_m4f(samples, chosen, tflite, here.scores)
        differing = _differing(here.inputs, there.inputs) + _differing(here.events, there.events)
        note = f"{len(samples)} samples, {len(here.inputs)} windows, {len(here.events)} events"
        yield Row(f"{source.name}.core_differs.{name}", differing, "bytes", note=note)


def _differing(a: Int8Array, b: Int8Array) -> int:
    """How many values; what one has more than the other counts too."""
    common = min(len(a), len(b))
    return int(np.sum(a[:common] != b[:common])) + abs(a.size - b.size)


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
