"""The costs that `imu-gesture deploy` tells, against the core as it is now."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from imu_gesture import _core
from imu_gesture.dataset.front_end import FRONT_ENDS
from imu_gesture.deploy.cost.memory import own_memory
from imu_gesture.deploy.cost.stage_table import (
    ORIENTATION_SAMPLE_INSTRUCTIONS,
    SAMPLE_INSTRUCTIONS,
    window_instructions,
)
from imu_gesture.deploy.sketch import write_sketch
from tests.core.trajectories import Course, Trajectory, record
from tests.firmware.compilers import TARGETS, Target
from tests.firmware.drift_replay import replay
from tests.firmware.front_end_replay import inputs_of_the_binding, replay_front_end
from tests.firmware.ram import measure_ram
from tests.firmware.stage_replay import CHANNELS, Shape, replay_stages
from tests.firmware.test_drift import records
from tests.models import handmade
from tests.models.manifests import manifest

_TABLE_MAY_BE_OFF = 0.05
_STAGES_MAY_DIFFER_FROM_THE_WHOLE = 0.1  # whose compiler sees all of them at once


@pytest.fixture
def emulated() -> Target:
    board = next(target for target in TARGETS if target.runner)
    if board.missing:
        pytest.skip(f"{board.missing} is not installed (.ci/run names its package)")
    return board


@pytest.fixture(scope="module")
def hand() -> Trajectory:
    course = Course(seed=13, before_s=2.0, moving_s=10.0, after_s=2.0)
    return record(course).with_bias(np.array([30.0, -20.0, 10.0]))


def told(shape: Shape) -> dict[str, float]:
    """By the table, for one run of each stage."""
    name, window = FRONT_ENDS[shape.front_end.value], (shape.rows, CHANNELS)
    return SAMPLE_INSTRUCTIONS | window_instructions(name, window, shape.classes)


@pytest.mark.parametrize(
    "shape",
    [
        *(Shape(kind) for kind in _core.FrontEnd),
        Shape(_core.FrontEnd.GRAVITY, rows=96),
        Shape(_core.FrontEnd.SENSOR, rows=24, classes=12),
    ],
    ids=lambda shape: f"{shape.front_end.name.lower()}-{shape.rows}-{shape.classes}",
)
def test_the_table_is_what_is_counted(
    shape: Shape, emulated: Target, hand: Trajectory, tmp_path: Path
) -> None:
    found = replay_stages(emulated, shape, hand, tmp_path)
    assert found.instructions == pytest.approx(told(shape), rel=_TABLE_MAY_BE_OFF)


@pytest.mark.parametrize("kind", list(_core.FrontEnd), ids=lambda kind: kind.name.lower())
def test_the_stages_are_the_firmware(
    kind: _core.FrontEnd, emulated: Target, hand: Trajectory, tmp_path: Path
) -> None:
    stages = replay_stages(emulated, Shape(kind), hand, tmp_path)
    assert np.array_equal(stages.inputs, inputs_of_the_binding(kind, hand))
    whole = replay_front_end(emulated, kind, hand, tmp_path)
    sample, window = 0.0, 0.0
    for stage, instructions in stages.instructions.items():
        if stage in SAMPLE_INSTRUCTIONS:
            sample += instructions
        else:
            window += instructions
    may_differ = _STAGES_MAY_DIFFER_FROM_THE_WHOLE
    assert sample == pytest.approx(whole.sample_instructions, rel=may_differ)
    assert window == pytest.approx(whole.window_instructions, rel=may_differ)


def test_orientation_is_what_is_counted(emulated: Target, hand: Trajectory, tmp_path: Path) -> None:
    found = replay(emulated, records(hand), tmp_path)
    wanted = ORIENTATION_SAMPLE_INSTRUCTIONS
    assert found.imu_instructions == pytest.approx(wanted, rel=_TABLE_MAY_BE_OFF)


@pytest.mark.parametrize("rows", [16, 100])
def test_own_memory_is_what_the_sketch_takes(rows: int, emulated: Target, tmp_path: Path) -> None:
    assert emulated.runner
    tflite = handmade.tflite()
    said = manifest(tflite)
    write_sketch(tmp_path / "sketch", said, tflite)
    header = tmp_path / "sketch" / "src" / "model" / "model_manifest.h"
    built, wanted = (f"kModelWindowSamples = {n};" for n in (said.window.samples, rows))
    assert built in header.read_text()
    header.write_text(header.read_text().replace(built, wanted))
    window = said.window.model_copy(update={"samples": rows})
    said = said.model_copy(update={"window": window})
    ram, memory = measure_ram(tmp_path, tmp_path / "sketch"), own_memory(said)
    assert memory.objects_bytes == pytest.approx(ram.objects_bytes, rel=0.01)
    assert (memory.arena_bytes, memory.stacks_bytes) == (ram.arena_bytes, ram.stacks_bytes)
