"""When a motion is over is chosen so that each gesture is told by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from imu_gesture import _core
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.windows import WindowSpec
from imu_gesture.labels import Label
from imu_gesture.learning.motions import choose_motion
from imu_gesture.samples import Samples
from tests import make
from tests.core.motions import RATE_HZ, Rows, joined, moving, rest
from tests.dataset import cases

SPEC = WindowSpec(20_000, 48, 5, 6)
TOLERANCE_S = 0.5


def heard(rows: Rows) -> Samples:
    return replace(
        make.noise(len(rows)),
        device_time_us=np.arange(len(rows), dtype=np.int64) * round(1e6 / RATE_HZ),
        acc_g=rows[:, :3].copy(),
        gyr_dps=rows[:, 3:].copy(),
    )


def performed(pause_s: float, count: int = 6) -> LabelledRecording:
    """Gestures of two strokes with a pause between them, which end 0.1 s after the hand."""
    rows, labels = [rest(2)], []
    for seed in range(count):
        start_s = sum(map(len, rows)) / RATE_HZ
        rows += [moving(0.5, seed=seed), rest(pause_s), moving(0.5, seed=seed), rest(2)]
        labels.append(Label(start_s, start_s + 1.1 + pause_s, "twice"))
    return cases.labelled(heard(joined(*rows)), labels)


def told(labelled: LabelledRecording, motion: _core.MotionParams) -> list[int]:
    """How many motions are over during each gesture, or up to the tolerance after it."""
    samples = labelled.recording.samples
    spec = replace(SPEC, motion=motion)
    rows, end_us, *_ = _core.condition(
        spec.conditioner(), samples.device_time_us, samples.acc_g, samples.gyr_or_zero_dps
    )
    due = _core.due_windows(spec.window(), spec.period_us, rows)
    ends_s = end_us[due + spec.samples - 1] * 1e-6
    return [
        int(np.sum((label.start_s <= ends_s) & (ends_s <= label.end_s + TOLERANCE_S)))
        for label in labelled.labels
    ]


@pytest.mark.parametrize("pause_s", [0.02, 0.1, 0.2, 0.3])
def test_a_pause_within_a_gesture_is_not_its_end(pause_s: float) -> None:
    labelled = performed(pause_s)
    assert told(labelled, choose_motion([labelled], SPEC)) == [1] * 6


def test_longer_pauses_take_a_longer_calm() -> None:
    chosen = [choose_motion([performed(pause_s)], SPEC).calm_s for pause_s in (0.02, 0.3)]
    assert chosen[0] <= chosen[1]


def test_what_suits_gestures_also_suits_them_beside_recordings_without_any() -> None:
    labelled, day = performed(0.2), cases.labelled(make.noise(2000), [])
    alone, beside = choose_motion([labelled], SPEC), choose_motion([labelled, day], SPEC)
    assert alone == beside
