"""What offset, resampling and front end cost on the board: instructions in QEMU."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from form import Row, say

from imu_gesture import _core

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.core.trajectories import Course, record
from tests.firmware.compilers import TARGETS
from tests.firmware.front_end_replay import SAMPLES, inputs_of_the_binding, replay_front_end

_BOARD = next(target for target in TARGETS if target.runner)
_BIAS_DPS = np.array([30.0, -20.0, 10.0])


def front_end_cost() -> Iterator[Row]:
    """Rows for each front end, on an emulated Cortex-M4F and 14 s of a simulated hand."""
    if _BOARD.missing:
        say(f"{_BOARD.missing} is not installed: no instructions counted")
        return
    say("instructions on the emulated board")
    trajectory = record(Course(seed=13, before_s=2.0, moving_s=10.0, after_s=2.0))
    trajectory = trajectory.with_bias(_BIAS_DPS)
    for kind in _core.FrontEnd:
        with TemporaryDirectory() as folder:
            found = replay_front_end(_BOARD, kind, trajectory, Path(folder))
        expected = inputs_of_the_binding(kind, trajectory)
        same_windows = len(expected) == len(found.inputs)
        differing = int(np.sum(expected != found.inputs)) if same_windows else expected.size
        note = (
            f"a window of {SAMPLES} rows, model left out; {found.sample_instructions:.0f} more a "
            f"sample for calibration, offset and resampling; firmware {found.firmware_bytes} bytes "
            f"of RAM; mps2-an386, -Os; {differing} bytes of {expected.size} differ from the host"
        )
        name = f"front_end.{kind.name.lower()}.instructions"
        yield Row(name, found.window_instructions, "instr", note=note)
