"""The hardware layer as the board's compiler sees it, against the Arduino declarations."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.firmware.compilers import TARGETS, Target
from tests.firmware.imu_bench import ARDUINO, BOARD
from tests.firmware.ram import measure_ram

FILES = sorted([*BOARD.glob("*.cpp"), *BOARD.glob("*.h")])
# Memory from the heap, and arithmetic in double precision.
FORBIDDEN = re.compile(r"\b(malloc|calloc|realloc|_Znw\w+|_Zna\w+|__aeabi_d\w+|__aeabi_f2d)\b")
REMOVED = "Arduino_LSM9DS1"
RAM_BUDGET_BYTES = 20 * 1024
STACKS_BYTES = (2048, 8192)


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


def test_the_sketch_compiles_without_a_warning(target: Target, tmp_path: Path) -> None:
    source = tmp_path / "sketch.cpp"
    source.write_text(f'#include "{BOARD.parents[1] / "firmware_sketch.ino"}"\n')
    folders = (f"-I{ARDUINO}", f"-I{BOARD.parents[1]}")
    assert target.compile(source, tmp_path / "sketch.o", *folders) == ""


def test_what_a_reset_must_not_touch_lies_in_the_stack_of_interrupts(
    target: Target, tmp_path: Path
) -> None:
    output = tmp_path / "boot.o"
    assert target.compile(BOARD / "boot.cpp", output, f"-I{ARDUINO}") == ""
    listed = subprocess.run(
        [target.compiler.replace("g++", "objdump"), "-h", output],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert ".stack.retained" in listed
    assert ".init_array" not in listed  # nothing is written to it before setup()


def test_memory_stays_within_its_budget(tmp_path: Path) -> None:
    cortex = TARGETS[1]
    if cortex.missing:
        pytest.skip(f"{cortex.missing} is not installed (.ci/run names its package)")
    ram = measure_ram(tmp_path)
    assert ram.objects_bytes + ram.arena_bytes <= RAM_BUDGET_BYTES
    assert ram.stacks_bytes == sum(STACKS_BYTES)


def test_the_sketch_is_wiring_only() -> None:
    sketch = BOARD.parents[1]
    assert len((sketch / "firmware_sketch.ino").read_text().splitlines()) <= 80
    assert REMOVED not in (sketch / "sketch.yaml").read_text()
