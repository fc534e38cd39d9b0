"""How much tensor arena a model needs: make it large, measure, shrink, run again.

The interpreter reports its use only on the C error stream, and some arenas that are too small end
the process, so this is done by processes of their own (`arena_probe.py`).
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from math import prod
from pathlib import Path
from tempfile import TemporaryDirectory

from imu_gesture.errors import ModelError
from imu_gesture.inference.flatbuffer import read_facts
from imu_gesture.provenance import is_installed

_AMPLE_BYTES = 1 << 20
_ALIGNMENT = 16  # of arenas and of the tensors in them
_TOTAL = re.compile(r"Arena allocation total[^0-9]*(\d+)")
_TIMEOUT_S = 120.0


@dataclass(frozen=True)
class ArenaMeasurement:
    """Host figures; the board's 32-bit pointers need less, so `arena_bytes` fits there too.

    Attributes:
        used_bytes: what the interpreter allocated.
        arena_bytes: the smallest aligned arena that was tried and worked.
        runtime: what it was measured with, or empty for an estimate.
    """

    used_bytes: int
    arena_bytes: int
    runtime: str


def measure_arena(model: bytes) -> ArenaMeasurement:
    """Find the arena a model needs in TensorFlow Lite Micro; estimate it where that is missing.

    Raises:
        ModelError: the model does not run in TensorFlow Lite Micro.
    """
    if not is_installed("tflite_micro"):
        return _estimate(model)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.tflite"
        path.write_bytes(model)
        ample = _smallest(path, _AMPLE_BYTES)
        return _smallest(path, _aligned(ample.used_bytes))


def _estimate(model: bytes) -> ArenaMeasurement:
    """All tensors side by side and a kilobyte for each operator: ample, not tight."""
    operators = read_facts(model).operators
    tensors = {
        t.name: t for o in operators for t in (*o.inputs, *o.outputs) if t and not t.constant
    }
    used = sum(prod(tensor.shape) for tensor in tensors.values()) + 1024 * len(operators)
    return ArenaMeasurement(used, _aligned(used), "")


def _aligned(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT


def _smallest(path: Path, first_bytes: int) -> ArenaMeasurement:
    """The smallest arena that works, from `first_bytes` on; one that ends its process does not."""
    while True:
        sizes = [str(size) for size in (first_bytes, _ALIGNMENT, _AMPLE_BYTES)]
        command = [sys.executable, "-m", "imu_gesture.inference.arena_probe", str(path), *sizes]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
        )
        found = _TOTAL.search(done.stderr)
        tried_bytes = int(done.stdout.split()[-1]) if done.stdout else _AMPLE_BYTES
        if done.returncode == 0 and found:
            runtime = f"tflite-micro {version('tflite-micro')}"
            return ArenaMeasurement(int(found[1]), tried_bytes, runtime)
        if tried_bytes >= _AMPLE_BYTES:
            raise ModelError(f"TensorFlow Lite Micro cannot run this model: {_reason(done)}")
        first_bytes = tried_bytes + _ALIGNMENT


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    """What TensorFlow Lite Micro said first, else the last line of the traceback."""
    said, _, trace = done.stderr.partition("Traceback")
    lines = [line for line in said.splitlines() if line.strip()] + trace.splitlines()[-1:]
    return lines[0] if lines else f"the process ended with {done.returncode}"
