"""Starting is quick: what a command does not need is not loaded."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROGRAM = shutil.which("imu-gesture", path=str(Path(sys.executable).parent)) or "imu-gesture"
HEAVY = {
    *("tensorflow", "keras", "tflite_micro", "ai_edge_litert", "bleak", "serial", "asyncio"),
    *("matplotlib", "PySide6", "scipy", "numpy", "pydantic", "mcap", "rich"),
    *("onnx", "torch", "optuna", "ray"),
}
HELP = "sys.argv = ['imu-gesture', '--help']\nfrom imu_gesture.cli import main\nmain()"


def loaded_by(code: str) -> set[str]:
    """Top-level packages in a fresh Python after `code`."""
    report = (
        "import atexit, json, sys\n"
        "atexit.register(lambda: print(json.dumps(list(sys.modules)), file=sys.stderr))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", report + code], capture_output=True, text=True, check=True
    )
    return {name.split(".")[0] for name in json.loads(done.stderr)}


@pytest.mark.parametrize("code", ["import imu_gesture", HELP], ids=["import", "help"])
def test_nothing_heavy_is_loaded(code: str) -> None:
    loaded = loaded_by(code)
    assert "imu_gesture" in loaded
    assert loaded & HEAVY == set()


@pytest.mark.parametrize(
    "module",
    ["workflow.training", "workflow.importing_model", "workflow.demo", "live.recogniser"],
)
def test_no_work_loads_tensorflow_into_the_users_process(module: str) -> None:
    loaded = loaded_by(f"import imu_gesture.{module}")
    assert "numpy" in loaded
    assert loaded & {"tensorflow", "keras", "onnx", "torch", "matplotlib", "PySide6"} == set()


@pytest.mark.parametrize("module", ["workflow.calibrating_window", "report.allan_figure"])
def test_a_window_that_is_not_opened_loads_nothing_that_draws(module: str) -> None:
    loaded = loaded_by(f"import imu_gesture.{module}")
    assert loaded & {"matplotlib", "PySide6"} == set()


def test_help_answers_in_a_blink() -> None:
    seconds = []
    for _ in range(5):
        started = time.perf_counter()
        done = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, check=True)
        seconds.append(time.perf_counter() - started)
        assert "Usage: imu-gesture" in done.stdout
    assert min(seconds) < 0.5
