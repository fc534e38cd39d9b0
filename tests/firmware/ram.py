"""RAM that the sketch's own objects take on the board, libraries and what they take left out."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.firmware.compilers import TARGETS
from tests.firmware.imu_bench import ARDUINO, BOARD

SKETCH = BOARD.parents[1]


@dataclass(frozen=True)
class Ram:
    """Bytes: of all static objects but the threads' stacks; of those; of the model's arena."""

    objects_bytes: int
    stacks_bytes: int
    arena_bytes: int


def measure_ram(folder: Path) -> Ram:
    """Compile the sketch for the Cortex-M4F in `folder`; needs `arm-none-eabi-g++`."""
    cortex = TARGETS[1]
    whole = folder / "sketch.cpp"
    whole.write_text(f'#include "{SKETCH / "firmware_sketch.ino"}"\n')
    objects = []
    for source in (whole, *sorted(BOARD.glob("*.cpp"))):
        objects.append(str(folder / f"{source.stem}.o"))
        problems = cortex.compile(source, Path(objects[-1]), f"-I{ARDUINO}", f"-I{SKETCH}")
        assert problems == "", problems
    size = cortex.compiler.replace("g++", "size")
    lines = subprocess.run([size, *objects], check=True, capture_output=True, text=True).stdout
    columns = [line.split() for line in lines.splitlines()[1:]]
    static = sum(int(column[1]) + int(column[2]) for column in columns)
    stacks = _constant("sensing.h", r"kSensingStackBytes = (\d+)") + _constant(
        "thinking.h", r"kThinkingStackBytes = (\d+)"
    )
    arena = max(
        _constant("../model/model_manifest.h", r"kModelArenaBytes = (\d+)"),
        _constant("../inference/classifier.cpp", r"kUpdateArenaBytes = (\d+)"),
    )
    return Ram(static - stacks, stacks, arena)


def _constant(header: str, pattern: str) -> int:
    found = re.search(pattern, (BOARD / header).read_text())
    assert found is not None, header
    return int(found[1])
