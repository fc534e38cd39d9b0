"""Is the sketch in the workspace the one that this program would write now, and does it fit?"""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path

from imu_gesture.deploy.codegen import GOLDEN_NAME
from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.deploy.sensor_settings import read_settings
from imu_gesture.deploy.sketch import sketch_files
from imu_gesture.deploy.toolchain.size import FLASH_BYTES, RAM_BYTES
from imu_gesture.deploy.verify.rung import Rung, failed, passed, skipped
from imu_gesture.inference.classifier import open_classifier

_NAME = "sketch is current"


def sketch_rung(sketch: Path, manifest: ModelManifest, tflite: bytes) -> Rung:
    """Every generated file and every source, line by line."""
    if not sketch.is_dir():
        return skipped(_NAME, f"{sketch}: no sketch yet; `imu-gesture deploy`")
    settings = read_settings(sketch)
    files = sketch_files(sketch.resolve().name, manifest, tflite, settings)
    exact = open_classifier(tflite).exact  # else scores of golden windows are not known here
    for name, content in files.items():
        path = sketch / name
        if not path.is_file():
            return failed(_NAME, f"{path}: missing; `imu-gesture deploy`")
        line = _first_line(content, path.read_bytes())
        if line and (exact or name.name != GOLDEN_NAME):
            return failed(_NAME, f"{path}: line {line} is another; `imu-gesture deploy`")
    arena = manifest.arena.arena_bytes
    if len(tflite) > FLASH_BYTES or arena > RAM_BYTES:
        return failed(_NAME, f"{len(tflite)} bytes of model, {arena} of arena: too large")
    return passed(_NAME, f"{len(files)} files; model {len(tflite)} bytes, arena {arena} bytes")


def _first_line(expected: bytes, found: bytes) -> int:
    """Number of the first line that differs; 0 where none does."""
    lines = zip_longest(expected.splitlines(keepends=True), found.splitlines(keepends=True))
    return next((number for number, (one, two) in enumerate(lines, 1) if one != two), 0)
