"""The motion detector on the board's processor: the host's bits, and what it costs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from imu_gesture import _core
from imu_gesture.deploy.cost.stage_table import MOTION_ROW_INSTRUCTIONS
from tests.core.motions import RATE_HZ, Rows, drift, joined, moving, rest
from tests.firmware.compilers import COUNTING, HERE, LOOP_INSTRUCTIONS, Target

_TIMEOUT_S = 120
_TABLE_MAY_BE_OFF = 0.05
ROWS = joined(
    drift(10, 0.2, 20.0),
    moving(1.0),
    rest(1.5, seed=1),
    moving(0.04, 3.0, 500.0, hz=12),
    rest(1.0),
    moving(9.0, 0.3, 80.0, seed=2),
    rest(2.0, seed=3),
)


def states_of_the_binding(rows: Rows) -> bytes:
    detector = _core.MotionDetector(_core.MotionParams(), 6, 1 / RATE_HZ)
    states = []
    for row in rows:
        (over,) = detector.update(row[None].copy())
        states.append(bytes([over]) + detector.state())
    return b"".join(states)


def test_same_bits_as_the_binding_and_the_cost_that_is_told(target: Target, tmp_path: Path) -> None:
    (tmp_path / "rows.bin").write_bytes(ROWS.astype("<f4").tobytes())
    command = target.build(HERE / "motion.cpp", tmp_path)
    if target.runner:
        command[1:1] = COUNTING
    subprocess.run(command, cwd=tmp_path, check=True, timeout=_TIMEOUT_S)
    expected = states_of_the_binding(ROWS)
    assert (tmp_path / "states.bin").read_bytes() == expected
    size = len(expected) // len(ROWS)
    assert sum(expected[::size]) >= 2  # motions were told
    if target.runner:
        loop, ticks = map(int, (tmp_path / "cost.txt").read_text().split())
        each = LOOP_INSTRUCTIONS * ticks / loop / len(ROWS)
        assert each == pytest.approx(MOTION_ROW_INSTRUCTIONS, rel=_TABLE_MAY_BE_OFF)
