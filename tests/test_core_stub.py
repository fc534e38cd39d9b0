"""The types of the compiled core are those that it has."""

import subprocess
import sys
from pathlib import Path

STUB = Path(__file__).parents[1] / "imu_gesture" / "_core.pyi"


def test_the_stub_is_what_the_binding_says(tmp_path: Path) -> None:
    found = tmp_path / "_core.pyi"
    command = ("-m", "nanobind.stubgen", "-q", "-m", "imu_gesture._core", "-o", str(found))
    subprocess.run([sys.executable, *command], check=True)
    assert STUB.read_text(encoding="utf-8") == found.read_text(encoding="utf-8")
