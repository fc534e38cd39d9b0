"""The hardware layer as the board's compiler sees it, against the Arduino declarations."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.firmware.compilers import Target
from tests.firmware.imu_bench import ARDUINO, BOARD

FILES = sorted([*BOARD.glob("*.cpp"), *BOARD.glob("*.h")])
# Memory from the heap, and arithmetic in double precision.
FORBIDDEN = re.compile(r"\b(malloc|calloc|realloc|_Znw\w+|_Zna\w+|__aeabi_d\w+|__aeabi_f2d)\b")
REMOVED = "Arduino_LSM9DS1"


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_each_file_compiles_alone_without_a_warning(
    file: Path, target: Target, tmp_path: Path
) -> None:
    source, output = tmp_path / "alone.cpp", tmp_path / "alone.o"
    text = f'#include "{file}"\n'
    source.write_text(text * 2 if file.suffix == ".h" else text)
    assert target.compile(source, output, f"-I{ARDUINO}") == ""
    names = target.compiler.replace("g++", "nm")
    listed = subprocess.run([names, "-u", output], check=True, capture_output=True, text=True)
    assert FORBIDDEN.findall(listed.stdout) == []
    assert REMOVED not in file.read_text()


def test_the_sketch_is_wiring_only() -> None:
    sketch = BOARD.parents[1]
    assert len((sketch / "firmware_sketch.ino").read_text().splitlines()) <= 80
    assert REMOVED not in (sketch / "sketch.yaml").read_text()
