"""The ring between two threads, with the thread sanitizer watching."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.firmware.compilers import CORE, HERE


@pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")
@pytest.mark.parametrize("sanitizer", ["", "-fsanitize=thread"])
def test_nothing_is_lost_doubled_or_overtaken(sanitizer: str, tmp_path: Path) -> None:
    program = str(tmp_path / "ring")
    flags = [flag for flag in ("-O2", "-pthread", f"-I{CORE}", sanitizer) if flag]
    subprocess.run(["g++", *flags, str(HERE / "ring.cpp"), "-o", program], check=True)
    done = subprocess.run([program], capture_output=True, text=True, timeout=120, check=False)
    assert (done.stdout, done.stderr) == ("0 wrong, 0 left\n", "")
