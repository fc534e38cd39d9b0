"""The one form in which every benchmark is started and prints what it measured."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from imu_gesture.provenance import installed_versions

_PACKAGES = (
    "imu-gesture",
    "numpy",
    "scipy",
    "tensorflow",
    "keras",
    "tflite-micro",
    "aeon",
    "scikit-learn",
    "vqf",
    "imufusion",
    "matplotlib",
    "PySide6-Essentials",
    "optuna",
    "ray",
    "onnx",
    "torch",
)


@dataclass(frozen=True)
class Row:
    """One figure, with those of its peers from the same run."""

    name: str
    value: float
    unit: str
    peers: dict[str, float] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Options:
    """What every benchmark is told: `data` is None where no folder was named."""

    data: Path | None
    quick: bool


def say(text: str) -> None:
    """Progress, on the error stream: standard output is for the result."""
    print(text, file=sys.stderr, flush=True)


def run_benchmark(name: str, measure: Callable[[Options], Iterable[Row]]) -> None:
    """Parse the command line, measure, print a table or one JSON object."""
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("--data", type=Path, help="folder of the real recordings")
    parser.add_argument("--quick", action="store_true", help="at most a minute: fewer folds, seeds")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    said = parser.parse_args()
    rows = list(measure(Options(said.data, said.quick)))
    if said.json:
        print(
            json.dumps(
                {
                    "benchmark": name,
                    "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
                    "versions": installed_versions(_PACKAGES),
                    "rows": [asdict(row) for row in rows],
                }
            )
        )
        return
    for row in rows:
        peers = "  ".join(f"{peer} {_figure(value)}" for peer, value in row.peers.items())
        print(f"{row.name:40} {_figure(row.value):>10} {row.unit:9} {peers}")
        if row.note:
            print(f"{'':40} {row.note}")


def _figure(value: float) -> str:
    return f"{value:.4g}" if value % 1 else f"{value:.0f}"
