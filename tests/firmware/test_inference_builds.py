"""The sketch's use of TensorFlow Lite Micro, against the declarations of its library."""

from __future__ import annotations

from pathlib import Path

from tests.firmware.compilers import HERE, Target

INFERENCE = HERE.parents[1] / "firmware_sketch" / "src" / "inference"


def test_it_compiles_without_a_warning(target: Target, tmp_path: Path) -> None:
    source = INFERENCE / "classifier.cpp"
    problems = target.compile(source, tmp_path / "classifier.o", f"-I{HERE / 'tensorflow'}")
    assert problems == ""
