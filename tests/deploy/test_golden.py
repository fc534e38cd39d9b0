"""What a generated sketch tests its model with is what the model gives, and compiles."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest

from imu_gesture.deploy import demonstration
from imu_gesture.deploy.codegen import GOLDEN_NAME, generate
from imu_gesture.deploy.manifest import read_run
from imu_gesture.deploy.sketch import write_sketch
from imu_gesture.deploy.verify.sketch_rung import sketch_rung
from imu_gesture.inference.classifier import Int8Array, open_classifier
from tests.firmware.compilers import BOARD_FLAGS, STRICT_FLAGS

MANIFEST, TFLITE = read_run(demonstration.FOLDER)


def without_tflm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "imu_gesture.inference.tflm", None)


def numbers(header: str, name: str) -> Int8Array:
    found = re.search(name + r"\[\] = \{(.*?)\}", header, re.DOTALL)
    assert found is not None
    return np.array([int(number) for number in found[1].split(",") if number.strip()], np.int8)


def test_the_header_has_the_models_own_scores_and_checksum() -> None:
    header = generate(MANIFEST, TFLITE)[GOLDEN_NAME]
    shape = (-1, MANIFEST.window.samples, MANIFEST.window.channels)
    scores = open_classifier(TFLITE).scores(numbers(header, "kGoldenInputs").reshape(shape))
    assert np.array_equal(scores.ravel(), numbers(header, "kGoldenScores"))
    assert len(np.unique(scores, axis=0)) > 1  # not all the same answer
    assert f"0x{zlib.crc32(TFLITE):08x}U" in header


@pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")
@pytest.mark.parametrize("exact", [True, False])
def test_the_header_compiles_with_windows_and_without(
    exact: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if not exact:
        without_tflm(monkeypatch)
    write_sketch(tmp_path / "sketch", MANIFEST, TFLITE)
    main = tmp_path / "main.cpp"
    main.write_text(
        f'#include "sketch/src/model/{GOLDEN_NAME}"\n'
        f"int main() {{ return kModelProof.windows == {4 if exact else 0} ? 0 : 1; }}\n"
    )
    data = tmp_path / "sketch" / "src" / "model" / "model_data.cpp"
    program = str(tmp_path / "program")
    sources = [str(main), str(data)]
    subprocess.run(["g++", *BOARD_FLAGS, *STRICT_FLAGS, *sources, "-o", program], check=True)
    assert subprocess.run([program], check=False).returncode == 0


def test_a_sketch_is_current_on_a_computer_that_does_not_know_the_scores(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_sketch(tmp_path / "sketch", MANIFEST, TFLITE)
    header = tmp_path / "sketch" / "src" / "model" / GOLDEN_NAME
    without_tflm(monkeypatch)
    assert sketch_rung(tmp_path / "sketch", MANIFEST, TFLITE).state == "passed"
    monkeypatch.undo()
    header.write_text(header.read_text().replace("0x", "0xf", 1))
    found = sketch_rung(tmp_path / "sketch", MANIFEST, TFLITE)
    assert found.state == "failed"
    assert f"{GOLDEN_NAME}: line" in found.detail
