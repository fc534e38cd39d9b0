"""Front ends as the board's compiler builds them: the host's bytes, within the budget."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from imu_gesture import _core
from tests.core.trajectories import Course, record
from tests.firmware.compilers import Target
from tests.firmware.front_end_replay import inputs_of_the_binding, replay_front_end

_SAMPLE_INSTRUCTIONS = 5_000
_WINDOW_INSTRUCTIONS = 120_000
_RAM_BYTES = 20_000  # of everything but libraries


@pytest.mark.parametrize("kind", list(_core.FrontEnd), ids=lambda kind: kind.name.lower())
def test_same_inputs_as_the_binding(kind: _core.FrontEnd, target: Target, tmp_path: Path) -> None:
    course = Course(seed=13, before_s=2.0, moving_s=10.0, after_s=2.0)
    trajectory = record(course).with_bias(np.array([30.0, -20.0, 10.0]))
    found = replay_front_end(target, kind, trajectory, tmp_path)
    assert len(found.inputs) > 100
    assert np.array_equal(found.inputs, inputs_of_the_binding(kind, trajectory))
    assert found.firmware_bytes < _RAM_BYTES
    if target.runner:
        assert 100 < found.sample_instructions < _SAMPLE_INSTRUCTIONS
        assert 1000 < found.window_instructions < _WINDOW_INSTRUCTIONS
