"""What a decision costs on the board, against its bounds.

Every stage by its table, the core's also counted anew where QEMU and the board's compiler are
installed. The table of the model's kernels cannot be measured from here:
`imu_gesture/deploy/cost/kernel_table.py` says where it comes from.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from form import Options, Row, run_benchmark, say

from imu_gesture import _core
from imu_gesture.dataset.front_end import FRONT_ENDS, FrontEndName
from imu_gesture.dataset.windows import WindowSpec
from imu_gesture.deploy import demonstration
from imu_gesture.deploy.cost.decision import (
    DecisionCost,
    Part,
    decision_cost,
    estimate_ms,
    model_instructions,
    operator_costs,
)
from imu_gesture.deploy.cost.stage_table import (
    ORIENTATION_SAMPLE_INSTRUCTIONS,
    SAMPLE_INSTRUCTIONS,
    window_instructions,
)
from imu_gesture.deploy.manifest import read_run
from imu_gesture.learning.config import ARCHITECTURES, Architecture

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.core.trajectories import Course, record
from tests.firmware.compilers import TARGETS
from tests.firmware.stage_replay import Shape, replay_stages

_MOST_INSTRUCTIONS, _MOST_MODEL_INSTRUCTIONS = 640_000, 400_000
_ROWS, _CLASSES, _CHANNELS = (48, 64, 100), 5, 6
_BOARD = next(target for target in TARGETS if target.runner)


def measure(options: Options) -> Iterator[Row]:
    """All rows; `--quick` leaves out models that must be converted first."""
    yield from decision_rows()
    yield from stage_rows()
    if not options.quick:
        yield from architecture_rows()


def decision_rows() -> Iterator[Row]:
    """The demonstration model, which is `imu-gesture train`'s default, behind each front end."""
    manifest, tflite = read_run(demonstration.FOLDER)
    rows = []
    for name in FRONT_ENDS:
        features = manifest.features.model_copy(update={"front_end": name})
        cost = decision_cost(manifest.model_copy(update={"features": features}), tflite)
        rows.append(_decision_row(name, cost))
    yield from rows
    operators = operator_costs(tflite)
    note = f"at most {_MOST_MODEL_INSTRUCTIONS}; {_told(operators)}"
    yield Row("model.instructions_estimated", model_instructions(operators), "instr", note=note)
    samples = cost.stages[0].instructions / SAMPLE_INSTRUCTIONS["correction"]
    more = samples * ORIENTATION_SAMPLE_INSTRUCTIONS
    note = "attitude and heading from nine axes, which the sketch leaves to the host"
    yield Row("orientation.instructions", more, "instr", note=note)
    whole = max(row.value for row in rows) + more
    note = f"at most {_MOST_INSTRUCTIONS}; the dearest front end, and orientation"
    yield Row("pipeline.instructions", whole, "instr", note=note)
    each = SAMPLE_INSTRUCTIONS["correction"] + ORIENTATION_SAMPLE_INSTRUCTIONS
    yield Row("correction.instructions", each, "instr", note="a sample, orientation included")


def _decision_row(name: FrontEndName, cost: DecisionCost) -> Row:
    low_ms, high_ms = estimate_ms(cost.instructions)
    note = (
        f"at most {_MOST_INSTRUCTIONS}; {_told(cost.stages)}; estimated {low_ms:.1f} to "
        f"{high_ms:.1f} ms"
    )
    return Row(f"pipeline.{name}.instructions", cost.instructions, "instr", note=note)


def _told(parts: tuple[Part, ...]) -> str:
    return ", ".join(f"{part.name} {part.instructions:.0f}" for part in parts)


def stage_rows() -> Iterator[Row]:
    """Each stage counted now, beside what its table says."""
    if _BOARD.missing:
        say(f"{_BOARD.missing} is not installed: no instructions counted")
        return
    say("instructions on the emulated board")
    hand = record(Course(seed=13, before_s=2.0, moving_s=10.0, after_s=2.0))
    hand = hand.with_bias(np.array([30.0, -20.0, 10.0]))
    for kind in _core.FrontEnd:
        name, shape = FRONT_ENDS[kind.value], Shape(kind, classes=_CLASSES)
        with TemporaryDirectory() as folder:
            found = replay_stages(_BOARD, shape, hand, Path(folder)).instructions
        told = SAMPLE_INSTRUCTIONS | window_instructions(name, (shape.rows, _CHANNELS), _CLASSES)
        for stage, instructions in found.items():
            peers = {"table": told[stage]}
            yield Row(f"stage.{name}.{stage}.instructions", instructions, "instr", peers)


def architecture_rows() -> Iterator[Row]:
    """Models of each architecture for windows of other lengths, untrained."""
    for name, shape in ARCHITECTURES.items():
        for rows in _ROWS:
            say(f"{name}, {rows} rows")
            operators = operator_costs(_untrained(shape, rows))
            told = f"{rows} rows of {_CHANNELS}, {_CLASSES} classes"
            model = model_instructions(operators)
            yield Row(f"model.{name}.{rows}_rows.instructions", model, "instr", note=told)


def _untrained(shape: Architecture, rows: int) -> bytes:
    from imu_gesture.learning.architecture import build_network
    from imu_gesture.learning.conversion import to_int8

    windows = np.random.default_rng(0).normal(size=(64, rows, 1, _CHANNELS)).astype(np.float32)
    spec = WindowSpec(period_us=20_000, samples=rows, hop_samples=5, channels=_CHANNELS)
    with redirect_stdout(sys.stderr):  # Keras tells what it exports
        return to_int8(build_network(shape, spec, _CLASSES), windows)


if __name__ == "__main__":
    run_benchmark("decision", measure)
