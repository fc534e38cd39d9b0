"""What the sketch takes of the board's memory by itself, libraries left out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.deploy.sketch import sketch_sources
from imu_gesture.errors import DeploymentError

# Static objects without arena and stacks: with no window, and for each of its rows. A test compares
# with what arm-none-eabi-size says of the sketch.
OBJECTS_BYTES, ROW_BYTES = 14_623, 36
_STACKS = (
    ("src/board/sensing.h", r"kSensingStackBytes = (\d+)"),
    ("src/board/thinking.h", r"kThinkingStackBytes = (\d+)"),
)
_LEAST_ARENA = ("src/inference/classifier.cpp", r"kUpdateArenaBytes = (\d+)")


@dataclass(frozen=True)
class OwnMemory:
    """Bytes: of static objects, of the tensor arena, of the threads' stacks."""

    objects_bytes: int
    arena_bytes: int
    stacks_bytes: int


def own_memory(manifest: ModelManifest) -> OwnMemory:
    """Of the sketch with this model."""
    return OwnMemory(
        objects_bytes=OBJECTS_BYTES + ROW_BYTES * manifest.window.samples,
        arena_bytes=max(manifest.arena.arena_bytes, _constant(*_LEAST_ARENA)),
        stacks_bytes=sum(_constant(file, pattern) for file, pattern in _STACKS),
    )


def _constant(file: str, pattern: str) -> int:
    found = re.search(pattern, (sketch_sources() / file).read_text(encoding="utf-8"))
    if found is None:
        raise DeploymentError(f"{file}: says no {pattern}; install imu-gesture again")
    return int(found[1])
