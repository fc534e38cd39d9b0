"""Forged, random and damaged commands against the board, with the sanitizers watching."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from imu_gesture.deploy import demonstration
from imu_gesture.deploy.manifest import read_run
from imu_gesture.deploy.package import model_package
from tests.firmware.compilers import build_sanitized
from tests.models.manifests import triggered

_MESSAGES = 60_000


@pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")
def test_no_stranger_is_obeyed_and_no_damaged_model_steps_out_of_its_memory(tmp_path: Path) -> None:
    package = tmp_path / "package"
    manifest, tflite = read_run(demonstration.FOLDER)
    package.write_bytes(model_package(triggered(manifest), tflite))
    program = build_sanitized("fuzz_commands", tmp_path)
    command = [program, str(package), str(_MESSAGES), "7"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    seen = json.loads(done.stdout)
    assert (seen["obeyed"], seen["changed"]) == (0, 0)
    assert seen["tried"] > seen["kept"] > 0  # the models reached what the test is about
