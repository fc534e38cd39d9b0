"""`schedule.h` in the firmware: one inference after each motion, and each decided by itself."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from imu_gesture import _core
from tests.core.motions import RATE_HZ, Rows, joined, moving, rest
from tests.core.test_firmware import Recorder

Int8Array = NDArray[np.int8]
SAMPLES, HOP, PERIOD_US = 48, 5, 20_000
MOTION = _core.MotionParams(calm_s=0.24)
WAVE = np.array([120, -120], np.int8)
STEP_US = round(1e6 / RATE_HZ)


def params(
    motion: _core.MotionParams | None = MOTION, smoothing: int = 1, learning: bool = False
) -> _core.FirmwareParams:
    return _core.FirmwareParams(
        _core.ConditionerParams(PERIOD_US, learning=_core.LearningParams() if learning else None),
        _core.WindowParams(SAMPLES, HOP, motion),
        _core.FeatureParams(np.zeros(6, np.float32), np.ones(6, np.float32)),
        _core.QuantisationParams(0.05, -3),
        _core.DecisionParams([179, _core.NEVER], smoothing, 300_000),
    )


def heard(rows: Rows, start_us: int = 0) -> tuple[NDArray[np.int64], Rows, Rows]:
    """Samples that read as the rows do."""
    times_us = start_us + STEP_US * np.arange(len(rows), dtype=np.int64)
    return times_us, rows[:, :3].copy(), rows[:, 3:].copy()


def inputs_of(how: _core.FirmwareParams, *parts: tuple[NDArray[np.int64], Rows, Rows]) -> Int8Array:
    recorder = Recorder()
    firmware = _core.Firmware(how, recorder)
    for part in parts:
        firmware.push(*part)
    assert firmware.counters.windows == len(recorder.inputs)
    return np.array(recorder.inputs, np.int8).reshape(-1, SAMPLES, 6)


TWO = joined(rest(2), moving(1.0), rest(2), moving(0.7, seed=1), rest(2))
STREAMS = {
    "nothing moves": (rest(60), 0),
    "one gesture": (joined(rest(2), moving(1.0), rest(2)), 1),
    "two gestures": (TWO, 2),
    "no end": (joined(rest(2), moving(30.0)), 1),
    "over before a window is full": (joined(rest(0.1), moving(0.3), rest(0.4)), 0),
}


@pytest.mark.parametrize("name", STREAMS)
@pytest.mark.parametrize("learning", [False, True])
def test_one_inference_a_motion_on_the_windows_of_the_batch_path(name: str, learning: bool) -> None:
    rows, motions = STREAMS[name]
    how = params(learning=learning)
    found = inputs_of(how, heard(rows))
    seen, *_ = _core.condition(how.conditioner, *heard(rows))
    first = _core.due_windows(how.window, PERIOD_US, seen)
    windows = np.array([seen[i : i + SAMPLES] for i in first], np.float32).reshape(-1, SAMPLES, 6)
    assert len(found) == motions
    assert np.array_equal(found, _core.quantise(how.input, _core.features(how.features, windows)))


@pytest.mark.parametrize("hop", [1, 5, 60])
def test_without_motions_a_window_is_due_at_every_hop(hop: int) -> None:
    first = _core.due_windows(_core.WindowParams(SAMPLES, hop), PERIOD_US, rest(10))
    assert first.tolist() == list(range(0, 500 - SAMPLES + 1, hop))


def test_the_window_ends_when_it_has_been_calm() -> None:
    (first,) = _core.due_windows(params().window, PERIOD_US, joined(rest(2), moving(1), rest(2)))
    end_s = (first + SAMPLES) / RATE_HZ
    assert 3 + MOTION.calm_s < end_s < 3 + MOTION.calm_s + 0.3


@pytest.mark.parametrize("chunk", [1, 7, 100])
def test_chunks_of_any_size_give_the_same(chunk: int) -> None:
    times_us, acc_g, gyr_dps = heard(TWO)
    slices = [slice(i, i + chunk) for i in range(0, len(times_us), chunk)]
    parts = [(times_us[s], acc_g[s].copy(), gyr_dps[s].copy()) for s in slices]
    assert np.array_equal(inputs_of(params(), *parts), inputs_of(params(), heard(TWO)))


def test_the_same_gesture_twice_is_reported_twice() -> None:
    recorder = Recorder([WAVE, WAVE])
    firmware = _core.Firmware(params(), recorder)
    events = firmware.push(*heard(TWO))
    assert [(event.label, event.score) for event in events] == [(0, 248), (0, 248)]
    assert len(recorder.inputs) == 2


def test_the_refractory_time_goes_on_from_motion_to_motion() -> None:
    rows = joined(rest(2), moving(0.5), rest(0.8), moving(0.5), rest(1))
    how = params()
    slow = _core.FirmwareParams(
        how.conditioner,
        how.window,
        how.features,
        how.input,
        _core.DecisionParams([179, _core.NEVER], 1, 5_000_000),
    )
    for chosen, reports in ((how, 2), (slow, 1)):
        assert len(_core.Firmware(chosen, Recorder([WAVE, WAVE])).push(*heard(rows))) == reports


@pytest.mark.parametrize("silent_s", [0.05, 0.2, 3.0])
def test_a_gap_ends_a_motion_without_an_inference(silent_s: float) -> None:
    rows = joined(rest(2), moving(1.0))
    later_us = STEP_US * len(rows) + round(silent_s * 1e6)
    found = inputs_of(params(), heard(rows), heard(rest(2), later_us))
    assert len(found) == (silent_s < _core.DEFAULT_MAX_GAP_US * 1e-6)


def test_a_board_that_dozes_hears_the_first_motion() -> None:
    recorder = Recorder([WAVE])
    firmware = _core.Firmware(params(learning=True), recorder)
    firmware.doze(True)
    (event,) = firmware.push(*heard(joined(rest(20), moving(1), rest(1))))
    assert event.label == 0


def test_nothing_is_averaged_over_motions() -> None:
    with pytest.raises(ValueError, match=r"smoothing: 1 wanted where each motion .* got 2"):
        params(smoothing=2)
    assert params(motion=None, smoothing=2).window.motion is None
