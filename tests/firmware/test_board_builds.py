"""The hardware layer as the board's compiler sees it, against the Arduino declarations."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.firmware.compilers import Target
from tests.firmware.imu_bench import ARDUINO, BOARD

FILES = sorted([*BOARD.glob("*.cpp"), *BOARD.glob("*.h")])
ALLOCATION = re.compile(r"\b(malloc|calloc|realloc|new|delete|String|std::)\b")
REMOVED = "Arduino_LSM9DS1"


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_each_file_compiles_alone_without_a_warning(
    file: Path, target: Target, tmp_path: Path
) -> None:
    source = tmp_path / "alone.cpp"
    text = f'#include "{file}"\n'
    source.write_text(text * 2 if file.suffix == ".h" else text)
    include = f"-I{ARDUINO}"
    assert target.compile(source, tmp_path / "alone.o", include) == ""


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_the_hardware_layer_allocates_nothing(file: Path) -> None:
    code = re.sub(r"//.*", "", file.read_text())
    assert ALLOCATION.findall(code) == []
    assert REMOVED not in code


def test_the_sketch_is_wiring_only() -> None:
    sketch = BOARD.parents[1]
    assert len((sketch / "firmware_sketch.ino").read_text().splitlines()) <= 80
    assert REMOVED not in (sketch / "sketch.yaml").read_text()
