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


def measure_ram(folder: Path, sketch: Path = SKETCH) -> Ram:
    """Compile a sketch for the Cortex-M4F in `folder`; needs `arm-none-eabi-g++`."""
    cortex, board = TARGETS[1], sketch / "src" / "board"
    whole = folder / "sketch.cpp"
    whole.write_text(f'#include "{sketch / f"{sketch.name}.ino"}"\n')
    objects = []
    for source in (whole, *sorted(board.glob("*.cpp"))):
        objects.append(str(folder / f"{source.stem}.o"))
        problems = cortex.compile(source, Path(objects[-1]), f"-I{ARDUINO}", f"-I{sketch}")
        assert problems == "", problems
    size = cortex.compiler.replace("g++", "size")
    lines = subprocess.run([size, *objects], check=True, capture_output=True, text=True).stdout
    columns = [line.split() for line in lines.splitlines()[1:]]
    static = sum(int(column[1]) + int(column[2]) for column in columns)
    stacks = _constant(board / "sensing.h", r"kSensingStackBytes = (\d+)") + _constant(
        board / "thinking.h", r"kThinkingStackBytes = (\d+)"
    )
    arena = max(
        _constant(sketch / "src/model/model_manifest.h", r"kModelArenaBytes = (\d+)"),
        _constant(sketch / "src/inference/classifier.cpp", r"kUpdateArenaBytes = (\d+)"),
    )
    return Ram(static - stacks, stacks, arena)


def _constant(file: Path, pattern: str) -> int:
    found = re.search(pattern, file.read_text())
    assert found is not None, file
    return int(found[1])
