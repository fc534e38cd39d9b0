"""The core as the board's compiler sees it: it compiles alone, and gives the host's bytes."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from imu_gesture import _core
from tests.firmware.compilers import CORE, HERE, Target

HEADERS = sorted(CORE.glob("*.h"))
FORBIDDEN = re.compile(
    r"\b(double|malloc|(?<!<)new(?! \(&)|delete|throw|try|std::|Arduino\.h|millis|micros|"
    r"sinf?|cosf?|expf?|logf?|powf?|atan2f?)\b"
)
SAMPLES = 48
_TIMEOUT_S = 60


@pytest.mark.parametrize("header", HEADERS, ids=lambda path: path.name)
def test_each_header_compiles_alone_without_a_warning(
    header: Path, target: Target, tmp_path: Path
) -> None:
    source = tmp_path / "alone.cpp"
    source.write_text(f'#include "{header.name}"\n#include "{header.name}"\n')
    assert target.compile(source, tmp_path / "alone.o") == ""


@pytest.mark.parametrize("header", HEADERS, ids=lambda path: path.name)
def test_the_core_keeps_its_rules(header: Path) -> None:
    code = re.sub(r"//.*", "", header.read_text())
    assert FORBIDDEN.findall(code) == []


@pytest.mark.parametrize("triggered", [False, True], ids=["hops", "motions"])
def test_same_bytes_as_the_binding(triggered: bool, target: Target, tmp_path: Path) -> None:
    motion = _core.MotionParams(calm_s=0.24) if triggered else None
    rng = np.random.default_rng(0)
    n = 5000
    times_us = np.cumsum(rng.integers(7000, 10_000, n)) + 2**32 - 3_000_000
    times_us[n // 2 :] += 500_000
    values = (rng.normal(size=(n, 6)) * [1, 1, 1, 150, 150, 150]).astype(np.float32)
    if triggered:
        values[np.arange(n) // 100 % 3 != 0] *= np.float32(0.01)  # a motion now and then

    record = np.zeros(n, [("time", "<u4"), ("values", "<f4", 6)])
    record["time"] = times_us % 2**32
    record["values"] = values
    (tmp_path / "samples.bin").write_bytes(record.tobytes())
    (tmp_path / "regime.bin").write_bytes(bytes([triggered]))
    command = target.build(HERE / "replay.cpp", tmp_path)
    subprocess.run(command, cwd=tmp_path, check=True, timeout=_TIMEOUT_S)
    found = np.fromfile(tmp_path / "windows.bin", np.int8).reshape(-1, SAMPLES, 6)

    expected = windows_of_the_binding(times_us, values, motion)
    assert 12 < len(expected) < 18 if triggered else len(expected) > 1000
    assert np.array_equal(found, expected)


def windows_of_the_binding(
    times_us: NDArray[np.int64], values: NDArray[np.float32], motion: _core.MotionParams | None
) -> NDArray[np.int8]:
    """The same parameters as in `replay.cpp`."""
    inputs: list[NDArray[np.int8]] = []

    def classify(window: NDArray[np.int8]) -> NDArray[np.int8]:
        inputs.append(window)
        return np.zeros(1, np.int8)

    offset = (np.float32(0.01) * np.arange(6, dtype=np.float32)).astype(np.float32)
    gain = np.array([1.1] * 3 + [0.0083] * 3, np.float32)
    params = _core.FirmwareParams(
        _core.ConditionerParams(20_000),
        _core.WindowParams(SAMPLES, 1, motion),
        _core.FeatureParams(offset, gain),
        _core.QuantisationParams(0.0645, -11),
        _core.DecisionParams([_core.NEVER], 1, 500_000),
    )
    acc_g, gyr_dps = np.ascontiguousarray(values[:, :3]), np.ascontiguousarray(values[:, 3:])
    _core.Firmware(params, classify).push(times_us, acc_g, gyr_dps)
    return np.array(inputs)
